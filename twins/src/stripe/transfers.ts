/** Transfers: money from the platform to a connected account, and back. */
import { availableIn, record } from './balance.ts'
import { addArrival } from './charges.ts'
import { checkAmount, readCurrency } from './currencies.ts'
import { type StripeError, invalid } from './errors.ts'
import { emit, previousOf } from './events.ts'
import { newId } from './ids.ts'
import { type Page, isWithin, moment, page, pageParameters, wholeList } from './listing.ts'
import { operation } from './operation.ts'
import {
  type Metadata,
  type Values,
  clearable,
  integer,
  mergeMetadata,
  metadata,
  required,
  text,
} from './parameters.ts'
import type { TransferReversal } from './transfer-reversals.ts'
import { type Home, homeOf, take } from './world.ts'

export type Transfer = {
  id: string
  object: 'transfer'
  amount: number
  amount_reversed: number
  balance_transaction: string
  created: number
  currency: string
  description: string | null
  destination: string
  destination_payment: string
  livemode: false
  metadata: Metadata
  reversals: Page<TransferReversal>
  reversed: boolean
  source_transaction: string | null
  source_type: 'card'
  transfer_group: string | null
}

export const transferParameters = {
  amount: required(integer),
  currency: required(text),
  description: clearable(text),
  destination: required(text),
  metadata,
  source_transaction: text,
  transfer_group: text,
}

export function createTransfer(home: Home, values: Values<typeof transferParameters>): Transfer {
  const currency = readCurrency(values.currency)
  const { amount, source_transaction: source } = values
  checkAmount(amount, currency)
  const destination = destinationOf(home, values.destination)
  const origin =
    source === undefined
      ? fromBalance(home, amount, currency)
      : fromCharge(home, source, amount, currency)
  const id = newId('tr')
  const payment = newId('py')
  const move = {
    currency,
    // What comes from a charge is pending as long as the charge is.
    ...(origin && { availableOn: origin.availableOn }),
  }
  const own = record(home, {
    ...move,
    amount: -amount,
    source: id,
    type: 'transfer',
    category: 'transfer',
  })
  const arrived = record(destination, {
    ...move,
    amount,
    source: payment,
    type: 'payment',
    category: 'charge',
  })
  addArrival(destination, {
    id: payment,
    amount,
    balance_transaction: arrived.id,
    currency,
    source_transfer: id,
  })
  const transfer: Transfer = {
    id,
    object: 'transfer',
    amount,
    amount_reversed: 0,
    balance_transaction: own.id,
    created: home.world.clock.now(),
    currency,
    description: values.description ?? null,
    destination: destination.accountId,
    destination_payment: payment,
    livemode: false,
    metadata: mergeMetadata({}, values.metadata),
    reversals: wholeList(`/v1/transfers/${id}/reversals`, []),
    reversed: false,
    source_transaction: source ?? null,
    source_type: 'card',
    transfer_group: values.transfer_group ?? origin?.group ?? null,
  }
  home.transfers.set(id, transfer)
  emit(home, 'transfer.created', transfer)
  return transfer
}

function destinationOf(home: Home, id: string): Home {
  const { world } = home
  const account = world.accounts.get(id)
  if (!account || id === home.accountId)
    throw invalid(`No such destination: '${id}'`, {
      code: 'resource_missing',
      param: 'destination',
    })
  if (account.capabilities.transfers !== 'active')
    throw invalid(
      'Your destination account needs to have at least one of the following capabilities enabled: transfers, crypto_transfers, legacy_payments',
      { code: 'insufficient_capabilities_for_transfer' },
    )
  return homeOf(world, id)
}

function fromBalance(home: Home, amount: number, currency: string): null {
  if (availableIn(home, currency) < amount)
    throw insufficient(`You have insufficient available funds in ${currency} for this transfer.`)
  return null
}

/** Whether the charge was refunded in the meantime is not asked: whoever transfers has to know. */
function fromCharge(home: Home, id: string, amount: number, currency: string) {
  const charge = take(home.charges, id, 'charge', 'source_transaction')
  if (charge.status === 'failed' || (charge.status === 'succeeded' && !charge.captured))
    throw invalid(`The charge ${id} took no money that could be transferred.`, {
      param: 'source_transaction',
    })
  const transaction = home.transactions.get(charge.balance_transaction ?? '')
  const settled = transaction ?? { currency: charge.currency, amount: charge.amount }
  if (settled.currency !== currency)
    throw invalid(
      `The currency of source_transaction's balance transaction (${settled.currency}) must be the same as the transfer currency (${currency})`,
      { param: 'currency' },
    )
  const taken = [...home.transfers.values()]
    .filter((each) => each.source_transaction === id)
    .reduce((sum, each) => sum + each.amount - each.amount_reversed, 0)
  if (taken + amount > settled.amount)
    throw invalid(
      `The transfers of ${id} cannot be more than the charge: ${settled.amount - taken} are left.`,
      { code: 'transfer_source_balance_parameters_mismatch', param: 'amount' },
    )
  const { clock, money } = home.world
  return {
    availableOn: transaction?.available_on ?? clock.now() + money.settleSeconds,
    group: charge.transfer_group ?? `group_${id}`,
  }
}

export function insufficient(message: string): StripeError {
  return invalid(message, { code: 'balance_insufficient' })
}

export const takeTransfer = (home: Home, id: string) => take(home.transfers, id, 'transfer')

export const transferOperations = [
  operation('POST /v1/transfers', {
    parameters: transferParameters,
    answers: 'transfer',
    run: ({ home, values }) => createTransfer(home, values),
  }),
  operation('GET /v1/transfers', {
    parameters: { ...pageParameters, created: moment, destination: text, transfer_group: text },
    answers: 'transfer',
    isList: true,
    run({ home, values }) {
      const { created, destination, transfer_group: group } = values
      const found = [...home.transfers.values()]
        .filter((each) => isWithin(created, each.created))
        .filter((each) => destination === undefined || each.destination === destination)
        .filter((each) => group === undefined || each.transfer_group === group)
      return page('/v1/transfers', found, values)
    },
  }),
  operation('GET /v1/transfers/:id', {
    answers: 'transfer',
    run: ({ home, part }) => takeTransfer(home, part('id')),
  }),
  operation('POST /v1/transfers/:id', {
    parameters: { description: clearable(text), metadata },
    answers: 'transfer',
    run({ home, values: { metadata: changed, ...plain }, part }) {
      const transfer = takeTransfer(home, part('id'))
      const before = structuredClone(transfer)
      Object.assign(transfer, plain)
      transfer.metadata = mergeMetadata(transfer.metadata, changed)
      emit(home, 'transfer.updated', transfer, previousOf(before, transfer))
      return transfer
    },
  }),
]
