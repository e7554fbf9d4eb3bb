/** Money: exact, of one currency, and shared out without a rest. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type Asset,
  type Money,
  add,
  allocate,
  assets,
  compare,
  isAsset,
  maxAmount,
  money,
  parseMoney,
  presentMoney,
  requirePositive,
  scaleOf,
  splitCommission,
  splitRefund,
  subtract,
  zero,
} from './index.ts'

const usd = (amount: bigint | number | string) => money(amount, 'USD')
const code = (name: string) => expect.objectContaining({ code: `money.${name}`, status: 422 })
const anyAmount = fc.bigInt({ min: 0n, max: maxAmount })
const anyAsset = fc.constantFrom(...assets)
const basisPoints = fc.integer({ min: 0, max: 10_000 })
const sumOf = (parts: readonly Money[], asset: Asset) => parts.reduce(add, zero(asset))

describe('an amount', () => {
  test('is a whole number of what its currency is divided into', () => {
    expect(usd(1099)).toMatchObject({ amount: 1099n, asset: 'USD' })
    expect(usd('1099')).toEqual(usd(1099n))
    expect(usd(-5).amount).toBe(-5n)
    for (const fraction of [
      10.99,
      Number.NaN,
      Number.POSITIVE_INFINITY,
      2 ** 53,
      '10.99',
      '1e3',
      '',
      ' 1',
      '0x1',
    ])
      expect(() => usd(fraction), String(fraction)).toThrow(code('not_whole'))
  })

  test('is never more than a column can hold', () => {
    expect(usd(2n ** 63n - 1n).amount).toBe(9_223_372_036_854_775_807n)
    for (const large of [2n ** 63n, -(2n ** 63n), '9223372036854775808', '1'.repeat(40)])
      expect(() => usd(large)).toThrow(code('out_of_range'))
    expect(() => add(usd(maxAmount), usd(1))).toThrow(code('out_of_range'))
  })

  test('is in a currency that there is', () => {
    for (const unknown of ['XXX', 'usd', '', 'toString', '__proto__'])
      expect(() => money(1, unknown)).toThrow(code('unknown_asset'))
    expect(isAsset('constructor')).toBe(false)
  })

  test('cannot be changed', () => {
    expect(Object.isFrozen(usd(1))).toBe(true)
  })

  test('is not combined with another currency', () => {
    for (const combine of [add, subtract, compare])
      expect(() => combine(usd(1), money(1, 'EUR'))).toThrow(code('asset_mismatch'))
  })

  test('is compared and taken away exactly', () => {
    expect(compare(usd(1), usd(2))).toBe(-1)
    expect(compare(usd(maxAmount), usd(maxAmount - 1n))).toBe(1)
    expect(compare(usd(3), usd(3))).toBe(0)
    expect(subtract(usd(1), usd(3))).toEqual(usd(-2))
    expect(requirePositive(usd(1))).toEqual(usd(1))
    for (const nothing of [usd(0), usd(-1)])
      expect(() => requirePositive(nothing)).toThrow(code('not_positive'))
  })

  test('goes through JSON as a text, and comes back as it was', () => {
    expect(presentMoney(usd(1099))).toEqual({ amount: '1099', currency: 'USD' })
    fc.assert(
      fc.property(fc.bigInt({ min: -maxAmount, max: maxAmount }), anyAsset, (amount, asset) => {
        const given = money(amount, asset)
        const text = JSON.stringify(presentMoney(given))
        expect(parseMoney(JSON.parse(text))).toEqual(given)
      }),
    )
  })
})

test('currencies are divided as ISO 4217 says, and credits into millionths', () => {
  const scales = Object.fromEntries(
    (['JPY', 'USD', 'KWD', 'ISK', 'UGX', 'HUF', 'TWD', 'CRD', 'MGA', 'CLP'] as const).map(
      (asset) => [asset, scaleOf(asset)],
    ),
  )
  expect(scales).toEqual({
    JPY: 0,
    USD: 2,
    KWD: 3,
    ISK: 0,
    UGX: 0,
    HUF: 2,
    TWD: 2,
    CRD: 6,
    MGA: 2,
    CLP: 0,
  })
  expect(assets.length).toBeGreaterThan(150)
})

describe('M58: an amount that is shared out', () => {
  test('gives commission and rest that are the whole, whatever the share', () => {
    fc.assert(
      fc.property(anyAmount, basisPoints, anyAsset, (amount, share, asset) => {
        const whole = money(amount, asset)
        const { commission, rest } = splitCommission(whole, share)
        expect(add(commission, rest)).toEqual(whole)
        expect(commission.amount).toBeGreaterThanOrEqual(0n)
        expect(rest.amount).toBeGreaterThanOrEqual(0n)
        expect(commission.amount).toBe((amount * BigInt(share)) / 10_000n)
      }),
      { numRuns: 1000 },
    )
  })

  test('sums exactly with every share from 0 to 10,000 basis points', () => {
    const wrong: string[] = []
    for (let share = 0; share <= 10_000; share += 1)
      for (const amount of [0n, 1n, 3n, 99n, 10_001n, maxAmount]) {
        const { commission, rest } = splitCommission(usd(amount), share)
        const isNegative = commission.amount < 0n || rest.amount < 0n
        if (commission.amount + rest.amount !== amount || isNegative)
          wrong.push(`${amount} at ${share}`)
      }
    expect(wrong).toEqual([])
  })

  test('among many sums exactly, none gets less than nothing, and nobody is off by a unit or more', () => {
    fc.assert(
      fc.property(
        anyAmount,
        basisPoints,
        fc.array(fc.bigInt({ min: 0n, max: 1_000_000n }), { minLength: 1, maxLength: 12 }),
        (amount, share, weights) => {
          fc.pre(weights.some((weight) => weight > 0n))
          const { commission, rest } = splitCommission(usd(amount), share)
          const parts = allocate(rest, weights)
          expect(sumOf([commission, ...parts], 'USD')).toEqual(usd(amount))
          const total = weights.reduce((sum, weight) => sum + weight, 0n)
          for (const [index, part] of parts.entries()) {
            const exact = rest.amount * (weights[index] ?? 0n)
            expect(part.amount).toBeGreaterThanOrEqual(0n)
            expect(part.amount * total).toBeGreaterThan(exact - total)
            expect(part.amount * total).toBeLessThan(exact + total)
          }
        },
      ),
      { numRuns: 500 },
    )
  })

  test('gives what is left over to those that lost most, of equals to the first', () => {
    expect(allocate(usd(100), [1n, 1n, 1n]).map(({ amount }) => amount)).toEqual([34n, 33n, 33n])
    expect(allocate(usd(5), [3n, 7n, 0n]).map(({ amount }) => amount)).toEqual([2n, 3n, 0n])
    expect(allocate(usd(1), [1n, 2n]).map(({ amount }) => amount)).toEqual([0n, 1n])
  })

  test('is refused for shares that are none', () => {
    for (const share of [-1, 10_001, 0.5, Number.NaN])
      expect(() => splitCommission(usd(1), share)).toThrow(code('invalid_share'))
    for (const weights of [[], [0n], [2n, -1n]])
      expect(() => allocate(usd(1), weights)).toThrow(code('invalid_share'))
    expect(() => splitCommission(usd(-1), 100)).toThrow(code('more_than_left'))
    expect(() => allocate(usd(-1), [1n])).toThrow(code('more_than_left'))
  })
})

describe('refunds in parts', () => {
  test('give back exactly the commission by the time that all is refunded', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 1n, max: 10_000_000n }),
        basisPoints,
        fc.array(fc.bigInt({ min: 1n, max: 1_000_000n }), { maxLength: 8 }),
        (amount, share, wanted) => {
          const charge = { amount: usd(amount), ...splitCommission(usd(amount), share) }
          let refunded = zero('USD')
          let [fromCommission, fromRest] = [zero('USD'), zero('USD')]
          for (const part of [...wanted, amount]) {
            const left = amount - refunded.amount
            if (left === 0n) break
            const refund = usd(part < left ? part : left)
            const { commission, rest } = splitRefund(charge, refunded, refund)
            expect(commission.amount).toBeGreaterThanOrEqual(0n)
            expect(rest.amount).toBeGreaterThanOrEqual(0n)
            expect(add(commission, rest)).toEqual(refund)
            refunded = add(refunded, refund)
            fromCommission = add(fromCommission, commission)
            fromRest = add(fromRest, rest)
          }
          expect(refunded.amount).toBe(amount)
          expect(fromCommission).toEqual(charge.commission)
          expect(fromRest).toEqual(charge.rest)
        },
      ),
      { numRuns: 500 },
    )
  })

  test('are never more than was paid, and never nothing', () => {
    const charge = { amount: usd(100), commission: usd(10) }
    expect(splitRefund(charge, usd(0), usd(40))).toEqual({ commission: usd(4), rest: usd(36) })
    expect(() => splitRefund(charge, usd(90), usd(30))).toThrow(code('more_than_left'))
    expect(() => splitRefund(charge, usd(0), usd(0))).toThrow(code('not_positive'))
    expect(() => splitRefund(charge, usd(0), money(1, 'EUR'))).toThrow(code('asset_mismatch'))
  })
})
