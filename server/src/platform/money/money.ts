/** Money: a whole number of an asset's smallest unit. Two assets are never combined, and nothing is ever a fraction. */
import { type Asset, isAsset } from './assets.ts'
import { moneyErrors } from './errors.ts'

declare const checked: unique symbol

/** `{ amount: 1099n, asset: 'USD' }` is 10.99 dollars. Only `money()` makes one. */
export type Money = {
  readonly amount: bigint
  readonly asset: Asset
  readonly [checked]: true
}

/** What a column of type `bigint` can hold. */
export const maxAmount = 2n ** 63n - 1n

const wholeNumber = /^-?\d{1,19}$/

/**
 * An amount in an asset's smallest unit; below zero where it is a difference. Throws `money.not_whole`,
 * `money.out_of_range` and `money.unknown_asset` (422).
 */
export function money(amount: bigint | number | string, asset: string): Money {
  if (!isAsset(asset)) throw moneyErrors.unknown_asset({ asset })
  const whole = wholeIn(amount)
  if (whole > maxAmount || whole < -maxAmount) throw moneyErrors.out_of_range()
  return Object.freeze({ amount: whole, asset }) as Money
}

export const zero = (asset: Asset): Money => money(0n, asset)

/** Throws `money.asset_mismatch` and `money.out_of_range` (422). */
export const add = (one: Money, other: Money): Money =>
  money(one.amount + other.amount, sharedAsset(one, other))

/** The difference, which may be below zero. Throws `money.asset_mismatch` and `money.out_of_range` (422). */
export const subtract = (one: Money, other: Money): Money =>
  money(one.amount - other.amount, sharedAsset(one, other))

/** Below zero when the first is less, as in sorting. Throws `money.asset_mismatch` (422). */
export function compare(one: Money, other: Money): -1 | 0 | 1 {
  sharedAsset(one, other)
  if (one.amount === other.amount) return 0
  return one.amount < other.amount ? -1 : 1
}

/** Throws `money.not_positive` (422) for nothing and for less. */
export function requirePositive(given: Money): Money {
  if (given.amount <= 0n) throw moneyErrors.not_positive()
  return given
}

function sharedAsset(one: Money, other: Money): Asset {
  if (one.asset !== other.asset)
    throw moneyErrors.asset_mismatch({ assets: [one.asset, other.asset] })
  return one.asset
}

/** A number above 2^53 is another one than was written: it is refused like a fraction. */
function wholeIn(amount: bigint | number | string): bigint {
  if (typeof amount === 'bigint') return amount
  if (typeof amount === 'number' && Number.isSafeInteger(amount)) return BigInt(amount)
  if (typeof amount === 'string' && /^-?\d{20,}$/.test(amount)) throw moneyErrors.out_of_range()
  if (typeof amount === 'string' && wholeNumber.test(amount)) return BigInt(amount)
  throw moneyErrors.not_whole()
}
