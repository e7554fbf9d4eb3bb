/** Amounts at Stripe's edge: as its page on currencies wants them, and nothing rounded that a customer pays. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { assets, maxAmount, money, scaleOf } from './index.ts'
import { fromStripe, payableByStripe, requireChargeable, toStripe } from './stripe.ts'

const code = (name: string) => expect.objectContaining({ code: `money.${name}` })

test('each kind of currency is counted as Stripe counts it', () => {
  const sent = (amount: number, asset: string) => toStripe(money(amount, asset))
  expect(sent(1099, 'USD')).toEqual({ amount: 1099, currency: 'usd' })
  expect(sent(500, 'JPY')).toEqual({ amount: 500, currency: 'jpy' })
  // Without decimals, and written with two.
  expect(sent(5, 'UGX')).toEqual({ amount: 500, currency: 'ugx' })
  expect(sent(5, 'ISK')).toEqual({ amount: 500, currency: 'isk' })
  // Two decimals by ISO 4217, none at Stripe.
  expect(sent(500, 'MGA')).toEqual({ amount: 5, currency: 'mga' })
  expect(sent(1045, 'HUF')).toEqual({ amount: 1045, currency: 'huf' })
  expect(sent(5120, 'KWD')).toEqual({ amount: 5120, currency: 'kwd' })
})

test('what Stripe cannot take is refused, never rounded', () => {
  expect(() => toStripe(money(5124, 'KWD'))).toThrow(code('not_divisible'))
  expect(() => toStripe(money(550, 'MGA'))).toThrow(code('not_divisible'))
  expect(() => toStripe(money(1, 'CRD'))).toThrow(code('not_chargeable'))
  for (const amount of [0, -1])
    expect(() => toStripe(money(amount, 'USD'))).toThrow(code('not_positive'))
})

test('what Stripe says in parts that there are none of is refused, too', () => {
  expect(fromStripe({ amount: 500, currency: 'isk' })).toEqual(money(5, 'ISK'))
  expect(() => fromStripe({ amount: 550, currency: 'isk' })).toThrow(code('not_divisible'))
  expect(() => fromStripe({ amount: 10.5, currency: 'usd' })).toThrow(code('not_whole'))
  expect(() => fromStripe({ amount: 1, currency: 'xxx' })).toThrow(code('unknown_asset'))
  expect(() => fromStripe({ amount: 1, currency: 'crd' })).toThrow(code('not_chargeable'))
})

test('every amount that can be sent comes back as it was', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...assets.filter((asset) => asset !== 'CRD')),
      fc.bigInt({ min: 1n, max: 99_999_999n }),
      (asset, steps) => {
        const step = asset === 'MGA' ? 100n : scaleOf(asset) === 3 ? 10n : 1n
        const given = money(steps * step, asset)
        expect(fromStripe(toStripe(given))).toEqual(given)
      },
    ),
  )
})

test('amounts are as long as the way to pay allows', () => {
  const twelve = money(999_999_999_999n, 'USD')
  expect(toStripe(twelve).amount).toBe(999_999_999_999)
  expect(() => toStripe(twelve, 'other')).toThrow(code('above_maximum'))
  expect(toStripe(money(99_999_999, 'USD'), 'other').amount).toBe(99_999_999)
  expect(() => toStripe(money(maxAmount, 'USD'))).toThrow(code('above_maximum'))
  // It is the number that is sent which counts.
  expect(() => toStripe(money(10_000_000_000, 'ISK'))).toThrow(code('above_maximum'))
})

test('a price below the least that Stripe takes is refused where it is made', () => {
  expect(requireChargeable(money(50, 'USD'))).toEqual(money(50, 'USD'))
  expect(() => requireChargeable(money(49, 'USD'))).toThrow(code('below_minimum'))
  expect(() => requireChargeable(money(17_499, 'HUF'))).toThrow(code('below_minimum'))
  expect(requireChargeable(money(1, 'KES'))).toEqual(money(1, 'KES'))
  expect(() => requireChargeable(money(5, 'KWD'))).toThrow(code('not_divisible'))
})

test('of forints and Taiwan dollars whole ones are paid out, and the rest stays', () => {
  for (const asset of ['HUF', 'TWD'])
    expect(payableByStripe(money(1045, asset))).toEqual({
      payable: money(1000, asset),
      rest: money(45, asset),
    })
  expect(payableByStripe(money(1045, 'USD'))).toEqual({
    payable: money(1045, 'USD'),
    rest: money(0, 'USD'),
  })
  expect(payableByStripe(money(5124, 'KWD')).rest).toEqual(money(4, 'KWD'))
  expect(payableByStripe(money(550, 'MGA')).rest).toEqual(money(50, 'MGA'))
})
