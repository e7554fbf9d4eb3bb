/** Amounts as people type and read them, and as the API counts them. */
import { expect, test } from 'vitest'
import { moneyText, parseAmount, sumsOf, writeAmount } from './amounts.ts'

test.each([
  ['12.34', 'USD', '1234'],
  ['12,34', 'EUR', '1234'],
  ['12', 'USD', '1200'],
  ['12.5', 'USD', '1250'],
  ['0.01', 'USD', '1'],
  ['007', 'USD', '700'],
  [' 1 234 567.50 ', 'USD', '123456750'],
  ["1'234.50", 'CHF', '123450'],
  ['500', 'JPY', '500'],
  ['1.250', 'KWD', '1250'],
  ['0.000001', 'CRD', '1'],
  ['150000', 'IDR', '15000000'],
  ['0', 'USD', '0'],
])('%s of %s is %s', (typed, currency, amount) => {
  expect(parseAmount(typed, currency)).toBe(amount)
})

test.each([
  ['', 'USD'],
  ['-1', 'USD'],
  ['1.234', 'USD'],
  ['1.234,50', 'EUR'],
  ['1,234.50', 'USD'],
  ['1.', 'USD'],
  ['.5', 'USD'],
  ['1e3', 'USD'],
  ['12 34', 'USD'],
  ['US$ 5', 'USD'],
  ['5.0', 'JPY'],
])('%s is no amount of %s', (typed, currency) => {
  expect(parseAmount(typed, currency)).toBeNull()
})

test('an amount is written with the decimals of its currency, however large or small', () => {
  expect(writeAmount('5', 'USD')).toBe('0.05')
  expect(writeAmount('1234', 'EUR', ',')).toBe('12,34')
  expect(writeAmount('-5', 'KWD')).toBe('-0.005')
  expect(writeAmount('500', 'JPY')).toBe('500')
  expect(moneyText({ amount: '9223372036854775807', currency: 'USD' })).toBe(
    '92233720368547758.07 USD',
  )
})

test('sums are made by currency, and are exact beyond what a float can hold', () => {
  expect(
    sumsOf([
      { amount: '9007199254740993', currency: 'USD' },
      { amount: '2', currency: 'EUR' },
      { amount: '1', currency: 'USD' },
    ]),
  ).toEqual([
    { amount: '9007199254740994', currency: 'USD' },
    { amount: '2', currency: 'EUR' },
  ])
})
