/** Everybody's payments. */
import * as payments from '@ashlar/sdk/payments'
import { moneyText } from '../../frame/amounts.ts'
import { currencies } from '../../frame/currencies.ts'
import { Go, GoButton } from '../../frame/go.tsx'
import { List } from '../../frame/list-screen.tsx'
import { PaymentState, useMoneyStates } from '../../frame/money-states.tsx'
import { ShortId } from '../../frame/short-id.tsx'
import { Amount, Screen, When } from '../../frame/screen.tsx'
import { useWords } from '../../frame/words.ts'
import { nameOf } from './name.ts'
import { paymentsWords } from './words.ts'

export default function PaymentsScreen() {
  const words = useWords(paymentsWords)
  const states = useMoneyStates()
  return (
    <Screen
      title={words.payments}
      lead={words.lead}
      actions={
        <GoButton to="/admin/payments/surplus" variant="default">
          {words.surplus}
        </GoButton>
      }
    >
      <List
        name="payments"
        operation={payments.list}
        rowId={({ id }) => id}
        to={({ id }) => `/admin/payments/${id}`}
        empty={words.empty}
        filters={[
          { name: 'state', kind: 'choice', label: words.state, options: states.payments },
          { name: 'currency', kind: 'choice', label: words.currency, options: currencyOptions },
          { name: 'userId', kind: 'id', label: words.customerId },
          { name: 'provider', kind: 'choice', label: words.provider, options: providerOptions },
          { name: 'from', kind: 'time', label: words.from },
          { name: 'to', kind: 'time', label: words.to },
        ]}
        order="-createdAt"
        columns={[
          { id: 'description', title: words.payment, show: nameOf, text: nameOf },
          {
            id: 'price',
            sortBy: 'api',
            title: words.price,
            align: 'right',
            show: ({ price }) => <Amount of={price} />,
            text: ({ price }) => moneyText(price),
          },
          {
            id: 'refunded',
            title: words.refunded,
            align: 'right',
            show: ({ refunded }) => <Amount of={refunded} />,
            text: ({ refunded }) => moneyText(refunded),
          },
          {
            id: 'state',
            title: words.state,
            show: ({ state }) => <PaymentState state={state} />,
          },
          {
            id: 'userId',
            title: words.customer,
            show: ({ userId }) => (
              <Go to={`/admin/users/${userId}`} size="sm">
                <ShortId id={userId} />
              </Go>
            ),
          },
          {
            id: 'reference',
            title: words.reference,
            show: ({ reference }) => reference,
            isExtra: true,
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

const currencyOptions = currencies.map((value) => ({ value, label: value }))
const providerOptions = [{ value: 'stripe', label: 'Stripe' }]
