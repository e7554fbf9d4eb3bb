/**
 * How finely the API divides each currency, which is what its minor units count, and amounts of them. `Intl` knows only how
 * a country writes its prices: for it the rupiah has no decimals, and an amount would look a hundred times too large.
 */

type Amount = { readonly amount: string; readonly currency: string }

const listed = (codes: string): readonly string[] => codes.trim().split(/\s+/)

export const wholeCurrencies = listed(`
  BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF
`)
export const finerCurrencies = listed(`
  BHD IQD JOD KWD LYD OMR TND
`)
/** What is not money, and is divided finely enough for a token. */
export const credits = 'CRD'

/** How many decimals one unit has: 2 for `USD`, 0 for `JPY`, 6 for credits. */
export function digitsOf(currency: string): number {
  if (wholeCurrencies.includes(currency)) return 0
  if (finerCurrencies.includes(currency)) return 3
  return currency === credits ? 6 : 2
}

/**
 * What a person types, in minor units: `12.34`, `12,34` and `1 234.50` of EUR. Null where it is no amount of that
 * currency. Groups are told by blanks or apostrophes only: whether `1.234` is a thousand nobody can know.
 */
export function parseAmount(typed: string, currency: string): string | null {
  const digits = digitsOf(currency)
  const plain = typed.trim().replaceAll(/(?<=\d)[\s'’](?=\d{3})/g, '')
  const [, units, decimals = ''] = /^(\d{1,15})(?:[.,](\d+))?$/.exec(plain) ?? []
  if (units === undefined || decimals.length > digits) return null
  return String(BigInt(`${units}${decimals.padEnd(digits, '0')}`))
}

/** The same the other way round, as a person would type it: `1234.50`. */
export function writeAmount(
  amount: string,
  currency: string,
  decimalSign: '.' | ',' = '.',
): string {
  const digits = digitsOf(currency)
  const sign = amount.startsWith('-') ? '-' : ''
  const padded = amount.replace('-', '').padStart(digits + 1, '0')
  const units = `${sign}${padded.slice(0, padded.length - digits)}`
  return digits === 0 ? units : `${units}${decimalSign}${padded.slice(-digits)}`
}

/** For files and searches: `12.34 USD`. */
export const moneyText = (of: Amount): string =>
  `${writeAmount(of.amount, of.currency)} ${of.currency}`

/** What several amounts come to, by currency: exact, however large. */
export function sumsOf(amounts: readonly Amount[]): readonly Amount[] {
  const sums = new Map<string, bigint>()
  for (const { amount, currency } of amounts)
    sums.set(currency, (sums.get(currency) ?? 0n) + BigInt(amount))
  return [...sums].map(([currency, amount]) => ({ amount: String(amount), currency }))
}
