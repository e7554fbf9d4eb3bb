/** Products: what is sold. */
import { invalid } from './errors.ts'
import { emit, previousOf } from './events.ts'
import { newId } from './ids.ts'
import { isWithin, moment, page, pageParameters } from './listing.ts'
import { operation } from './operation.ts'
import {
  type Metadata,
  type Values,
  clearable,
  flag,
  listOf,
  mergeMetadata,
  metadata,
  required,
  text,
} from './parameters.ts'
import { type Home, take } from './world.ts'

export type Product = {
  id: string
  object: 'product'
  active: boolean
  attributes: string[]
  created: number
  default_price: string | null
  description: string | null
  images: string[]
  livemode: false
  marketing_features: []
  metadata: Metadata
  name: string
  package_dimensions: null
  shippable: boolean | null
  statement_descriptor: string | null
  tax_code: null
  type: 'service'
  unit_label: string | null
  updated: number
  url: string | null
}

const fields = {
  active: flag,
  description: clearable(text),
  images: listOf(text),
  metadata,
  statement_descriptor: text,
  unit_label: clearable(text),
  url: clearable(text),
}
const creating = { ...fields, id: text, name: required(text) }

export function createProduct(home: Home, values: Values<typeof creating>): Product {
  const { metadata: given, id = newId('prod', 14), ...plain } = values
  if (home.products.has(id))
    throw invalid(`Product already exists: ${id}`, { code: 'resource_already_exists', param: 'id' })
  const now = home.world.clock.now()
  const product: Product = {
    id,
    object: 'product',
    active: true,
    attributes: [],
    created: now,
    default_price: null,
    description: null,
    images: [],
    livemode: false,
    marketing_features: [],
    metadata: mergeMetadata({}, given),
    package_dimensions: null,
    shippable: null,
    statement_descriptor: null,
    tax_code: null,
    type: 'service',
    unit_label: null,
    updated: now,
    url: null,
    ...Object.fromEntries(Object.entries(plain).filter(([, value]) => value !== undefined)),
    name: values.name,
  }
  home.products.set(id, product)
  emit(home, 'product.created', product)
  return product
}

export const productOperations = [
  operation('POST /v1/products', {
    parameters: creating,
    answers: 'product',
    run: ({ home, values }) => createProduct(home, values),
  }),
  operation('GET /v1/products', {
    parameters: { ...pageParameters, active: flag, created: moment, ids: listOf(text) },
    answers: 'product',
    isList: true,
    run({ home, values }) {
      const { active, created, ids } = values
      const found = [...home.products.values()]
        .filter((each) => isWithin(created, each.created))
        .filter((each) => active === undefined || each.active === active)
        .filter((each) => ids === undefined || ids.includes(each.id))
      return page('/v1/products', found, values)
    },
  }),
  operation('GET /v1/products/:id', {
    answers: 'product',
    run: ({ home, part }) => take(home.products, part('id'), 'product'),
  }),
  operation('POST /v1/products/:id', {
    parameters: { ...fields, default_price: text, name: text },
    answers: 'product',
    run({ home, now, values, part }) {
      const { metadata: changed, default_price: price, ...plain } = values
      const product = take(home.products, part('id'), 'product')
      if (price !== undefined && take(home.prices, price, 'price').product !== product.id)
        throw invalid('The default price must belong to the product.', { param: 'default_price' })
      const before = structuredClone(product)
      Object.assign(product, plain, price !== undefined && { default_price: price })
      product.metadata = mergeMetadata(product.metadata, changed)
      product.updated = now
      emit(home, 'product.updated', product, previousOf(before, product))
      return product
    },
  }),
  operation('DELETE /v1/products/:id', {
    answers: 'product',
    run({ home, part }) {
      const product = take(home.products, part('id'), 'product')
      if ([...home.prices.values()].some((each) => each.product === product.id))
        throw invalid('This product cannot be deleted because it has one or more prices.')
      home.products.delete(product.id)
      emit(home, 'product.deleted', product)
      return { id: product.id, object: 'product', deleted: true }
    },
  }),
]
