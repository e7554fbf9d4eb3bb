/** One's own payments. */
import * as payments from '@ashlar/sdk/payments'
import { List } from '../../../frame/list-screen.tsx'
import { Amount, Copyable, Screen, When } from '../../../frame/screen.tsx'
import { useMe } from '../../../frame/session.ts'
import { useFormat } from '../../../frame/format.ts'
import { useWords } from '../../../frame/words.ts'
import { PaymentState, allStates } from './states.tsx'
import { ownPaymentsWords } from './words.ts'

export default function OwnPaymentsScreen() {
  const words = useWords(ownPaymentsWords)
  const format = useFormat()
  const { id: userId } = useMe()
  return (
    <Screen title={words.payments} lead={words.lead}>
      <List
        name="own-payments"
        operation={payments.list}
        // Who may see everybody's sees their own here, too.
        input={{ query: { userId } }}
        rowId={({ id }) => id}
        to={({ id }) => `/account/payments/${id}`}
        empty={words.empty}
        filters={[
          {
            name: 'state',
            kind: 'choice',
            label: words.state,
            options: allStates.map((value) => ({ value, label: words[value] })),
          },
          { name: 'from', kind: 'time', label: words.from },
          { name: 'to', kind: 'time', label: words.to },
        ]}
        columns={[
          {
            id: 'description',
            title: words.what,
            show: ({ description }) => description ?? words.noDescription,
          },
          {
            id: 'price',
            title: words.amount,
            align: 'right',
            show: ({ price }) => <Amount of={price} />,
            text: ({ price }) => format.money(price),
          },
          {
            id: 'state',
            title: words.state,
            show: (payment) => <PaymentState of={payment} />,
            text: ({ state }) => words[state],
          },
          { id: 'createdAt', title: words.begun, show: ({ createdAt }) => <When at={createdAt} /> },
          { id: 'heldAt', title: words.paidAt, show: ({ heldAt }) => <When at={heldAt} /> },
          {
            id: 'id',
            title: words.number,
            show: ({ id }) => <Copyable text={id} />,
            isExtra: true,
          },
        ]}
      />
    </Screen>
  )
}
