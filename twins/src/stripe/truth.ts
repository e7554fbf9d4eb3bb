/** The truth about money: what moved, for which object, and what the balances are. Not what anybody believes. */
import { balanceOf, transactionsOf } from './balance.ts'
import type { Home, World } from './world.ts'

type Sum = { currency: string; amount: number; fee: number; net: number; movements: number }

type AccountTruth = {
  available: Record<string, number>
  pending: Record<string, number>
  /** What each object moved in all: a charge, a refund, a transfer, a dispute … */
  by_source: Record<string, Sum>
  charges: {
    id: string
    captured: number
    refunded: number
    currency: string
    order: string | null
  }[]
  transfers: {
    id: string
    amount: number
    reversed: number
    destination: string
    group: string | null
  }[]
  transactions: { id: string; type: string; net: number; currency: string; source: string | null }[]
}

export type Truth = { platform: string; accounts: Record<string, AccountTruth> }

export function truthOf(world: World): Truth {
  return {
    platform: world.platform.accountId,
    accounts: Object.fromEntries([...world.homes].map(([id, home]) => [id, accountTruth(home)])),
  }
}

function accountTruth(home: Home): AccountTruth {
  const transactions = transactionsOf(home)
  const bySource: Record<string, Sum> = {}
  for (const { source, currency, amount, fee, net } of transactions) {
    const name = source ?? 'none'
    const sum = bySource[name] ?? { currency, amount: 0, fee: 0, net: 0, movements: 0 }
    bySource[name] = {
      currency,
      amount: sum.amount + amount,
      fee: sum.fee + fee,
      net: sum.net + net,
      movements: sum.movements + 1,
    }
  }
  const { available, pending } = balanceOf(home)
  return {
    available: Object.fromEntries(available.map(({ currency, amount }) => [currency, amount])),
    pending: Object.fromEntries(pending.map(({ currency, amount }) => [currency, amount])),
    by_source: bySource,
    charges: [...home.charges.values()]
      .filter(({ captured, source_transfer: transfer }) => captured && transfer === null)
      .map((each) => ({
        id: each.id,
        captured: each.amount_captured,
        refunded: each.amount_refunded,
        currency: each.currency,
        order: each.transfer_group,
      })),
    transfers: [...home.transfers.values()].map((each) => ({
      id: each.id,
      amount: each.amount,
      reversed: each.amount_reversed,
      destination: each.destination,
      group: each.transfer_group,
    })),
    transactions: transactions.map(({ id, type, net, currency, source }) => ({
      id,
      type,
      net,
      currency,
      source,
    })),
  }
}
