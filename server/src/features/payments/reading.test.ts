/** Roles that let somebody read some payments: lists, single ones and all that hangs on them tell of no other. */
import { beforeAll, expect, test } from 'vitest'
import { startServer } from '../../app/testing.ts'
import { grantRole } from '../access/index.ts'
import { type Server, api, query } from '../auth/testing.ts'

type Person = Awaited<ReturnType<Server['as']>>

const server = await startServer()
const root = await server.as('super_admin')
let payer: Person
/** By their currency; those in euro are held. */
const ids = { USD: '', EUR: '' }

const ref = (currency: string) => `pi_${currency}`

beforeAll(async () => {
  payer = await server.as('member')
  for (const currency of ['USD', 'EUR'] as const) {
    const [payment] = await query<{ id: string }>(
      server,
      `insert into payments_payments (id, user_id, amount, asset, provider, state, provider_ref)
       values (gen_random_uuid(), $1, 1099, $2, 'stripe', $3, $4) returning id`,
      [payer.userId, currency, currency === 'EUR' ? 'held' : 'created', ref(currency)],
    )
    ids[currency] = payment?.id ?? ''
    await query(
      server,
      `insert into payments_surplus (id, payment_id, provider, collection_ref, amount, asset)
       values (gen_random_uuid(), $1, 'stripe', gen_random_uuid(), 1099, $2)`,
      [ids[currency], currency],
    )
    await query(
      server,
      `insert into payments_attempts (id, payment_id, number, key, request, provider_ref)
       values (gen_random_uuid(), $1, 1, gen_random_uuid(), '{}', $2)`,
      [ids[currency], ref(currency)],
    )
  }
})

let names = 0
async function givenReader(when: object, more: readonly string[] = []): Promise<Person> {
  const name = `reads_${(names += 1)}`
  const rules = [
    { permission: 'payments.read_any', when },
    ...more.map((permission) => ({ permission })),
  ]
  const made = await root.post(`${api}/roles`, { name, rules })
  expect(made.status, made.text).toBe(201)
  const person = await server.as('member')
  await server.ctx().tx((tx) => grantRole(tx, person.userId ?? '', name))
  return person
}

const listed = async (by: Person, url: string, key = 'id'): Promise<string[]> => {
  const reply = await by.get(`${api}${url}`)
  expect(reply.status, reply.text).toBe(200)
  return reply.body.data.map((row: Record<string, string>) => row[key])
}

const onlyEuros: readonly [string, object][] = [
  ['a currency', { currency: 'EUR' }],
  ['a state', { state: { $in: ['held', 'frozen'] } }],
  ['every currency but one', { currency: { $ne: 'USD' }, provider: 'stripe' }],
]

test.each(onlyEuros)('by %s: lists, filters and pages have no other', async (_by, when) => {
  const reader = await givenReader(when)
  expect(await listed(reader, '/payments')).toEqual([ids.EUR])
  expect(await listed(reader, '/payments?currency=USD')).toEqual([])
  expect(await listed(reader, '/payments?state=created&sort=price')).toEqual([])
  expect(await listed(reader, `/payments?userId=${payer.userId}&limit=1`)).toEqual([ids.EUR])
  expect(await listed(reader, '/payments/surplus', 'paymentId')).toEqual([ids.EUR])
})

test.each(onlyEuros)('by %s: another is not there, nor what hangs on it', async (_by, when) => {
  const reader = await givenReader(when, [
    'audit.trace',
    'operations.read_overview',
    'refunds.read',
  ])
  for (const part of ['', '/timeline', '/refunds']) {
    expect((await reader.get(`${api}/payments/${ids.EUR}${part}`)).status).toBe(200)
    const other = await reader.get(`${api}/payments/${ids.USD}${part}`)
    expect(other).toMatchObject({ status: 404, body: { code: 'payments.payment_not_found' } })
  }
  const attemptsOf = async (id: string) =>
    (await reader.get(`${api}/admin/trace/${id}`)).text.includes('"kind":"attempt"')
  for (const currency of ['USD', 'EUR'] as const)
    for (const id of [ids[currency], ref(currency)])
      expect(await attemptsOf(id), id).toBe(currency === 'EUR')
  const { data } = (await reader.get(`${api}/admin/overview?window=24h`)).body
  expect(data).not.toHaveProperty('revenue')
})

test('by whose they are, and one’s own always', async () => {
  const reader = await givenReader({ userId: payer.userId })
  expect(await listed(reader, '/payments')).toHaveLength(2)
  const nobodys = await givenReader({ userId: { $ne: payer.userId }, currency: 'GBP' })
  expect(await listed(nobodys, '/payments')).toEqual([])
  await query(
    server,
    `insert into payments_payments (id, user_id, amount, asset, provider)
     values (gen_random_uuid(), $1, 1099, 'CHF', 'stripe')`,
    [nobodys.userId],
  )
  expect(await listed(nobodys, '/payments')).toHaveLength(1)
})

test('an explanation asks the same of a payment', async () => {
  const reader = await givenReader({ currency: 'EUR' })
  for (const currency of ['USD', 'EUR'] as const) {
    const { body } = await root.get(
      `${api}/access/explain?user=${reader.userId}&permission=payments.read_any&resource=payments:${ids[currency]}`,
    )
    expect(body.data.allowed).toBe(currency === 'EUR')
    expect(body.data.reason).toBe(currency === 'EUR' ? 'granted' : 'conditions')
  }
})

test('a rule about what no payment has, or about fields, is refused', async () => {
  for (const rule of [
    { when: { amount: '1099' } },
    { when: { teams: 'north' } },
    { fields: ['price'] },
  ]) {
    const made = await root.post(`${api}/roles`, {
      name: `reads_${(names += 1)}`,
      rules: [{ permission: 'payments.read_any', ...rule }],
    })
    expect(made).toMatchObject({ status: 422, body: { code: 'access.invalid_rule' } })
  }
})
