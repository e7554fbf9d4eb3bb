/** Money that came in a second time. It goes back by itself; what stands here is still waiting. */
import * as payments from '@ashlar/sdk/payments'
import { moneyText } from '../../frame/amounts.ts'
import { List } from '../../frame/list-screen.tsx'
import { Amount, Screen, When } from '../../frame/screen.tsx'
import { useWords } from '../../frame/words.ts'
import { paymentsWords } from './words.ts'

export default function SurplusScreen() {
  const words = useWords(paymentsWords)
  return (
    <Screen
      title={words.surplus}
      lead={words.surplusLead}
      trail={[{ title: words.payments, to: '/admin/payments' }]}
    >
      <List
        name="surplus"
        operation={payments.listSurplus}
        rowId={({ id }) => id}
        to={({ paymentId }) => `/admin/payments/${paymentId}`}
        empty={words.surplusEmpty}
        columns={[
          {
            id: 'received',
            title: words.received,
            show: ({ received }) => <Amount of={received} />,
            text: ({ received }) => moneyText(received),
          },
          {
            id: 'providerRef',
            title: words.providerRef,
            show: ({ providerRef }) => providerRef,
          },
          { id: 'chargeRef', title: words.charge, show: ({ chargeRef }) => chargeRef },
          {
            id: 'createdAt',
            title: words.created,
            show: ({ createdAt }) => <When at={createdAt} />,
          },
        ]}
      />
    </Screen>
  )
}
