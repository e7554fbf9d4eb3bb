/**
 * Amounts as Stripe counts them, which is not always as ISO 4217 does (docs.stripe.com/currencies). An amount that Stripe
 * cannot take is refused where a price is made; nothing that a customer pays is rounded.
 */
import { type Asset, isAsset, scaleOf } from './assets.ts'
import { moneyErrors } from './errors.ts'
import { type Money, money, requirePositive, subtract } from './money.ts'

export type StripeAmount = { readonly amount: number; readonly currency: Lowercase<Asset> }

/** Counted in whole units, the ariary too, which ISO 4217 divides. */
const wholeUnits: ReadonlySet<Asset> = new Set([
  'BIF',
  'CLP',
  'DJF',
  'GNF',
  'JPY',
  'KMF',
  'KRW',
  'MGA',
  'PYG',
  'RWF',
  'VND',
  'VUV',
  'XAF',
  'XOF',
  'XPF',
])

/** Without parts, and written with two decimals that are always zero: what came before must go on working. */
const paddedUnits: ReadonlySet<Asset> = new Set(['ISK', 'UGX'])

/** Charged with two decimals and paid out in whole units. */
const wholePayouts: ReadonlySet<Asset> = new Set(['HUF', 'TWD'])

/** The least Stripe charges, by the currency it is settled in; of others Stripe says so itself. */
const minimums: { readonly [A in Asset]?: bigint } = {
  AED: 200n,
  AUD: 50n,
  BRL: 50n,
  CAD: 50n,
  CHF: 50n,
  CZK: 1_500n,
  DKK: 250n,
  EUR: 50n,
  GBP: 30n,
  HKD: 400n,
  HUF: 17_500n,
  INR: 50n,
  JPY: 50n,
  MXN: 1_000n,
  MYR: 200n,
  NOK: 300n,
  NZD: 50n,
  PLN: 200n,
  RON: 200n,
  SEK: 300n,
  SGD: 50n,
  THB: 1_000n,
  USD: 50n,
}

/** Digits of the largest amount; other ways to pay have their own, smaller limits. */
const maxDigits = { card: 12, other: 8 } as const

/**
 * What to send to Stripe. Throws `money.not_chargeable`, `money.not_positive`, `money.not_divisible` and
 * `money.above_maximum` (422).
 */
export function toStripe(given: Money, way: keyof typeof maxDigits = 'card'): StripeAmount {
  const { amount } = requirePositive(given)
  const units = inScale(amount, scaleOf(given.asset), stripeScaleOf(given.asset))
  // Stripe's partners settle the three-decimal currencies in steps of ten.
  if (scaleOf(given.asset) === 3 && units % 10n !== 0n) throw moneyErrors.not_divisible()
  if (units.toString().length > maxDigits[way]) throw moneyErrors.above_maximum()
  return { amount: Number(units), currency: given.asset.toLowerCase() as Lowercase<Asset> }
}

/** What Stripe says, as money of ours. Throws `money.unknown_asset`, `money.not_whole` and `money.not_divisible` (422). */
export function fromStripe(given: { readonly amount: number; readonly currency: string }): Money {
  const asset = given.currency.toUpperCase()
  if (!isAsset(asset)) throw moneyErrors.unknown_asset({ asset })
  const { amount } = money(given.amount, asset)
  return money(inScale(amount, stripeScaleOf(asset), scaleOf(asset)), asset)
}

/** Whether it can be money of ours: of a currency without parts Stripe may say a fee or what is left after it in hundredths. */
export function isFromStripe(given: {
  readonly amount: number
  readonly currency: string
}): boolean {
  const asset = given.currency.toUpperCase()
  if (!isAsset(asset) || asset === 'CRD') return false
  const step = 10 ** Math.max(0, stripeScaleOf(asset) - scaleOf(asset))
  return given.amount % step === 0
}

/**
 * Throws `money.below_minimum` (422) for a price that Stripe would refuse. The minimum is that of the settlement currency:
 * of a price in another one only Stripe knows the rate.
 */
export function requireChargeable(price: Money): Money {
  toStripe(price)
  const minimum = minimums[price.asset]
  if (minimum !== undefined && price.amount < minimum)
    throw moneyErrors.below_minimum({ minimum: minimum.toString(), currency: price.asset })
  return price
}

/** What of an amount can be paid out to a bank, and what stays for the next time. */
export function payableByStripe(given: Money): { readonly payable: Money; readonly rest: Money } {
  const step = wholePayouts.has(given.asset)
    ? 100n
    : wholeUnits.has(given.asset)
      ? 10n ** BigInt(scaleOf(given.asset))
      : scaleOf(given.asset) === 3
        ? 10n
        : 1n
  const payable = money(given.amount - (given.amount % step), given.asset)
  return { payable, rest: subtract(given, payable) }
}

function stripeScaleOf(asset: Asset): number {
  if (asset === 'CRD') throw moneyErrors.not_chargeable()
  if (wholeUnits.has(asset)) return 0
  return paddedUnits.has(asset) ? 2 : scaleOf(asset)
}

function inScale(amount: bigint, from: number, to: number): bigint {
  if (to >= from) return amount * 10n ** BigInt(to - from)
  const step = 10n ** BigInt(from - to)
  if (amount % step !== 0n) throw moneyErrors.not_divisible()
  return amount / step
}
