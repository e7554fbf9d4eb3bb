/** Balances: nothing but the sum of balance transactions, which are the truth about money. */
import { invalid } from './errors.ts'
import { newId } from './ids.ts'
import { isWithin, moment, page, pageParameters } from './listing.ts'
import { operation } from './operation.ts'
import { text } from './parameters.ts'
import { type Home, take } from './world.ts'

export type BalanceTransaction = {
  id: string
  object: 'balance_transaction'
  amount: number
  available_on: number
  balance_type: 'payments'
  created: number
  currency: string
  description: string | null
  exchange_rate: number | null
  fee: number
  fee_details: { amount: number; currency: string; description: string; type: string }[]
  net: number
  reporting_category: string
  source: string | null
  status: 'available' | 'pending'
  type: string
}

type Movement = Pick<BalanceTransaction, 'amount' | 'currency' | 'source' | 'type'> & {
  category: string
  fee?: number
  feeType?: string
  description?: string
  availableOn?: number
}

/** Moves money, in the currency it is settled in. */
export function record(home: Home, movement: Movement): BalanceTransaction {
  const { clock, money } = home.world
  const { currency, source, type, category, fee = 0, description = null } = movement
  const conversion = money.conversions[currency]
  const settled = conversion?.to ?? currency
  const amount = conversion ? Math.round(movement.amount * conversion.rate) : movement.amount
  const now = clock.now()
  const transaction: BalanceTransaction = {
    id: newId('txn'),
    object: 'balance_transaction',
    amount,
    available_on: movement.availableOn ?? now,
    balance_type: 'payments',
    created: now,
    currency: settled,
    description,
    exchange_rate: conversion?.rate ?? null,
    fee,
    fee_details:
      fee === 0
        ? []
        : [
            {
              amount: fee,
              currency: settled,
              description: 'Processing fees',
              type: movement.feeType ?? 'stripe_fee',
            },
          ],
    net: amount - fee,
    reporting_category: category,
    source,
    status: 'pending',
    type,
  }
  home.transactions.set(transaction.id, withStatus(transaction, now))
  return transaction
}

/** What a payment costs, in the currency it is settled in. */
export function feeOf(home: Home, amount: number, currency: string): number {
  const { feePerMille, feeFixed, conversions } = home.world.money
  const settled = Math.round(amount * (conversions[currency]?.rate ?? 1))
  return Math.min(Math.round((settled * feePerMille) / 1000) + feeFixed, settled)
}

export function availableIn(home: Home, currency: string): number {
  return sumOf(home, currency, 'available')
}

export function totalIn(home: Home, currency: string): number {
  return availableIn(home, currency) + sumOf(home, currency, 'pending')
}

/** The moment decides whether money is available: nothing has to happen for it. */
export function transactionsOf(home: Home): BalanceTransaction[] {
  const now = home.world.clock.now()
  return [...home.transactions.values()].map((each) => withStatus(each, now))
}

export function balanceOf(home: Home) {
  const currencies = new Set([
    home.world.money.conversions['usd']?.to ?? 'usd',
    ...[...home.transactions.values()].map(({ currency }) => currency),
  ])
  const amounts = (status: BalanceTransaction['status']) =>
    [...currencies].map((currency) => {
      const amount = sumOf(home, currency, status)
      return { amount, currency, source_types: { card: amount } }
    })
  return {
    object: 'balance',
    available: amounts('available'),
    livemode: false,
    pending: amounts('pending'),
  }
}

function sumOf(home: Home, currency: string, status: BalanceTransaction['status']): number {
  return transactionsOf(home)
    .filter((each) => each.currency === currency && each.status === status)
    .reduce((sum, { net }) => sum + net, 0)
}

function withStatus(transaction: BalanceTransaction, now: number): BalanceTransaction {
  transaction.status = transaction.available_on <= now ? 'available' : 'pending'
  return transaction
}

export const balanceOperations = [
  operation('GET /v1/balance', { answers: 'balance', run: ({ home }) => balanceOf(home) }),
  operation('GET /v1/balance_transactions', {
    parameters: {
      ...pageParameters,
      created: moment,
      currency: text,
      payout: text,
      source: text,
      type: text,
    },
    answers: 'balance_transaction',
    isList: true,
    run({ home, values }) {
      const { created, currency, payout, source, type } = values
      if (payout !== undefined) {
        take(home.payouts, payout, 'payout', 'payout')
        throw invalid('Only automatic payouts know their transactions; this one is manual.', {
          param: 'payout',
        })
      }
      const found = transactionsOf(home)
        .filter((each) => isWithin(created, each.created))
        .filter((each) => currency === undefined || each.currency === currency)
        .filter((each) => source === undefined || each.source === source)
        .filter((each) => type === undefined || each.type === type)
      return page('/v1/balance_transactions', found, values)
    },
  }),
  operation('GET /v1/balance_transactions/:id', {
    answers: 'balance_transaction',
    run({ home, now, part }) {
      return withStatus(take(home.transactions, part('id'), 'balance transaction'), now)
    },
  }),
]
