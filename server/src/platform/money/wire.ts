/** How money looks in JSON: `{"amount":"1099","currency":"USD"}`. A text, because many readers of JSON know only floats. */
import { Type } from 'typebox'
import { choice } from '../http/schemas.ts'
import { type Asset, assets } from './assets.ts'
import { type Money, money } from './money.ts'

/** A currency as a filter: one of those there are. */
export const AssetCode = choice(assets, 'ISO 4217, or `CRD` for credits.')

/** A currency of an amount. Listing them all with every amount would double the description of the API. */
export const Currency = Type.Unsafe<Asset>({
  type: 'string',
  pattern: '^[A-Z]{3}$',
  description: 'ISO 4217, or `CRD` for credits.',
})

/** The schema of an amount, in answers and in bodies. */
export const MoneyView = Type.Object({
  amount: Type.String({
    pattern: '^(0|-?[1-9][0-9]{0,30})$',
    description: 'A whole number of the smallest unit: USD 10.99 is `1099`.',
  }),
  currency: Currency,
})

/** Also for sums that are too large to be one amount. */
export const presentMoney = ({ amount, asset }: Pick<Money, 'amount' | 'asset'>) => ({
  amount: amount.toString(),
  currency: asset,
})

/** Throws `money.out_of_range` and `money.unknown_asset` (422) for what the schema lets through. */
export const parseMoney = (given: { amount: string; currency: string }): Money =>
  money(given.amount, given.currency)
