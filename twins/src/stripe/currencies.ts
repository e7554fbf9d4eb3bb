/** Currencies: which there are, and what an amount in each may be. */
import { invalid } from './errors.ts'

const known = new Set(
  (
    'usd aed afn all amd ang aoa ars aud awg azn bam bbd bdt bgn bhd bif bmd bnd bob brl bsd bwp byn bzd ' +
    'cad cdf chf clp cny cop crc cve czk djf dkk dop dzd egp etb eur fjd fkp gbp gel gip gmd gnf gtq gyd ' +
    'hkd hnl htg huf idr ils inr isk jmd jod jpy kes kgs khr kmf krw kwd kyd kzt lak lbp lkr lrd lsl mad ' +
    'mdl mga mkd mmk mnt mop mur mvr mwk mxn myr mzn nad ngn nio nok npr nzd omr pab pen pgk php pkr pln ' +
    'pyg qar ron rsd rub rwf sar sbd scr sek sgd shp sle sos srd std szl thb tjs tnd top try ttd twd tzs ' +
    'uah ugx uyu uzs vnd vuv wst xaf xcd xof xpf yer zar zmw'
  ).split(' '),
)

/** What a payment has to be at least, in minor units. */
const minimums: Readonly<Record<string, number>> = {
  usd: 50,
  aed: 200,
  aud: 50,
  bgn: 100,
  brl: 50,
  cad: 50,
  chf: 50,
  czk: 1500,
  dkk: 250,
  eur: 50,
  gbp: 30,
  hkd: 400,
  huf: 17_500,
  inr: 50,
  jpy: 50,
  mxn: 1000,
  myr: 200,
  nok: 300,
  nzd: 50,
  pln: 200,
  ron: 200,
  sek: 300,
  sgd: 50,
  thb: 1000,
}

/** Written with two decimals, although there is nothing smaller than the whole. */
const wholeOnly = new Set(['isk', 'ugx'])
const threeDecimals = new Set(['bhd', 'jod', 'kwd', 'omr', 'tnd'])
/** Charged in hundredths, paid out in wholes. */
const paidOutWhole = new Set(['huf', 'isk', 'twd', 'ugx'])

const largestCardAmount = 999_999_999_999
const largestOtherAmount = 99_999_999

export function readCurrency(value: string, param = 'currency'): string {
  const currency = value.toLowerCase()
  if (known.has(currency)) return currency
  throw invalid(
    `Invalid currency: ${currency}. Three-letter ISO codes in lowercase are expected.`,
    {
      param,
    },
  )
}

/** Any amount of money in a request. */
export function checkAmount(amount: number, currency: string, param = 'amount'): void {
  if (amount <= 0)
    throw invalid('This value must be greater than or equal to 1.', {
      code: 'parameter_invalid_integer',
      param,
    })
  if (wholeOnly.has(currency) && amount % 100 !== 0)
    throw invalid(`Amounts in ${currency} must end in 00.`, {
      code: 'invalid_charge_amount',
      param,
    })
  if (threeDecimals.has(currency) && amount % 10 !== 0)
    throw invalid(`Amounts in ${currency} must end in 0.`, { code: 'invalid_charge_amount', param })
}

export function minimumOf(currency: string): number {
  return minimums[currency] ?? 1
}

export function checkChargeAmount(amount: number, currency: string, isCard = true): void {
  checkAmount(amount, currency)
  const minimum = minimumOf(currency)
  if (amount < minimum)
    throw invalid(`Amount must be at least ${minimum} in the smallest unit of ${currency}.`, {
      code: 'amount_too_small',
      param: 'amount',
    })
  if (amount > (isCard ? largestCardAmount : largestOtherAmount))
    throw invalid('Amount has too many digits for this currency.', {
      code: 'amount_too_large',
      param: 'amount',
    })
}

export function checkPayoutAmount(amount: number, currency: string): void {
  checkAmount(amount, currency)
  if (paidOutWhole.has(currency) && amount % 100 !== 0)
    throw invalid(`Payouts in ${currency} must be multiples of 100.`, { param: 'amount' })
}
