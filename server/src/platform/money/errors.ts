/** What may be wrong with an amount of money. */
import { defineErrors } from '../errors.ts'

export const moneyErrors = defineErrors('money', {
  not_whole: [
    422,
    'An amount is a whole number of the smallest unit.',
    'Send USD 10.99 as `1099`; never send a fraction.',
  ],
  out_of_range: [422, 'An amount is too large to be kept.'],
  unknown_asset: [
    422,
    'There is no such currency.',
    'Use a code of ISO 4217 in capital letters, or `CRD` for credits.',
  ],
  asset_mismatch: [422, 'Amounts in different currencies cannot be combined.'],
  not_positive: [422, 'An amount has to be more than nothing.'],
  invalid_share: [422, 'A share is a whole number of basis points from 0 to 10,000.'],
  more_than_left: [422, 'This is more than what is left.'],
  not_chargeable: [422, 'The payment provider does not take this currency.'],
  not_divisible: [
    422,
    'The payment provider does not take so fine an amount in this currency.',
    'Use a price without the last digits; an amount is never rounded up.',
  ],
  below_minimum: [422, 'The payment provider does not take so small an amount.'],
  above_maximum: [422, 'The payment provider does not take so large an amount.'],
})
