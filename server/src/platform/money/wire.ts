/** How money looks in JSON: `{"amount":"1099","currency":"USD"}`. A text, because many readers of JSON know only floats. */
import { Type } from 'typebox'
import { choice } from '../http/schemas.ts'
import { type Asset, assets } from './assets.ts'
import { type Money, money } from './money.ts'

export const AssetCode = choice(assets, 'ISO 4217, or `CRD` for credits.')

/** The schema of an amount, in answers and in bodies. */
export const MoneyView = Type.Object({
  amount: Type.String({
    pattern: '^(0|-?[1-9][0-9]{0,30})$',
    description: 'A whole number of the smallest unit: USD 10.99 is `1099`.',
  }),
  currency: AssetCode,
})

/** Also for sums that are too large to be one amount. */
export const presentMoney = ({ amount, asset }: Pick<Money, 'amount' | 'asset'>) => ({
  amount: amount.toString(),
  currency: asset,
})

/** Throws `money.out_of_range` (422) for what the schema lets through and no column holds. */
export const parseMoney = (given: { amount: string; currency: Asset }): Money =>
  money(given.amount, given.currency)
