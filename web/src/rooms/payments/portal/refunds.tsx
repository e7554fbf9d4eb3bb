/** What was given back of a payment. */
import * as refunds from '@ashlar/sdk/refunds'
import { useRead } from '../../../frame/api.ts'
import { Items } from '../../../frame/items.tsx'
import { Amount, Section, When } from '../../../frame/screen.tsx'
import { Shown } from '../../../frame/states.tsx'
import { useWords } from '../../../frame/words.ts'
import { RefundState } from './states.tsx'
import { ownPaymentsWords } from './words.ts'

/** More than a payment ever has. */
const limit = 100

export function Refunds({ paymentId }: { readonly paymentId: string }) {
  const words = useWords(ownPaymentsWords)
  const read = useRead(refunds.listOwn, { query: { paymentId, limit } })
  return (
    <Section title={words.refunds}>
      <Shown of={read} lines={2}>
        {({ data }) => (
          <Items
            of={data}
            empty={words.noRefunds}
            title={(refund) => (
              <>
                <Amount of={refund.amount} />
                <RefundState of={refund} />
              </>
            )}
            details={({ createdAt, succeededAt }) => [
              <When key="" at={succeededAt ?? createdAt} />,
            ]}
          />
        )}
      </Shown>
    </Section>
  )
}
