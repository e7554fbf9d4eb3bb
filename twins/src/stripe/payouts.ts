/** Payouts: money from an account to its owner's bank. */
import { takeAccount } from './accounts.ts'
import { availableIn, record } from './balance.ts'
import { checkPayoutAmount, readCurrency } from './currencies.ts'
import { invalid } from './errors.ts'
import { emit, previousOf } from './events.ts'
import { newId } from './ids.ts'
import { isWithin, moment, page, pageParameters } from './listing.ts'
import { operation } from './operation.ts'
import {
  type Metadata,
  clearable,
  integer,
  mergeMetadata,
  metadata,
  oneOf,
  required,
  text,
} from './parameters.ts'
import { later, work } from './work.ts'
import { type Home, take } from './world.ts'

export type Payout = {
  id: string
  object: 'payout'
  amount: number
  arrival_date: number
  automatic: false
  balance_transaction: string
  created: number
  currency: string
  description: string | null
  destination: string
  failure_balance_transaction: string | null
  failure_code: string | null
  failure_message: string | null
  livemode: false
  metadata: Metadata
  method: 'standard'
  original_payout: null
  reconciliation_status: 'not_applicable'
  reversed_by: null
  source_type: 'card'
  statement_descriptor: string | null
  status: 'canceled' | 'failed' | 'paid' | 'pending'
  type: 'bank_account'
}

const arrivalSeconds = 2 * 24 * 3600

/** A bank may refuse even what was believed to be paid. */
export function failPayout(home: Home, payout: Payout, code: string): void {
  if (payout.status !== 'pending' && payout.status !== 'paid')
    throw invalid(`This payout is ${payout.status} already.`)
  payout.failure_code = code
  payout.failure_message = 'The bank did not accept the money.'
  giveBack(home, payout, 'failed', 'payout_failure')
  emit(home, 'payout.failed', payout)
}

function giveBack(
  home: Home,
  payout: Payout,
  status: 'canceled' | 'failed',
  type: 'payout_cancel' | 'payout_failure',
): void {
  payout.status = status
  payout.failure_balance_transaction = record(home, {
    amount: payout.amount,
    currency: payout.currency,
    source: payout.id,
    type,
    category: 'payout_reversal',
  }).id
}

const arrive = work('payouts.arrive', (home, { payout: id }: { payout: string }) => {
  const payout = home.payouts.get(id)
  if (payout?.status !== 'pending') return
  payout.status = 'paid'
  emit(home, 'payout.paid', payout)
})

export const payoutWork = [arrive]

const takePayout = (home: Home, id: string) => take(home.payouts, id, 'payout')

export const payoutOperations = [
  operation('POST /v1/payouts', {
    parameters: {
      amount: required(integer),
      currency: required(text),
      description: clearable(text),
      metadata,
      method: oneOf('standard'),
      statement_descriptor: text,
    },
    answers: 'payout',
    run({ home, now, values }) {
      const currency = readCurrency(values.currency)
      checkPayoutAmount(values.amount, currency)
      if (!takeAccount(home.world, home.accountId).payouts_enabled)
        throw invalid('Payouts are not enabled for this account.', { code: 'payouts_not_allowed' })
      if (availableIn(home, currency) < values.amount)
        throw invalid(`You have insufficient funds in ${currency} for this payout.`, {
          code: 'balance_insufficient',
        })
      const id = newId('po')
      const payout: Payout = {
        id,
        object: 'payout',
        amount: values.amount,
        arrival_date: now + arrivalSeconds,
        automatic: false,
        balance_transaction: record(home, {
          amount: -values.amount,
          currency,
          source: id,
          type: 'payout',
          category: 'payout',
        }).id,
        created: now,
        currency,
        description: values.description ?? null,
        destination: `ba_${home.accountId.slice('acct_'.length)}`,
        failure_balance_transaction: null,
        failure_code: null,
        failure_message: null,
        livemode: false,
        metadata: mergeMetadata({}, values.metadata),
        method: 'standard',
        original_payout: null,
        reconciliation_status: 'not_applicable',
        reversed_by: null,
        source_type: 'card',
        statement_descriptor: values.statement_descriptor ?? null,
        status: 'pending',
        type: 'bank_account',
      }
      home.payouts.set(id, payout)
      emit(home, 'payout.created', payout)
      later(home, payout.arrival_date, arrive, { payout: id })
      return payout
    },
  }),
  operation('GET /v1/payouts', {
    parameters: {
      ...pageParameters,
      created: moment,
      status: oneOf('canceled', 'failed', 'paid', 'pending'),
    },
    answers: 'payout',
    isList: true,
    run({ home, values }) {
      const found = [...home.payouts.values()]
        .filter((each) => isWithin(values.created, each.created))
        .filter((each) => values.status === undefined || each.status === values.status)
      return page('/v1/payouts', found, values)
    },
  }),
  operation('GET /v1/payouts/:id', {
    answers: 'payout',
    run: ({ home, part }) => takePayout(home, part('id')),
  }),
  operation('POST /v1/payouts/:id', {
    parameters: { metadata },
    answers: 'payout',
    run({ home, values, part }) {
      const payout = takePayout(home, part('id'))
      const before = structuredClone(payout)
      payout.metadata = mergeMetadata(payout.metadata, values.metadata)
      emit(home, 'payout.updated', payout, previousOf(before, payout))
      return payout
    },
  }),
  operation('POST /v1/payouts/:id/cancel', {
    answers: 'payout',
    run({ home, part }) {
      const payout = takePayout(home, part('id'))
      if (payout.status !== 'pending')
        throw invalid(`Only a pending payout can be canceled; this one is ${payout.status}.`)
      giveBack(home, payout, 'canceled', 'payout_cancel')
      emit(home, 'payout.canceled', payout)
      return payout
    },
  }),
]
