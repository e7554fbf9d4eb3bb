/** Refunds: money back, at once, later, or not at all. */
import { record, totalIn } from './balance.ts'
import type { Charge } from './charges.ts'
import { checkAmount } from './currencies.ts'
import { blocksRefunds } from './disputes.ts'
import { invalid, unexpectedState } from './errors.ts'
import { emit, previousOf } from './events.ts'
import { newId } from './ids.ts'
import { isWithin, moment, page, pageParameters } from './listing.ts'
import { exactlyOne, operation } from './operation.ts'
import {
  type Metadata,
  type Values,
  integer,
  mergeMetadata,
  metadata,
  oneOf,
  text,
} from './parameters.ts'
import { later, work } from './work.ts'
import { type Home, take } from './world.ts'

export type Refund = {
  id: string
  object: 'refund'
  amount: number
  balance_transaction: string | null
  charge: string
  created: number
  currency: string
  customer: string | null
  destination_details: object
  failure_balance_transaction?: string
  failure_reason?: string
  metadata: Metadata
  payment_intent: string | null
  payment_method: string | null
  pending_reason?: string
  reason: string | null
  receipt_number: null
  source_transfer_reversal: null
  status: 'canceled' | 'failed' | 'pending' | 'requires_action' | 'succeeded'
  transfer_reversal: null
}

export const refundParameters = {
  amount: integer,
  charge: text,
  metadata,
  payment_intent: text,
  reason: oneOf('duplicate', 'fraudulent', 'requested_by_customer'),
}

const outcomeAfterSeconds = 60
const retrySeconds = 3600

export function createRefund(home: Home, values: Values<typeof refundParameters>): Refund {
  const charge = chargeToRefund(home, values)
  const amount = amountToRefund(charge, values.amount)
  if (blocksRefunds(home, charge))
    throw invalid(`Charge ${charge.id} has been charged back; cannot issue a refund.`, {
      code: 'charge_disputed',
    })
  const behaviour = home.cards.get(charge.payment_method ?? '')?.refund
  const refund: Refund = {
    id: newId('re'),
    object: 'refund',
    amount,
    balance_transaction: null,
    charge: charge.id,
    created: home.world.clock.now(),
    currency: charge.currency,
    customer: charge.customer,
    destination_details: { card: { type: 'refund' }, type: 'card' },
    metadata: mergeMetadata({}, values.metadata),
    payment_intent: charge.payment_intent,
    payment_method: charge.payment_method,
    reason: values.reason ?? null,
    receipt_number: null,
    source_transfer_reversal: null,
    status: behaviour === 'pending' ? 'pending' : 'succeeded',
    transfer_reversal: null,
  }
  home.refunds.set(refund.id, refund)
  charge.amount_refunded += amount
  charge.refunded = charge.amount_refunded === charge.amount_captured
  const isCovered = home.world.money.mayOverdraw || coveredBy(home, charge, amount)
  if (isCovered) withdraw(home, charge, refund)
  else waitForMoney(home, refund)
  emit(home, 'refund.created', refund)
  emit(home, 'charge.refunded', charge)
  if (isCovered && behaviour !== undefined)
    later(home, home.world.clock.now() + outcomeAfterSeconds, decideLater, {
      refund: refund.id,
      behaviour,
    })
  return refund
}

/** The bank sends the money back, after all. */
export function failRefund(home: Home, refund: Refund, reason: string): void {
  if (!['pending', 'requires_action', 'succeeded'].includes(refund.status))
    throw unexpectedState(`The refund is ${refund.status} already.`, 'refund_unexpected_state')
  refund.failure_reason = reason
  undo(home, refund, 'failed')
  emit(home, 'refund.failed', refund)
}

/** The customer has to say where the money should go. */
export function requireAction(home: Home, refund: Refund): void {
  if (refund.status !== 'pending')
    throw unexpectedState(`The refund is ${refund.status}.`, 'refund_unexpected_state')
  const before = structuredClone(refund)
  refund.status = 'requires_action'
  updated(home, refund, before)
}

function chargeToRefund(home: Home, values: Values<typeof refundParameters>): Charge {
  if (exactlyOne(values, 'charge', 'payment_intent') === 'charge')
    return refundable(take(home.charges, values.charge ?? '', 'charge', 'charge'))
  const id = values.payment_intent ?? ''
  const intent = take(home.paymentIntents, id, 'payment_intent', 'payment_intent')
  const charge = home.charges.get(intent.latest_charge ?? '')
  if (charge) return refundable(charge)
  throw invalid(`This PaymentIntent (${id}) does not have a successful charge to refund.`, {
    param: 'payment_intent',
  })
}

function refundable(charge: Charge): Charge {
  if (charge.source_transfer !== null)
    throw invalid(`${charge.id} came by a transfer: reverse that instead.`, {
      code: 'charge_not_refundable',
    })
  if (charge.captured) return charge
  throw invalid(
    `Charge ${charge.id} took no money that could be refunded: it is ${charge.status} and not captured.`,
    { code: 'charge_not_refundable' },
  )
}

function amountToRefund(charge: Charge, wanted: number | undefined): number {
  const remaining = charge.amount_captured - charge.amount_refunded
  if (remaining === 0)
    throw invalid(`Charge ${charge.id} has already been refunded.`, {
      code: 'charge_already_refunded',
    })
  if (wanted === undefined) return remaining
  checkAmount(wanted, charge.currency)
  if (wanted > remaining)
    throw invalid(
      `Refund amount (${wanted}) is greater than unrefunded amount on charge (${remaining}).`,
      { param: 'amount' },
    )
  return wanted
}

function coveredBy(home: Home, charge: Charge, amount: number): boolean {
  const conversion = home.world.money.conversions[charge.currency]
  const settled = Math.round(amount * (conversion?.rate ?? 1))
  return totalIn(home, conversion?.to ?? charge.currency) >= settled
}

function withdraw(home: Home, charge: Charge, refund: Refund): void {
  const origin = home.transactions.get(charge.balance_transaction ?? '')
  const now = home.world.clock.now()
  refund.balance_transaction = record(home, {
    amount: -refund.amount,
    currency: refund.currency,
    source: refund.id,
    type: charge.id.startsWith('py') ? 'payment_refund' : 'refund',
    category: 'refund',
    // Taken from where the payment is: from what is pending while that is pending.
    availableOn: Math.max(origin?.available_on ?? now, now),
  }).id
}

function waitForMoney(home: Home, refund: Refund): void {
  refund.status = 'pending'
  refund.pending_reason = 'insufficient_funds'
  later(home, home.world.clock.now() + retrySeconds, lookForMoney, { refund: refund.id })
}

const lookForMoney = work('refunds.look_for_money', (home, { refund: id }: { refund: string }) => {
  const refund = home.refunds.get(id)
  const charge = home.charges.get(refund?.charge ?? '')
  if (refund?.status !== 'pending' || !charge) return
  if (!coveredBy(home, charge, refund.amount)) {
    waitForMoney(home, refund)
    return
  }
  const before = structuredClone(refund)
  delete refund.pending_reason
  withdraw(home, charge, refund)
  refund.status = 'succeeded'
  updated(home, refund, before)
})

type Behaviour = { refund: string; behaviour: 'fails' | 'pending' }

const decideLater = work('refunds.decide', (home, { refund: id, behaviour }: Behaviour) => {
  const refund = home.refunds.get(id)
  if (behaviour === 'fails') {
    if (refund?.status === 'succeeded') failRefund(home, refund, 'unknown')
    return
  }
  if (refund?.status !== 'pending') return
  const before = structuredClone(refund)
  refund.status = 'succeeded'
  updated(home, refund, before)
})

export const refundWork = [lookForMoney, decideLater]

function undo(home: Home, refund: Refund, status: 'canceled' | 'failed'): void {
  const charge = take(home.charges, refund.charge, 'charge')
  const before = structuredClone(refund)
  charge.amount_refunded -= refund.amount
  charge.refunded = false
  if (refund.balance_transaction !== null)
    refund.failure_balance_transaction = record(home, {
      amount: refund.amount,
      currency: refund.currency,
      source: refund.id,
      type: 'refund_failure',
      category: 'refund_failure',
    }).id
  refund.status = status
  updated(home, refund, before)
}

function updated(home: Home, refund: Refund, before: Refund): void {
  const previous = previousOf(before, refund)
  emit(home, 'refund.updated', refund, previous)
  emit(home, 'charge.refund.updated', refund, previous)
}

export const refundOperations = [
  operation('POST /v1/refunds', {
    parameters: refundParameters,
    answers: 'refund',
    run: ({ home, values }) => createRefund(home, values),
  }),
  operation('GET /v1/refunds', {
    parameters: { ...pageParameters, charge: text, created: moment, payment_intent: text },
    answers: 'refund',
    isList: true,
    run({ home, values }) {
      const { charge, payment_intent: intent, created } = values
      const found = [...home.refunds.values()]
        .filter((each) => isWithin(created, each.created))
        .filter((each) => charge === undefined || each.charge === charge)
        .filter((each) => intent === undefined || each.payment_intent === intent)
      return page('/v1/refunds', found, values)
    },
  }),
  operation('GET /v1/refunds/:id', {
    answers: 'refund',
    run: ({ home, part }) => take(home.refunds, part('id'), 'refund'),
  }),
  operation('POST /v1/refunds/:id', {
    parameters: { metadata },
    answers: 'refund',
    run({ home, values, part }) {
      const refund = take(home.refunds, part('id'), 'refund')
      const before = structuredClone(refund)
      refund.metadata = mergeMetadata(refund.metadata, values.metadata)
      updated(home, refund, before)
      return refund
    },
  }),
  operation('POST /v1/refunds/:id/cancel', {
    answers: 'refund',
    run({ home, part }) {
      const refund = take(home.refunds, part('id'), 'refund')
      if (refund.status !== 'requires_action')
        throw invalid(
          `A refund can be canceled only while it requires an action; this one is ${refund.status}.`,
        )
      undo(home, refund, 'canceled')
      return refund
    },
  }),
]
