/** One dispute: what the bank claims, until when it waits, and what can be said to it. */
import * as disputes from '@ashlar/sdk/disputes'
import { usePathId } from '../../frame/address.ts'
import { useRead } from '../../frame/api.ts'
import { useFormat } from '../../frame/format.ts'
import { Go, GoButton } from '../../frame/go.tsx'
import { DisputeState } from '../../frame/money-states.tsx'
import { Facts } from '../../frame/details.tsx'
import { Amount, Copyable, Screen, Section, When, YesNo } from '../../frame/screen.tsx'
import { useMay } from '../../frame/session.ts'
import { Shown } from '../../frame/states.tsx'
import { fill, useWords } from '../../frame/words.ts'
import { AcceptButton, AnswerPart } from './answers.tsx'
import { type Dispute, isAcceptable, isWaiting } from './dispute.ts'
import { useReasonText } from './reason.ts'
import { disputesWords } from './words.ts'

export default function DisputeScreen() {
  const words = useWords(disputesWords)
  const format = useFormat()
  const may = useMay()
  const id = usePathId()
  const read = useRead(disputes.get, { path: { id } })
  return (
    <Shown of={read} lines={12}>
      {(dispute) => (
        <Screen
          title={fill(words.disputeOf, { amount: format.money(dispute.amount) })}
          trail={[{ title: words.disputes, to: '/admin/disputes' }]}
          actions={
            <>
              {may('audit.read') && (
                <GoButton to="/admin/audit" search={{ subject: id }} variant="default">
                  {words.audit}
                </GoButton>
              )}
              {may('inbox.read') && (
                <GoButton
                  to="/admin/inbox"
                  search={{ objectId: dispute.providerRef }}
                  variant="default"
                >
                  {words.told}
                </GoButton>
              )}
              {may('disputes.answer') && isAcceptable(dispute) && <AcceptButton of={dispute} />}
            </>
          }
        >
          <Basics of={dispute} />
          {isWaiting(dispute) && may('disputes.answer') && <AnswerPart of={dispute} />}
        </Screen>
      )}
    </Shown>
  )
}

function Basics({ of: dispute }: { readonly of: Dispute }) {
  const words = useWords(disputesWords)
  const reasonText = useReasonText()
  return (
    <Section title={words.dispute}>
      <Facts
        facts={[
          [words.state, <DisputeState key="" state={dispute.state} />],
          [words.meaning, words[`means_${dispute.state}`]],
          [words.amount, <Amount key="" of={dispute.amount} />],
          [words.claims, <Amount key="" of={dispute.claims} />],
          [words.reason, reasonText(dispute.reason)],
          [words.due, <Deadline key="" of={dispute} />],
          [words.answered, <YesNo key="" is={dispute.hasEvidence} />],
          [words.withdrawn, <YesNo key="" is={dispute.isWithdrawn} />],
          [words.reinstated, <YesNo key="" is={dispute.isReinstated} />],
          [
            words.payment,
            <Go key="" size="sm" to={`/admin/payments/${dispute.paymentId}`}>
              {dispute.paymentId}
            </Go>,
          ],
          [words.providerRef, <Copyable key="" text={dispute.providerRef} />],
          [words.opened, <When key="" at={dispute.openedAt} />],
          [words.closed, <When key="" at={dispute.closedAt} />],
          ['Id', <Copyable key="" text={dispute.id} />],
        ]}
      />
    </Section>
  )
}

/** A deadline is read exactly, not as "in three days". */
function Deadline({ of: { dueAt } }: { readonly of: Dispute }) {
  const format = useFormat()
  if (dueAt === null) return <When at={null} />
  return (
    <>
      <time dateTime={dueAt}>{format.time(dueAt)}</time> ({format.since(dueAt)})
    </>
  )
}
