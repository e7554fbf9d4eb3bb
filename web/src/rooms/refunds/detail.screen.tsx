/** One refund. */
import * as refunds from '@ashlar/sdk/refunds'
import { usePathId } from '../../frame/address.ts'
import { useRead } from '../../frame/api.ts'
import { Go, GoButton } from '../../frame/go.tsx'
import { useFormat } from '../../frame/format.ts'
import { RefundState } from '../../frame/money-states.tsx'
import { Facts } from '../../frame/details.tsx'
import { Amount, Copyable, Screen, Section, When } from '../../frame/screen.tsx'
import { useMay } from '../../frame/session.ts'
import { Shown } from '../../frame/states.tsx'
import { fill, useWords } from '../../frame/words.ts'
import { useReasonText } from './reason.ts'
import { refundsWords } from './words.ts'

export default function RefundScreen() {
  const words = useWords(refundsWords)
  const format = useFormat()
  const may = useMay()
  const reasonText = useReasonText()
  const id = usePathId()
  const read = useRead(refunds.get, { path: { id } })
  return (
    <Shown of={read} lines={10}>
      {(refund) => (
        <Screen
          title={fill(words.refundOf, { amount: format.money(refund.amount) })}
          trail={[{ title: words.refunds, to: '/admin/refunds' }]}
          actions={
            <>
              {may('audit.read') && (
                <GoButton to="/admin/audit" search={{ subject: id }} variant="default">
                  {words.audit}
                </GoButton>
              )}
              {may('inbox.read') && refund.providerRef !== null && (
                <GoButton
                  to="/admin/inbox"
                  search={{ objectId: refund.providerRef }}
                  variant="default"
                >
                  {words.told}
                </GoButton>
              )}
            </>
          }
        >
          <Section title={words.refund}>
            <Facts
              facts={[
                [words.amount, <Amount key="" of={refund.amount} />],
                [words.state, <RefundState key="" state={refund.state} />],
                [words.meaning, words[`means_${refund.state}`]],
                [words.failure, refund.failure],
                [words.reason, reasonText(refund.reason)],
                [words.origin, words[`origin_${refund.origin}`]],
                [
                  words.payment,
                  <Go key="" size="sm" to={`/admin/payments/${refund.paymentId}`}>
                    {refund.paymentId}
                  </Go>,
                ],
                [
                  words.providerRef,
                  refund.providerRef && <Copyable key="" text={refund.providerRef} />,
                ],
                [words.created, <When key="" at={refund.createdAt} />],
                [words.succeeded, <When key="" at={refund.succeededAt} />],
                ['Id', <Copyable key="" text={refund.id} />],
              ]}
            />
          </Section>
        </Screen>
      )}
    </Shown>
  )
}
