/** Customers: each starts their payment, insists on an answer as a good client does, and pays as the scenario says. */
import { randomUUID } from 'node:crypto'
import { post } from '../person.ts'
import type { Course, Purchase } from './scenario.ts'
import type { Ground } from './trial.ts'

export type Customer = {
  readonly purchase: Purchase
  readonly key: string
  /** Every answer that said it was done, as it came. */
  readonly answers: string[]
  started: { readonly paymentId: string; readonly intentId: string } | null
  hasPaid: boolean
}

const path = '/api/v1/payments/create-intent'
/** Then the client gives up for now. */
const tries = 3
const answerTimeoutMs = 10_000

export const customerFor = (purchase: Purchase): Customer => ({
  purchase,
  key: randomUUID(),
  answers: [],
  started: null,
  hasPaid: false,
})

/** Sends the same request under the same key until it is answered; then goes on to pay. False: not yet. */
export async function act(customer: Customer, ground: Ground): Promise<boolean> {
  for (let attempt = 0; attempt < tries && !customer.started; attempt += 1)
    await ask(customer, ground)
  const { started, purchase } = customer
  if (!started) return false
  if (!customer.hasPaid) await pays[purchase.course](started.intentId, ground)
  customer.hasPaid = true
  return true
}

/** Asks once more, for whoever has been answered: the answer must be the same. */
export async function ask(customer: Customer, ground: Ground): Promise<void> {
  const { amount } = customer.purchase
  const reply = await Promise.race([
    post(
      ground.gateway.url,
      path,
      { amount: String(amount), currency: 'USD' },
      { authorization: ground.authorization, 'idempotency-key': customer.key },
    ).then(async (given) => ({ status: given.status, text: await given.text() })),
    new Promise<null>((resolve) => setTimeout(resolve, answerTimeoutMs, null).unref()),
  ]).catch(() => null)
  if (reply?.status === 201) {
    customer.answers.push(reply.text)
    const { payment } = JSON.parse(reply.text).data
    customer.started = { paymentId: payment.id, intentId: payment.providerRef }
    return
  }
  // Lost, still running, or Stripe did not answer: all of these may be asked again. Anything else is wrong.
  if (reply && ![409, 500, 503].includes(reply.status))
    throw new Error(`a payment was answered ${reply.status}: ${reply.text}`)
}

const pays: Readonly<Record<Course, (id: string, ground: Ground) => Promise<unknown>>> = {
  pays: (id, { stripe }) => stripe.confirm(id, 'pm_card_visa'),
  is_declined: (id, { stripe }) => stripe.confirm(id, 'pm_card_visa_chargeDeclined'),
  is_declined_then_pays: async (id, { stripe }) => {
    await stripe.confirm(id, 'pm_card_visa_chargeDeclined')
    await stripe.confirm(id, 'pm_card_visa')
  },
  authenticates_and_pays: async (id, { stripe }) => {
    await stripe.confirm(id, 'pm_card_authenticationRequired')
    await stripe.authenticate(id, 'yes')
  },
  fails_to_authenticate: async (id, { stripe }) => {
    await stripe.confirm(id, 'pm_card_authenticationRequired')
    await stripe.authenticate(id, 'no')
  },
  bank_pays_later: (id, { stripe }) => stripe.confirm(id, 'pm_usBankAccount_success'),
  bank_refuses_later: (id, { stripe }) => stripe.confirm(id, 'pm_usBankAccount_insufficientFunds'),
  does_nothing: async () => {},
  has_it_cancelled: (id, { stripe }) => stripe.cancel(id),
}
