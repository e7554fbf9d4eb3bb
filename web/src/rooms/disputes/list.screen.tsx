/** What customers' banks dispute. */
import * as disputes from '@ashlar/sdk/disputes'
import { moneyText } from '../../frame/amounts.ts'
import { Go } from '../../frame/go.tsx'
import { List } from '../../frame/list-screen.tsx'
import { DisputeState, useMoneyStates } from '../../frame/money-states.tsx'
import { ShortId } from '../../frame/short-id.tsx'
import { Amount, Screen, When, YesNo } from '../../frame/screen.tsx'
import { useWords } from '../../frame/words.ts'
import { useReasonText } from './reason.ts'
import { disputesWords } from './words.ts'

export default function DisputesScreen() {
  const words = useWords(disputesWords)
  const states = useMoneyStates()
  const reasonText = useReasonText()
  return (
    <Screen title={words.disputes} lead={words.lead}>
      <List
        name="disputes"
        operation={disputes.list}
        rowId={({ id }) => id}
        to={({ id }) => `/admin/disputes/${id}`}
        empty={words.empty}
        filters={[
          { name: 'state', kind: 'choice', label: words.state, options: states.disputes },
          { name: 'paymentId', kind: 'id', label: words.paymentId },
          { name: 'userId', kind: 'id', label: words.customerId },
        ]}
        order="-openedAt"
        columns={[
          {
            id: 'amount',
            sortBy: 'api',
            title: words.amount,
            show: ({ amount }) => <Amount of={amount} />,
            text: ({ amount }) => moneyText(amount),
          },
          { id: 'state', title: words.state, show: ({ state }) => <DisputeState state={state} /> },
          {
            id: 'dueAt',
            sortBy: 'api',
            title: words.due,
            show: ({ dueAt }) => <When at={dueAt} />,
          },
          {
            id: 'reason',
            title: words.reason,
            show: ({ reason }) => reasonText(reason),
            text: ({ reason }) => reasonText(reason),
          },
          {
            id: 'hasEvidence',
            title: words.answered,
            show: ({ hasEvidence }) => <YesNo is={hasEvidence} />,
          },
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
            id: 'openedAt',
            sortBy: 'api',
            title: words.opened,
            show: ({ openedAt }) => <When at={openedAt} />,
          },
          {
            id: 'providerRef',
            title: words.providerRef,
            show: ({ providerRef }) => providerRef,
            isExtra: true,
          },
        ]}
      />
    </Screen>
  )
}
