/** Prices: what a product costs, once or again and again. */
import { checkAmount, readCurrency } from './currencies.ts'
import { invalid } from './errors.ts'
import { emit, previousOf } from './events.ts'
import { newId } from './ids.ts'
import { isWithin, moment, page, pageParameters } from './listing.ts'
import { exactlyOne, operation } from './operation.ts'
import {
  type Metadata,
  type Values,
  clearable,
  flag,
  integer,
  listOf,
  mergeMetadata,
  metadata,
  oneOf,
  required,
  shape,
  text,
} from './parameters.ts'
import { createProduct } from './products.ts'
import { type Home, take } from './world.ts'

export type Recurring = {
  interval: 'day' | 'month' | 'week' | 'year'
  interval_count: number
  meter: null
  trial_period_days: null
  usage_type: 'licensed'
}

export type Price = {
  id: string
  object: 'price'
  active: boolean
  billing_scheme: 'per_unit'
  created: number
  currency: string
  custom_unit_amount: null
  livemode: false
  lookup_key: string | null
  metadata: Metadata
  nickname: string | null
  product: string
  recurring: Recurring | null
  tax_behavior: 'unspecified'
  tiers_mode: null
  transform_quantity: null
  type: 'one_time' | 'recurring'
  unit_amount: number
  unit_amount_decimal: string
}

const recurringParameter = shape({
  interval: required(oneOf('day', 'month', 'week', 'year')),
  interval_count: integer,
  usage_type: oneOf('licensed'),
})
const productData = shape({
  name: required(text),
  description: text,
  images: listOf(text),
  metadata,
})

const creating = {
  active: flag,
  currency: required(text),
  lookup_key: text,
  metadata,
  nickname: text,
  product: text,
  product_data: productData,
  recurring: recurringParameter,
  unit_amount: required(integer),
}

/** A price that is written in place, in a checkout session or an item of a subscription. */
export const priceData = shape({
  currency: required(text),
  product: text,
  product_data: productData,
  recurring: recurringParameter,
  unit_amount: required(integer),
})

export function createPrice(home: Home, values: Values<typeof creating>): Price {
  const currency = readCurrency(values.currency)
  if (values.unit_amount !== 0) checkAmount(values.unit_amount, currency, 'unit_amount')
  const productId =
    exactlyOne(values, 'product', 'product_data') === 'product'
      ? take(home.products, values.product ?? '', 'product', 'product').id
      : createProduct(home, { name: '', ...values.product_data }).id
  checkLookupKey(home, values.lookup_key)
  const { recurring } = values
  const price: Price = {
    id: newId('price'),
    object: 'price',
    active: values.active ?? true,
    billing_scheme: 'per_unit',
    created: home.world.clock.now(),
    currency,
    custom_unit_amount: null,
    livemode: false,
    lookup_key: values.lookup_key ?? null,
    metadata: mergeMetadata({}, values.metadata),
    nickname: values.nickname ?? null,
    product: productId,
    recurring: recurring
      ? {
          interval: recurring.interval,
          interval_count: recurring.interval_count ?? 1,
          meter: null,
          trial_period_days: null,
          usage_type: 'licensed',
        }
      : null,
    tax_behavior: 'unspecified',
    tiers_mode: null,
    transform_quantity: null,
    type: recurring ? 'recurring' : 'one_time',
    unit_amount: values.unit_amount,
    unit_amount_decimal: String(values.unit_amount),
  }
  home.prices.set(price.id, price)
  emit(home, 'price.created', price)
  return price
}

function checkLookupKey(home: Home, key: string | undefined): void {
  if (key === undefined) return
  const other = [...home.prices.values()].find((each) => each.lookup_key === key)
  if (other)
    throw invalid(`A price (${other.id}) already uses that lookup key.`, { param: 'lookup_key' })
}

export const priceOperations = [
  operation('POST /v1/prices', {
    parameters: creating,
    answers: 'price',
    run: ({ home, values }) => createPrice(home, values),
  }),
  operation('GET /v1/prices', {
    parameters: {
      ...pageParameters,
      active: flag,
      created: moment,
      currency: text,
      lookup_keys: listOf(text),
      product: text,
      type: oneOf('one_time', 'recurring'),
    },
    answers: 'price',
    isList: true,
    run({ home, values }) {
      const { active, created, currency, lookup_keys: keys, product, type } = values
      const found = [...home.prices.values()]
        .filter((each) => isWithin(created, each.created))
        .filter((each) => active === undefined || each.active === active)
        .filter((each) => currency === undefined || each.currency === currency)
        .filter((each) => keys === undefined || keys.includes(each.lookup_key ?? ''))
        .filter((each) => product === undefined || each.product === product)
        .filter((each) => type === undefined || each.type === type)
      return page('/v1/prices', found, values)
    },
  }),
  operation('GET /v1/prices/:id', {
    answers: 'price',
    run: ({ home, part }) => take(home.prices, part('id'), 'price'),
  }),
  operation('POST /v1/prices/:id', {
    parameters: { active: flag, lookup_key: text, metadata, nickname: clearable(text) },
    answers: 'price',
    run({ home, values: { metadata: changed, ...plain }, part }) {
      const price = take(home.prices, part('id'), 'price')
      if (plain.lookup_key !== price.lookup_key) checkLookupKey(home, plain.lookup_key)
      const before = structuredClone(price)
      Object.assign(price, plain)
      price.metadata = mergeMetadata(price.metadata, changed)
      emit(home, 'price.updated', price, previousOf(before, price))
      return price
    },
  }),
]
