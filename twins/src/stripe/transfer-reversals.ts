/** Reversals: a transfer is taken back, as far as the connected account has money. */
import { record, totalIn } from './balance.ts'
import { checkAmount } from './currencies.ts'
import { invalid } from './errors.ts'
import { emit } from './events.ts'
import { newId } from './ids.ts'
import { page, pageParameters } from './listing.ts'
import { operation } from './operation.ts'
import { type Metadata, integer, mergeMetadata, metadata } from './parameters.ts'
import { type Transfer, insufficient, takeTransfer } from './transfers.ts'
import { type Home, homeOf, take } from './world.ts'

export type TransferReversal = {
  id: string
  object: 'transfer_reversal'
  amount: number
  balance_transaction: string
  created: number
  currency: string
  destination_payment_refund: string
  metadata: Metadata
  source_refund: null
  transfer: string
}

function reverse(
  home: Home,
  transfer: Transfer,
  wanted: number | undefined,
  given: Metadata | '' | undefined,
) {
  const remaining = transfer.amount - transfer.amount_reversed
  const amount = wanted ?? remaining
  if (remaining === 0) throw invalid(`Transfer ${transfer.id} is already fully reversed.`)
  checkAmount(amount, transfer.currency)
  if (amount > remaining)
    throw invalid(`Only ${remaining} of this transfer are left to be reversed.`, {
      param: 'amount',
    })
  const account = homeOf(home.world, transfer.destination)
  if (totalIn(account, transfer.currency) < amount)
    throw insufficient('The connected account has insufficient funds for this reversal.')
  const arrival = take(account.charges, transfer.destination_payment, 'charge')
  const id = newId('trr')
  const payment = newId('pyr')
  const move = { currency: transfer.currency, availableOn: availabilityOf(home, transfer) }
  const own = record(home, {
    ...move,
    amount,
    source: id,
    type: 'transfer_refund',
    category: 'transfer_reversal',
  })
  record(account, {
    ...move,
    amount: -amount,
    source: payment,
    type: 'payment_refund',
    category: 'refund',
  })
  const reversal: TransferReversal = {
    id,
    object: 'transfer_reversal',
    amount,
    balance_transaction: own.id,
    created: home.world.clock.now(),
    currency: transfer.currency,
    destination_payment_refund: payment,
    metadata: mergeMetadata({}, given),
    source_refund: null,
    transfer: transfer.id,
  }
  arrival.amount_refunded += amount
  arrival.refunded = arrival.amount_refunded === arrival.amount
  transfer.reversals.data.unshift(reversal)
  transfer.amount_reversed += amount
  transfer.reversed = transfer.amount_reversed === transfer.amount
  emit(home, 'transfer.reversed', transfer)
  return reversal
}

function availabilityOf(home: Home, transfer: Transfer): number {
  const transaction = home.transactions.get(transfer.balance_transaction)
  const now = home.world.clock.now()
  return Math.max(transaction?.available_on ?? now, now)
}

export const transferReversalOperations = [
  operation('POST /v1/transfers/:id/reversals', {
    parameters: { amount: integer, metadata },
    answers: 'transfer_reversal',
    run: ({ home, values, part }) =>
      reverse(home, takeTransfer(home, part('id')), values.amount, values.metadata),
  }),
  operation('GET /v1/transfers/:id/reversals', {
    parameters: pageParameters,
    answers: 'transfer_reversal',
    isList: true,
    run({ home, values, part }) {
      const { id, reversals } = takeTransfer(home, part('id'))
      return page(`/v1/transfers/${id}/reversals`, reversals.data.toReversed(), values)
    },
  }),
  operation('GET /v1/transfers/:id/reversals/:reversal', {
    answers: 'transfer_reversal',
    run({ home, part }) {
      const { reversals } = takeTransfer(home, part('id'))
      const byId = new Map(reversals.data.map((each) => [each.id, each]))
      return take(byId, part('reversal'), 'transfer_reversal')
    },
  }),
]
