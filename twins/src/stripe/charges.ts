/** Charges: each attempt to take money, whether it worked or not. */
import { feeOf, record } from './balance.ts'
import { emit, previousOf } from './events.ts'
import { newId } from './ids.ts'
import { isWithin, moment, page, pageParameters } from './listing.ts'
import { operation } from './operation.ts'
import { type Metadata, clearable, mergeMetadata, metadata, text } from './parameters.ts'
import type { PaymentMethod } from './payment-methods.ts'
import type { PaymentIntent } from './payments.ts'
import { later, work } from './work.ts'
import { type Home, take } from './world.ts'

export type Charge = {
  id: string
  object: 'charge'
  amount: number
  amount_captured: number
  amount_refunded: number
  balance_transaction: string | null
  billing_details: object
  captured: boolean
  created: number
  currency: string
  customer: string | null
  description: string | null
  disputed: boolean
  failure_code: string | null
  failure_message: string | null
  livemode: false
  metadata: Metadata
  outcome: object | null
  paid: boolean
  /** Null for what a transfer brought to a connected account. */
  payment_intent: string | null
  payment_method: string | null
  payment_method_details: object
  receipt_email: string | null
  receipt_url: string | null
  refunded: boolean
  shipping: object | null
  source_transfer: string | null
  statement_descriptor: string | null
  status: 'failed' | 'pending' | 'succeeded'
  transfer_group: string | null
}

type Arrival = Pick<
  Charge,
  'amount' | 'balance_transaction' | 'currency' | 'id' | 'source_transfer'
>

/** What a transfer is to the account that gets it. */
export function addArrival(home: Home, arrival: Arrival): void {
  const charge: Charge = {
    object: 'charge',
    amount_captured: arrival.amount,
    amount_refunded: 0,
    billing_details: {},
    captured: true,
    created: home.world.clock.now(),
    customer: null,
    description: null,
    disputed: false,
    failure_code: null,
    failure_message: null,
    livemode: false,
    metadata: {},
    outcome: null,
    paid: true,
    payment_intent: null,
    payment_method: null,
    payment_method_details: { stripe_account: {}, type: 'stripe_account' },
    receipt_email: null,
    receipt_url: null,
    refunded: false,
    shipping: null,
    statement_descriptor: null,
    status: 'succeeded',
    transfer_group: null,
    ...arrival,
  }
  home.charges.set(charge.id, charge)
  emit(home, 'payment.created', charge)
}

export type Failure = { code: string; declineCode: string; message: string }

export function createCharge(
  home: Home,
  intent: PaymentIntent,
  method: PaymentMethod,
  status: Charge['status'],
  failure: Failure | null = null,
): Charge {
  const isPaid = status === 'succeeded'
  const id = newId(method.type === 'card' ? 'ch' : 'py')
  const charge: Charge = {
    id,
    object: 'charge',
    amount: intent.amount,
    amount_captured: 0,
    amount_refunded: 0,
    balance_transaction: null,
    billing_details: method.billing_details,
    captured: false,
    created: home.world.clock.now(),
    currency: intent.currency,
    customer: intent.customer,
    description: intent.description,
    disputed: false,
    failure_code: failure?.code ?? null,
    failure_message: failure?.message ?? null,
    livemode: false,
    metadata: { ...intent.metadata },
    outcome: outcomeOf(failure),
    paid: isPaid,
    payment_intent: intent.id,
    payment_method: method.id,
    payment_method_details: { [method.type]: { ...method[method.type] }, type: method.type },
    receipt_email: intent.receipt_email,
    receipt_url: isPaid ? `${home.world.url}/receipts/${id}` : null,
    refunded: false,
    shipping: intent.shipping,
    source_transfer: null,
    statement_descriptor: intent.statement_descriptor,
    status,
    transfer_group: intent.transfer_group,
  }
  home.charges.set(id, charge)
  intent.latest_charge = id
  return charge
}

/** The money comes in: all of it, or what was captured of an authorisation. */
export function collect(home: Home, charge: Charge, amount: number, isAsync = false): void {
  const { clock, money } = home.world
  charge.status = 'succeeded'
  charge.paid = true
  charge.captured = true
  charge.amount_captured = amount
  if (!isAsync || money.asyncCaptureSeconds === 0) {
    book(home, charge)
    return
  }
  // The charge has succeeded; what it brings is known only later.
  later(home, clock.now() + money.asyncCaptureSeconds, bookLater, { charge: charge.id })
}

const bookLater = work('charges.book', (home, { charge: id }: { charge: string }) => {
  const charge = home.charges.get(id)
  if (!charge) return
  book(home, charge)
  emit(home, 'charge.updated', charge, { balance_transaction: null })
})

export const chargeWork = [bookLater]

function book(home: Home, charge: Charge): void {
  const { clock, money } = home.world
  const isSettledAtOnce = home.cards.get(charge.payment_method ?? '')?.isSettledAtOnce === true
  charge.balance_transaction = record(home, {
    amount: charge.amount_captured,
    currency: charge.currency,
    source: charge.id,
    type: charge.id.startsWith('py') ? 'payment' : 'charge',
    category: 'charge',
    fee: feeOf(home, charge.amount_captured, charge.currency),
    availableOn: clock.now() + (isSettledAtOnce ? 0 : money.settleSeconds),
    ...(charge.description !== null && { description: charge.description }),
  }).id
}

export function failCharge(home: Home, charge: Charge, failure: Failure): void {
  charge.status = 'failed'
  charge.failure_code = failure.code
  charge.failure_message = failure.message
  charge.outcome = outcomeOf(failure)
  emit(home, 'charge.failed', charge)
}

function outcomeOf(failure: Failure | null): object {
  return {
    network_status: failure ? 'declined_by_network' : 'approved_by_network',
    reason: failure?.declineCode ?? null,
    risk_level: 'normal',
    seller_message: failure ? 'The bank did not say why it declined.' : 'Payment complete.',
    type: failure ? 'issuer_declined' : 'authorized',
  }
}

export const chargeOperations = [
  operation('GET /v1/charges', {
    parameters: {
      ...pageParameters,
      created: moment,
      customer: text,
      payment_intent: text,
      transfer_group: text,
    },
    answers: 'charge',
    isList: true,
    run({ home, values }) {
      const { created, customer, payment_intent: intent, transfer_group: group } = values
      const found = [...home.charges.values()]
        .filter((each) => isWithin(created, each.created))
        .filter((each) => customer === undefined || each.customer === customer)
        .filter((each) => intent === undefined || each.payment_intent === intent)
        .filter((each) => group === undefined || each.transfer_group === group)
      return page('/v1/charges', found, values)
    },
  }),
  operation('GET /v1/charges/:id', {
    answers: 'charge',
    run: ({ home, part }) => take(home.charges, part('id'), 'charge'),
  }),
  operation('POST /v1/charges/:id', {
    parameters: {
      description: clearable(text),
      metadata,
      receipt_email: clearable(text),
      transfer_group: text,
    },
    answers: 'charge',
    run({ home, values: { metadata: changed, ...plain }, part }) {
      const charge = take(home.charges, part('id'), 'charge')
      const before = structuredClone(charge)
      Object.assign(charge, plain)
      charge.metadata = mergeMetadata(charge.metadata, changed)
      emit(home, 'charge.updated', charge, previousOf(before, charge))
      return charge
    },
  }),
]
