/** Sharing money out: what one part loses by rounding another has, so that the parts are always the whole. */
import { moneyErrors } from './errors.ts'
import { type Money, add, compare, money, requirePositive, subtract } from './money.ts'

const allBasisPoints = 10_000

export type Split = {
  readonly commission: Money
  /** What is left for whoever earned it. */
  readonly rest: Money
}

/**
 * The house's share, in hundredths of a per cent, rounded down. Throws `money.invalid_share` and `money.more_than_left`
 * (422) for a share of more than all, and for an amount below zero.
 */
export function splitCommission(whole: Money, basisPoints: number): Split {
  if (!Number.isInteger(basisPoints) || basisPoints < 0 || basisPoints > allBasisPoints)
    throw moneyErrors.invalid_share()
  if (whole.amount < 0n) throw moneyErrors.more_than_left()
  const commission = money(
    (whole.amount * BigInt(basisPoints)) / BigInt(allBasisPoints),
    whole.asset,
  )
  return { commission, rest: subtract(whole, commission) }
}

/**
 * Shares an amount out by weight: each part is rounded down, and what is left goes, one unit each, to those that lost
 * most; of equals the first. Throws `money.invalid_share` (422) for a weight below zero, or none above it.
 */
export function allocate(whole: Money, weights: readonly bigint[]): Money[] {
  if (whole.amount < 0n) throw moneyErrors.more_than_left()
  const total = weights.reduce((sum, weight) => sum + weight, 0n)
  if (total <= 0n || weights.some((weight) => weight < 0n)) throw moneyErrors.invalid_share()
  const shares = weights.map((weight, index) => ({
    index,
    share: (whole.amount * weight) / total,
    lost: (whole.amount * weight) % total,
  }))
  const left = whole.amount - shares.reduce((sum, { share }) => sum + share, 0n)
  const favoured = new Set(
    shares
      .toSorted((a, b) => (a.lost === b.lost ? a.index - b.index : a.lost > b.lost ? -1 : 1))
      .slice(0, Number(left))
      .map(({ index }) => index),
  )
  return shares.map(({ index, share }) =>
    money(favoured.has(index) ? share + 1n : share, whole.asset),
  )
}

/**
 * How much of one more refund comes out of the commission: its part of all that is refunded by then, rounded down, less
 * what it has given before. At the full refund exactly the commission has been given back. What was given before is not
 * always what this would have said: a refund that failed in between was taken back with its own part.
 * Throws `money.not_positive`, `money.more_than_left` and `money.asset_mismatch` (422).
 */
export function splitRefund(
  charge: { readonly amount: Money; readonly commission: Money },
  refundedBefore: Money | Split,
  refund: Money,
): Split {
  requirePositive(refund)
  const isSplit = 'commission' in refundedBefore
  const before = isSplit ? add(refundedBefore.commission, refundedBefore.rest) : refundedBefore
  const refundedAfter = add(before, refund)
  if (compare(refundedAfter, charge.amount) > 0) throw moneyErrors.more_than_left()
  const shareOf = (refunded: Money) =>
    (refunded.amount * charge.commission.amount) / charge.amount.amount
  const given = isSplit ? refundedBefore.commission.amount : shareOf(before)
  const due = shareOf(refundedAfter) - given
  const commission = money(due < 0n ? 0n : due > refund.amount ? refund.amount : due, refund.asset)
  return { commission, rest: subtract(refund, commission) }
}
