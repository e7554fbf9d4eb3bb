/** Times, amounts and numbers, as the reader's language writes them. */
import { digitsOf, writeAmount } from './amounts.ts'
import { useLanguage, type Language } from './words.ts'

export type Money = { readonly amount: string; readonly currency: string }

const tags: Readonly<Record<Language, string>> = { en: 'en-GB', de: 'de-DE' }

export function useFormat() {
  const tag = tags[useLanguage()]
  return {
    time: (at: string) =>
      new Intl.DateTimeFormat(tag, { dateStyle: 'medium', timeStyle: 'medium' }).format(
        new Date(at),
      ),
    day: (at: string) => new Intl.DateTimeFormat(tag, { dateStyle: 'medium' }).format(new Date(at)),
    since: (at: string) => relative(tag, at),
    money: (money: Money) => formatMoney(tag, money),
    /** For a field, with the decimal sign that the reader types. */
    typedAmount: ({ amount, currency }: Money) =>
      writeAmount(amount, currency, tag === 'de-DE' ? ',' : '.'),
    number: (value: number, digits = 0) =>
      new Intl.NumberFormat(tag, { maximumFractionDigits: digits }).format(value),
    percent: (share: number) =>
      new Intl.NumberFormat(tag, { style: 'percent', maximumFractionDigits: 1 }).format(share),
    milliseconds: (value: number) =>
      value < 1000
        ? `${new Intl.NumberFormat(tag, { maximumFractionDigits: value < 10 ? 1 : 0 }).format(value)} ms`
        : `${new Intl.NumberFormat(tag, { maximumFractionDigits: 1 }).format(value / 1000)} s`,
    bytes: (value: number) => formatBytes(tag, value),
  }
}

/** Minor units are a string of digits of any length: no floating point comes near them. */
export function formatMoney(tag: string, { amount, currency }: Money): string {
  const digits = digitsOf(currency)
  const format = new Intl.NumberFormat(tag, {
    style: 'currency',
    currency,
    // Credits are divided so finely that zeros at their end would hide the number.
    minimumFractionDigits: Math.min(digits, 3),
    maximumFractionDigits: digits,
  })
  return format.format(writeAmount(amount, currency) as Intl.StringNumericLiteral)
}

const steps: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
]

function relative(tag: string, at: string): string {
  const seconds = (Date.parse(at) - Date.now()) / 1000
  const format = new Intl.RelativeTimeFormat(tag, { numeric: 'auto' })
  const [unit, size] = steps.find((step) => Math.abs(seconds) >= step[1]) ?? ['second', 1]
  return format.format(Math.trunc(seconds / size), unit)
}

function formatBytes(tag: string, value: number): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const
  const power = Math.min(units.length - 1, value < 1 ? 0 : Math.floor(Math.log10(value) / 3))
  return new Intl.NumberFormat(tag, {
    style: 'unit',
    unit: units[power] ?? 'byte',
    maximumFractionDigits: 1,
  }).format(value / 1000 ** power)
}
