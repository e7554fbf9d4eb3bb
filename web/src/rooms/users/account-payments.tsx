/** What somebody has paid. */
import * as payments from '@ashlar/sdk/payments'
import { List } from '../../frame/list-screen.tsx'
import { Amount, When } from '../../frame/screen.tsx'
import { useWords } from '../../frame/words.ts'
import { accountWords } from './account-words.ts'

export function AccountPayments({ id }: { readonly id: string }) {
  const words = useWords(accountWords)
  return (
    <List
      name="account-payments"
      operation={payments.list}
      input={{ query: { userId: id } }}
      rowId={(payment) => payment.id}
      to={(payment) => `/admin/payments/${payment.id}`}
      empty={words.noPayments}
      columns={[
        { id: 'createdAt', title: words.when, show: ({ createdAt }) => <When at={createdAt} /> },
        { id: 'description', title: words.payment, show: ({ description }) => description },
        {
          id: 'price',
          title: words.amount,
          align: 'right',
          show: ({ price }) => <Amount of={price} />,
        },
        { id: 'state', title: words.state, show: ({ state }) => state },
      ]}
    />
  )
}
