/** Every list that can be sorted, in each of its orders: page by page, with many rows at the same place. */
import { expect, test } from 'vitest'
import openapi from '../../openapi.json' with { type: 'json' }
import { type Reply, startServer } from './testing.ts'
import { query } from '../features/auth/testing.ts'
import { givenAdmin } from '../features/admin/testing.ts'

type Row = Record<string, unknown> & { id: string }
type Place = readonly (bigint | number | string)[]
type PlaceOf = (row: Row) => Place

const server = await startServer()
const root = await givenAdmin(server)
const member = await server.as('member')
const rows = 60

const money = ({ amount }: { amount: { amount: string; currency: string } }): Place => [
  amount.currency,
  BigInt(amount.amount),
]
const text = (value: unknown) => (typeof value === 'string' ? value.toLowerCase() : '')
/** By path: where a row stands in each order, as the answer tells it. What is not said stands where its id does. */
const lists: Readonly<Record<string, Readonly<Record<string, PlaceOf>>>> = {
  '/admin/users': {
    createdAt: () => [],
    email: ({ email }) => [text(email)],
    name: ({ name }) => [text(name)],
  },
  '/payments': { createdAt: () => [], price: ({ price }) => money({ amount: price as never }) },
  '/refunds': { createdAt: () => [], amount: (row) => money(row as never) },
  '/disputes': {
    openedAt: ({ openedAt }) => [text(openedAt)],
    dueAt: ({ dueAt }) => [text(dueAt) || 'x'],
    amount: (row) => money(row as never),
  },
  '/invitations': { createdAt: () => [], email: ({ email }) => [text(email)] },
  '/admin/inbox/events': { receivedAt: () => [] },
  '/admin/audit-logs': { at: () => [] },
  '/admin/monitoring/slow-requests': {
    at: () => [],
    durationMs: ({ durationMs }) => [Number(durationMs)],
  },
}

const newId = `('0189' || substr(md5(n::text), 1, 4) || '-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid`
const many = `from generate_series(1, ${rows}) n`
const amounts = `(1 + n % 3) * 100000000000000000, case when n % 2 = 0 then 'USD' else 'EUR' end`
for (const statement of [
  `insert into users_users (id, email, name) select ${newId}, 'sorted' || (n * 7 % ${rows}) || '@example.com',
     case when n % 4 = 0 then null when n % 4 = 1 then 'ada' when n % 4 = 2 then 'Ada' else 'Ärmel "É\\' end ${many}`,
  `insert into payments_payments (id, user_id, amount, asset, provider) select ${newId}, '${member.userId}', ${amounts}, 'stripe' ${many}`,
  `insert into refunds_refunds (id, payment_id, user_id, amount, asset, provider, origin, state)
     select ${newId}, ${newId}, '${member.userId}', ${amounts}, 'stripe', 'asked', 'failed' ${many}`,
  `insert into disputes_disputes (id, payment_id, user_id, amount, asset, provider, provider_ref, state, reason, has_evidence, claims,
       is_withdrawn, is_reinstated, movements, opened_at, due_at)
     select ${newId}, ${newId}, '${member.userId}', ${amounts}, 'stripe', n::text, 'won', 'fraudulent', false, 0, true, true, 2,
       timestamptz '2026-01-01' + make_interval(days => n % 5), case when n % 3 = 0 then null else timestamptz '2026-02-01' + make_interval(days => n % 4) end ${many}`,
  `insert into monitoring_slow_requests (id, request_id, method, route, status, duration_ms, at)
     select ${newId}, n::text, 'GET', '/x', 200, (n % 5) + 0.1, now() ${many}`,
  `insert into inbox_events (id, provider, provider_event_id, account, type, kind, object_id, is_live, raw, state, occurred_at)
     select ${newId}, 'stripe', n::text, '', 'thing.changed', 'thing', 'x', false, '{}', 'received', now() ${many}`,
])
  await query(server, statement)
for (let index = 0; index < 7; index += 1)
  await root.post('/api/v1/invitations', {
    email: `invited${(index * 3) % 7}@example.com`,
    role: 'member',
  })

const get = (path: string, parameters: Readonly<Record<string, string>>): Promise<Reply> =>
  root.get(`/api/v1${path}?${new URLSearchParams(parameters).toString()}`)

async function walk(path: string, sort: string, limit: number): Promise<Row[]> {
  const seen: Row[] = []
  let cursor: string | null = null
  do {
    const reply = await get(path, {
      sort,
      limit: String(limit),
      ...(cursor !== null && { cursor }),
    })
    expect(reply.status, `${path} by ${sort}`).toBe(200)
    seen.push(...reply.body.data)
    cursor = reply.body.meta.nextCursor
  } while (cursor !== null)
  return seen
}

const orders = Object.entries(lists).flatMap(([path, fields]) =>
  Object.entries(fields).flatMap(([field, placeOf]) => [
    { path, sort: field, placeOf },
    { path, sort: `-${field}`, placeOf },
  ]),
)

test('the lists here are those that the API says can be sorted, by what it says', () => {
  const declared = Object.entries(openapi.paths).flatMap(([path, methods]) => {
    const { parameters = [] } = ('get' in methods ? methods.get : {}) as {
      parameters?: { name: string; in: string; schema?: { enum?: string[] } }[]
    }
    return (
      parameters
        .filter(({ name, in: place }) => name === 'sort' && place === 'query')
        // Below one thing there is the same list, narrowed.
        .filter(() => !path.includes('{'))
        .flatMap(({ schema }) =>
          (schema?.enum ?? []).map((sort) => `${path.replace('/api/v1', '')} ${sort}`),
        )
    )
  })
  expect(orders.map(({ path, sort }) => `${path} ${sort}`).toSorted()).toEqual(declared.toSorted())
})

test.each(orders)('$path by $sort: each row once, in this order', async (order) => {
  const { path, sort, placeOf } = order
  const seen = await walk(path, sort, 100)
  expect(new Set(seen.map(({ id }) => id)).size).toBe(seen.length)
  expect(seen.length).toBeGreaterThan(6)
  const sign = sort.startsWith('-') ? -1 : 1
  const sorted = seen.toSorted((one, another) =>
    compared([...placeOf(one), one.id], [...placeOf(another), another.id], sign),
  )
  expect(seen.map(({ id }) => id)).toEqual(sorted.map(({ id }) => id))
  const bySevens = await walk(path, sort, 7)
  expect(bySevens.map(({ id }) => id)).toEqual(seen.map(({ id }) => id))
})

function compared(one: Place, another: Place, sign: number): number {
  const index = one.findIndex((value, place) => value !== another[place])
  if (index === -1) return 0
  return one[index]! < another[index]! ? -sign : sign
}

test('a cursor goes on only in the order that it came from', async () => {
  const { nextCursor } = (await get('/payments', { sort: 'price', limit: '1' })).body.meta
  for (const sort of ['-price', 'createdAt', '-createdAt'])
    expect(await get('/payments', { sort, cursor: nextCursor })).toMatchObject({
      status: 422,
      body: { code: 'http.invalid_cursor' },
    })
  expect((await get('/payments', { cursor: nextCursor })).status).toBe(422)
  expect((await get('/payments', { sort: 'price', cursor: nextCursor })).status).toBe(200)
})

test('what somebody made up is refused, and never a failure of ours', async () => {
  const before = server.failures.length
  const id = '01890000-0000-7000-8000-000000000001'
  const made = (keys: unknown) => Buffer.from(JSON.stringify(keys)).toString('base64url')
  for (const [path, sort, keys] of [
    ['/payments', 'price', ['USD', '1e999']],
    ['/payments', 'price', ['USD', '9'.repeat(30)]],
    ['/payments', 'price', ['USD']],
    ['/admin/users', 'createdAt', ['x']],
    ['/disputes', 'dueAt', ['tomorrow at noon']],
    ['/admin/monitoring/slow-requests', 'durationMs', ['fast']],
  ] as const)
    expect(await get(path, { sort, cursor: made([sort, keys, id]) }), path).toMatchObject({
      status: 422,
      body: { code: 'http.invalid_cursor' },
    })
  const withNul = made(['name', ['a\0'], id])
  expect((await get('/admin/users', { sort: 'name', cursor: withNul })).status).toBe(422)
  expect((await get('/payments', { sort: 'userId' })).status).toBe(422)
  expect((await get('/payments', { sort: '--price' })).status).toBe(422)
  expect(server.failures.length).toBe(before)
})

test('each order reads an index, however many rows there are', async () => {
  const connection = await server.owner.connect()
  // For so few rows any way would do.
  await connection.query('set enable_seqscan = off')
  const plans = [
    ['users_users', `lower(coalesce(name, ''))`, 'users_users_name'],
    ['payments_payments', 'asset, amount', 'payments_payments_amount'],
    ['refunds_refunds', 'asset, amount', 'refunds_refunds_amount'],
    ['disputes_disputes', 'asset, amount', 'disputes_disputes_amount'],
    ['disputes_disputes', `coalesce(opened_at, 'infinity')`, 'disputes_disputes_opened'],
    ['disputes_disputes', `coalesce(due_at, 'infinity')`, 'disputes_disputes_due'],
    ['monitoring_slow_requests', 'duration_ms', 'monitoring_slow_requests_slowest'],
  ]
  for (const [table, keys, index] of plans) {
    const { rows: plan } = await connection.query(
      `explain select * from ${table} order by ${keys}, id limit 21`,
    )
    expect(JSON.stringify(plan)).toContain(index)
    expect(JSON.stringify(plan)).not.toContain('Sort')
  }
  connection.release(true)
})
