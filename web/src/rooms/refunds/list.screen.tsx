/** Everybody's refunds. */
import * as refunds from '@ashlar/sdk/refunds'
import { moneyText } from '../../frame/amounts.ts'
import { Go } from '../../frame/go.tsx'
import { List } from '../../frame/list-screen.tsx'
import { RefundState, useMoneyStates } from '../../frame/money-states.tsx'
import { ShortId } from '../../frame/short-id.tsx'
import { Amount, Screen, When } from '../../frame/screen.tsx'
import { useWords } from '../../frame/words.ts'
import { useReasonText } from './reason.ts'
import { refundsWords } from './words.ts'

export default function RefundsScreen() {
  const words = useWords(refundsWords)
  const states = useMoneyStates()
  const reasonText = useReasonText()
  return (
    <Screen title={words.refunds} lead={words.lead}>
      <List
        name="refunds"
        operation={refunds.list}
        rowId={({ id }) => id}
        to={({ id }) => `/admin/refunds/${id}`}
        empty={words.empty}
        filters={[
          { name: 'state', kind: 'choice', label: words.state, options: states.refunds },
          { name: 'paymentId', kind: 'id', label: words.paymentId },
          { name: 'userId', kind: 'id', label: words.customerId },
        ]}
        order="-createdAt"
        columns={[
          {
            id: 'amount',
            sortBy: 'api',
            title: words.amount,
            show: ({ amount }) => <Amount of={amount} />,
            text: ({ amount }) => moneyText(amount),
          },
          { id: 'state', title: words.state, show: ({ state }) => <RefundState state={state} /> },
          {
            id: 'reason',
            title: words.reason,
            show: ({ reason }) => reasonText(reason),
            text: ({ reason }) => reasonText(reason) ?? '',
          },
          { id: 'origin', title: words.origin, show: ({ origin }) => words[`origin_${origin}`] },
          {
            id: 'paymentId',
            title: words.payment,
            show: ({ paymentId }) => (
              <Go to={`/admin/payments/${paymentId}`} size="sm">
                <ShortId id={paymentId} />
              </Go>
            ),
          },
          {
            id: 'providerRef',
            title: words.providerRef,
            show: ({ providerRef }) => providerRef,
            isExtra: true,
          },
          { id: 'failure', title: words.failure, show: ({ failure }) => failure, isExtra: true },
          {
            id: 'createdAt',
            sortBy: 'api',
            title: words.created,
            show: ({ createdAt }) => <When at={createdAt} />,
          },
        ]}
      />
    </Screen>
  )
}
