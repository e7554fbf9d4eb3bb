/** Disputes: customers who ask their bank for the money back, and inquiries that may become that. */
import { type BalanceTransaction, record } from './balance.ts'
import type { Charge } from './charges.ts'
import { invalid, unexpectedState } from './errors.ts'
import { emit, previousOf } from './events.ts'
import { newId } from './ids.ts'
import { isWithin, moment, page, pageParameters } from './listing.ts'
import { operation } from './operation.ts'
import { type Metadata, anything, flag, mergeMetadata, metadata, text } from './parameters.ts'
import { later, work } from './work.ts'
import { type Home, take } from './world.ts'

export type Dispute = {
  id: string
  object: 'dispute'
  amount: number
  balance_transactions: BalanceTransaction[]
  charge: string
  created: number
  currency: string
  enhanced_eligibility_types: string[]
  evidence: Record<string, unknown>
  evidence_details: {
    due_by: number | null
    has_evidence: boolean
    past_due: boolean
    submission_count: number
  }
  is_charge_refundable: boolean
  livemode: false
  metadata: Metadata
  payment_intent: string | null
  reason: string
  status:
    | 'lost'
    | 'needs_response'
    | 'under_review'
    | 'warning_closed'
    | 'warning_needs_response'
    | 'warning_under_review'
    | 'won'
}

type Decision = { dispute: string; outcome: 'escalated' | 'lost' | 'won' }
type NewDispute = { reason: string; isInquiry: boolean; amount?: number | undefined }

const answerSeconds = 7 * 24 * 3600
const inquirySeconds = 120 * 24 * 3600
const decisionSeconds = 60

export function openDispute(home: Home, charge: Charge, wanted: NewDispute): Dispute {
  const { reason, isInquiry, amount = charge.amount_captured } = wanted
  if (!charge.captured) throw invalid(`Charge ${charge.id} took no money that could be disputed.`)
  if (charge.disputed) throw invalid(`Charge ${charge.id} is disputed already.`)
  if (amount <= 0 || amount > charge.amount_captured)
    throw invalid('The amount must be a part of the charge.', { param: 'amount' })
  const now = home.world.clock.now()
  const dispute: Dispute = {
    id: newId('du'),
    object: 'dispute',
    amount,
    balance_transactions: [],
    charge: charge.id,
    created: now,
    currency: charge.currency,
    enhanced_eligibility_types: [],
    evidence: {},
    evidence_details: {
      due_by: now + answerSeconds,
      has_evidence: false,
      past_due: false,
      submission_count: 0,
    },
    is_charge_refundable: isInquiry,
    livemode: false,
    metadata: {},
    payment_intent: charge.payment_intent,
    reason,
    status: isInquiry ? 'warning_needs_response' : 'needs_response',
  }
  home.disputes.set(dispute.id, dispute)
  charge.disputed = true
  emit(home, 'charge.dispute.created', dispute)
  if (!isInquiry) withdraw(home, dispute)
  const due = now + (isInquiry ? inquirySeconds : answerSeconds)
  later(home, due, runOutLater, { dispute: dispute.id })
  return dispute
}

/** The inquiry becomes a dispute: now the money goes. */
export function escalate(home: Home, dispute: Dispute): void {
  if (!isStillInquiry(dispute) || dispute.status === 'warning_closed') throw wrongState(dispute)
  const { clock } = home.world
  change(home, dispute, () => {
    dispute.status = 'needs_response'
    dispute.is_charge_refundable = false
    dispute.evidence_details.due_by = clock.now() + answerSeconds
  })
  withdraw(home, dispute)
  later(home, clock.now() + answerSeconds, runOutLater, { dispute: dispute.id })
}

export function decide(home: Home, dispute: Dispute, outcome: 'lost' | 'won'): void {
  if (isClosed(dispute)) throw wrongState(dispute)
  const before = structuredClone(dispute)
  dispute.status = isStillInquiry(dispute) ? 'warning_closed' : outcome
  dispute.is_charge_refundable = dispute.status !== 'lost'
  dispute.evidence_details.due_by = null
  if (dispute.status === 'won') reinstate(home, dispute)
  emit(home, 'charge.dispute.closed', dispute, previousOf(before, dispute))
}

/** An inquiry does not: a refund is the best answer to it. */
export function blocksRefunds(home: Home, charge: Charge): boolean {
  return [...home.disputes.values()].some(
    (each) => each.charge === charge.id && !each.is_charge_refundable,
  )
}

function withdraw(home: Home, dispute: Dispute): void {
  const { disputeFee } = home.world.money
  move(home, dispute, -dispute.amount, disputeFee, 'Chargeback withdrawal')
  emit(home, 'charge.dispute.funds_withdrawn', dispute)
}

function reinstate(home: Home, dispute: Dispute): void {
  const { disputeFee } = home.world.money
  move(home, dispute, dispute.amount, -disputeFee, 'Chargeback reversal')
  emit(home, 'charge.dispute.funds_reinstated', dispute)
}

function move(home: Home, dispute: Dispute, amount: number, fee: number, what: string): void {
  const transaction = record(home, {
    amount,
    currency: dispute.currency,
    source: dispute.id,
    type: 'adjustment',
    category: amount < 0 ? 'dispute' : 'dispute_reversal',
    fee,
    description: `${what} for ${dispute.charge}`,
  })
  dispute.balance_transactions = [...dispute.balance_transactions, transaction]
}

const runOutLater = work('disputes.run_out', (home, { dispute: id }: { dispute: string }) => {
  const dispute = home.disputes.get(id)
  if (dispute) runOut(home, dispute)
})

function runOut(home: Home, dispute: Dispute): void {
  const { due_by: dueBy } = dispute.evidence_details
  if (dispute.status.startsWith('warning_') && !isClosed(dispute)) {
    decide(home, dispute, 'won')
    return
  }
  if (dispute.status !== 'needs_response' || (dueBy ?? 0) > home.world.clock.now()) return
  dispute.evidence_details.past_due = true
  decide(home, dispute, 'lost')
}

/** What tests may write as evidence to get this answer of the bank. */
function submit(home: Home, dispute: Dispute): void {
  const { clock } = home.world
  dispute.status = isStillInquiry(dispute) ? 'warning_under_review' : 'under_review'
  dispute.evidence_details.submission_count += 1
  const words = dispute.evidence['uncategorized_text']
  const expect = (outcome: Decision['outcome']) =>
    later(home, clock.now() + decisionSeconds, decideLater, { dispute: dispute.id, outcome })
  if (words === 'winning_evidence') expect('won')
  if (words === 'losing_evidence') expect('lost')
  if (words === 'escalate_inquiry_evidence' && isStillInquiry(dispute)) expect('escalated')
}

const decideLater = work('disputes.decide', (home, { dispute: id, outcome }: Decision) => {
  const dispute = home.disputes.get(id)
  if (!dispute || isClosed(dispute)) return
  if (outcome === 'escalated') escalate(home, dispute)
  else decide(home, dispute, outcome)
})

export const disputeWork = [runOutLater, decideLater]

function change(home: Home, dispute: Dispute, perform: () => void): void {
  const before = structuredClone(dispute)
  perform()
  emit(home, 'charge.dispute.updated', dispute, previousOf(before, dispute))
}

function isStillInquiry(dispute: Dispute): boolean {
  return dispute.status.startsWith('warning_')
}

function isClosed({ status }: Dispute): boolean {
  return status === 'won' || status === 'lost' || status === 'warning_closed'
}

function wrongState(dispute: Dispute): Error {
  return unexpectedState(`This dispute is ${dispute.status}.`, 'dispute_unexpected_state')
}

const takeDispute = (home: Home, id: string) => take(home.disputes, id, 'dispute', 'dispute')

export const disputeOperations = [
  operation('GET /v1/disputes', {
    parameters: { ...pageParameters, charge: text, created: moment, payment_intent: text },
    answers: 'dispute',
    isList: true,
    run({ home, values }) {
      const { charge, payment_intent: intent, created } = values
      const found = [...home.disputes.values()]
        .filter((each) => isWithin(created, each.created))
        .filter((each) => charge === undefined || each.charge === charge)
        .filter((each) => intent === undefined || each.payment_intent === intent)
      return page('/v1/disputes', found, values)
    },
  }),
  operation('GET /v1/disputes/:id', {
    answers: 'dispute',
    run: ({ home, part }) => takeDispute(home, part('id')),
  }),
  operation('POST /v1/disputes/:id', {
    parameters: { evidence: anything, metadata, submit: flag },
    answers: 'dispute',
    run({ home, values, part }) {
      const dispute = takeDispute(home, part('id'))
      if (isClosed(dispute)) throw wrongState(dispute)
      change(home, dispute, () => {
        dispute.metadata = mergeMetadata(dispute.metadata, values.metadata)
        dispute.evidence = { ...dispute.evidence, ...values.evidence }
        dispute.evidence_details.has_evidence = Object.keys(dispute.evidence).length > 0
        const isSubmitted = values.submit ?? values.evidence !== undefined
        if (isSubmitted) submit(home, dispute)
      })
      return dispute
    },
  }),
  operation('POST /v1/disputes/:id/close', {
    answers: 'dispute',
    run({ home, part }) {
      const dispute = takeDispute(home, part('id'))
      if (isStillInquiry(dispute)) throw wrongState(dispute)
      decide(home, dispute, 'lost')
      return dispute
    },
  }),
]
