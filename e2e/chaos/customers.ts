/** Customers: each starts their payment, insists on an answer as a good client does, and pays as the scenario says. */
import { type Ask, askFor, insist, startedBy } from './asking.ts'
import type { Aftermath, Course, Purchase, Way } from './scenario.ts'
import type { Ground } from './trial.ts'

export type Customer = {
  readonly purchase: Purchase
  /** What was asked of us for this purchase, by name: each once, under one key. */
  readonly asks: Map<string, Ask>
  /** What was done behind our back, by name, with what it made: each once. */
  readonly done: Map<string, string>
}
/** Where a payment is to be paid. */
type Place =
  | { readonly kind: 'intent'; readonly id: string }
  | { readonly kind: 'page'; readonly url: string }

export const customerFor = (purchase: Purchase): Customer => ({
  purchase,
  asks: new Map(),
  done: new Map(),
})

const startPaths = { intent: '/payments/create-intent', page: '/checkout/sessions' } as const
const others = { intent: 'page', page: 'intent' } as const
const cards: Partial<Record<Aftermath, string>> = {
  refund_arrives_later: 'pm_card_pendingRefund',
  refund_fails: 'pm_card_refundFail',
}
const declined = 'pm_card_visa_chargeDeclined'
const authenticated = 'pm_card_authenticationRequired'

/** Starts, and goes on to pay. False: not yet. */
export async function act(customer: Customer, ground: Ground): Promise<boolean> {
  const { amount, way, course } = customer.purchase
  const price = { amount: String(amount), currency: 'USD' }
  if (!(await insist(request(customer, 'start', startPaths[way], price), ground))) return false
  if (customer.done.has('course')) return true
  if (!(await courses[course](customer, ground))) return false
  customer.done.set('course', '')
  return true
}

/** The same request each time it is asked for. */
export function request(
  { asks }: Customer,
  name: string,
  path: string,
  body: object,
  more: Parameters<typeof askFor>[2] = {},
): Ask {
  const ask = asks.get(name) ?? askFor(path, body, more)
  asks.set(name, ask)
  return ask
}

/** Behind our back, and once; returns the id of what it made. */
export async function doOnce(
  { done }: Customer,
  name: string,
  work: () => Promise<string>,
): Promise<string> {
  const made = done.get(name) ?? (await work())
  done.set(name, made)
  return made
}

/** Null until it was started. */
export function paymentIdOf({ asks }: Customer): string | null {
  const start = asks.get('start')
  return start && start.answers.length > 0 ? startedBy(start).payment.id : null
}

type Acting = (customer: Customer, ground: Ground) => Promise<boolean>

const courses: Readonly<Record<Course, Acting>> = {
  pays: (customer, ground) => pay(customer, ground, [cardOf(customer)]),
  is_declined: (customer, ground) => pay(customer, ground, [declined]),
  is_declined_then_pays: (customer, ground) => pay(customer, ground, [declined, cardOf(customer)]),
  authenticates_and_pays: (customer, ground) => pay(customer, ground, [authenticated], 'yes'),
  fails_to_authenticate: (customer, ground) => pay(customer, ground, [authenticated], 'no'),
  bank_pays_later: (customer, ground) => pay(customer, ground, ['pm_usBankAccount_success']),
  bank_refuses_later: (customer, ground) =>
    pay(customer, ground, ['pm_usBankAccount_insufficientFunds']),
  does_nothing: async () => true,
  has_it_cancelled: (customer, ground) => {
    const path = `/payments/${paymentIdOf(customer)}/cancel`
    return insist(request(customer, 'cancel', path, {}, { isKept: false }), ground)
  },
  pays_another_way: async (customer, ground) => {
    const { way } = customer.purchase
    const body = { kind: others[way] === 'page' ? 'session' : 'intent' }
    const ask = request(customer, 'attempt', `/payments/${paymentIdOf(customer)}/attempts`, body)
    if (!(await insist(ask, ground))) return false
    await payAt(placeOf(ask, others[way]), ground, [cardOf(customer)])
    return true
  },
}

const cardOf = ({ purchase }: Customer) => cards[purchase.aftermath] ?? 'pm_card_visa'

async function pay(
  customer: Customer,
  ground: Ground,
  methods: readonly string[],
  toBank?: 'yes' | 'no',
): Promise<boolean> {
  const start = customer.asks.get('start')
  if (!start) throw new Error('whoever pays has started')
  await payAt(placeOf(start, customer.purchase.way), ground, methods, toBank)
  return true
}

/** A refusal of the card is an answer like others. */
async function payAt(
  place: Place,
  { stripe }: Ground,
  methods: readonly string[],
  toBank?: 'yes' | 'no',
): Promise<void> {
  let intentId = place.kind === 'intent' ? place.id : ''
  for (const method of methods) {
    if (place.kind === 'intent') await stripe.confirm(place.id, method)
    else intentId = (await stripe.press(place.url, method)) ?? intentId
  }
  if (toBank) await stripe.authenticate(intentId, toBank)
}

function placeOf(ask: Ask, way: Way): Place {
  const { payment, url } = startedBy(ask)
  if (way === 'intent') return { kind: 'intent', id: payment.providerRef }
  if (!url) throw new Error('a page was asked for, and none was given')
  return { kind: 'page', url }
}
