/** One payment, for whoever paid it or still has to. */
import * as payments from '@ashlar/sdk/payments'
import { Alert, Group, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Action } from '../../../frame/action.tsx'
import { useAddress, usePathId } from '../../../frame/address.ts'
import { call, changed, reading } from '../../../frame/api.ts'
import { GoButton } from '../../../frame/go.tsx'
import { Amount, Copyable, Facts, Screen, Section, When } from '../../../frame/screen.tsx'
import { Shown } from '../../../frame/states.tsx'
import { useWords } from '../../../frame/words.ts'
import { Refunds } from './refunds.tsx'
import { type Payment, PaymentState, aboutState, isMoving, isPaid, isPayable } from './states.tsx'
import { ownPaymentsWords } from './words.ts'

/** The provider tells the server within seconds; whoever waits looks at this screen. */
const movingMs = 2_000

export default function OwnPaymentScreen() {
  const words = useWords(ownPaymentsWords)
  const id = usePathId()
  const isBack = useIsBack()
  const read = useQuery({
    ...reading(payments.get, { path: { id } }),
    refetchInterval: ({ state: { data } }) => (data && isMoving(data, isBack) ? movingMs : false),
  })
  return (
    <Shown of={read} lines={8}>
      {(payment) => (
        <Screen
          title={payment.description ?? words.noDescription}
          trail={[{ title: words.payments, to: '/account/payments' }]}
          actions={
            isPaid(payment) && (
              <GoButton to={`/account/payments/${id}/receipt`} variant="default">
                {words.showReceipt}
              </GoButton>
            )
          }
        >
          <Section title={words.payment}>
            <About payment={payment} />
            <PaymentFacts payment={payment} />
            {isPayable(payment) && <WaysOn payment={payment} />}
          </Section>
          {isPaid(payment) && <Refunds paymentId={id} />}
        </Screen>
      )}
    </Shown>
  )
}

/** From the provider's page, as its addresses below say. */
const useIsBack = () => useAddress().search['back'] === 'paid'

/** Coming back proves nothing: what the provider says is waited for. */
function About({ payment }: { readonly payment: Payment }) {
  const words = useWords(ownPaymentsWords)
  if (useIsBack() && isMoving(payment, true))
    return (
      <Alert color="blue" role="status">
        {words.confirming}
      </Alert>
    )
  return <Text>{words[aboutState(payment)]}</Text>
}

function PaymentFacts({ payment }: { readonly payment: Payment }) {
  const words = useWords(ownPaymentsWords)
  const { price, refunded, refundPending, failure, reference } = payment
  return (
    <Facts
      facts={[
        [words.state, <PaymentState key="" of={payment} />],
        [words.amount, <Amount key="" of={price} />],
        ...(refunded.amount === '0'
          ? []
          : [[words.given, <Amount key="" of={refunded} />] as const]),
        ...(refundPending.amount === '0'
          ? []
          : [[words.pending, <Amount key="" of={refundPending} />] as const]),
        [words.begun, <When key="" at={payment.createdAt} />],
        [words.paidAt, <When key="" at={payment.heldAt} />],
        ...(failure === null ? [] : [[words.failure, failure] as const]),
        ...(reference === null ? [] : [[words.reference, reference] as const]),
        [words.number, <Copyable key="" text={payment.id} />],
      ]}
    />
  )
}

function WaysOn({ payment: { id, state } }: { readonly payment: Payment }) {
  const words = useWords(ownPaymentsWords)

  /** The window leaves for the provider's page, and comes back to this screen. */
  async function pay() {
    const here = `${location.origin}/account/payments/${id}`
    const { url } = await call(payments.startAttempt, {
      path: { id },
      body: { kind: 'session', successUrl: `${here}?back=paid`, cancelUrl: here },
    })
    if (url !== null) location.assign(url)
  }

  return (
    <Group gap="xs">
      <Action label={state === 'failed' ? words.payAgain : words.pay} variant="filled" run={pay} />
      <Action
        label={words.cancel}
        isDangerous
        consequence={words.cancelConsequence}
        done={words.cancelled_done}
        run={async () => {
          await call(payments.cancel, { path: { id } })
          await changed('payments')
        }}
      />
    </Group>
  )
}
