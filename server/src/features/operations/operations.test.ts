/** What whoever runs the product looks at: the overview, the settings, the checklist. */
import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { limitPolicies } from '../../app/limit-policies.ts'
import { type Reply, startServer } from '../../app/testing.ts'
import { api, me, query, signIn } from '../auth/testing.ts'
import { countedFacts, signInLimits } from './counted-facts.ts'
import { bucketsOf, whileOf } from './whiles.ts'

const canary = randomBytes(12).toString('hex')
const server = await startServer({ environment: { STRIPE_SECRET_KEY: `sk_test_${canary}` } })
const overview = `${api}/admin/overview`
const checklist = `${api}/admin/checklist`
const settings = `${api}/admin/settings`

const root = await server.as('super_admin')
const admin = await server.as('admin')
const support = await server.as('support')
const finance = await server.as('finance')
const member = await server.as('member')

type Bucket = Record<string, number> & { at: string }
const sum = (rows: Bucket[], key: string) => rows.reduce((total, row) => total + (row[key] ?? 0), 0)

test('the overview tells as much as its reader may know, and no more', async () => {
  const everything =
    'alerts disputes drifts from inbox jobs people revenue seconds traffic until window'
  const { data: all } = (await admin.get(overview)).body
  expect(Object.keys(all).toSorted()).toEqual(everything.split(' '))
  const { data: seen } = (await support.get(overview)).body
  expect(seen).toHaveProperty('people')
  for (const part of ['revenue', 'traffic', 'alerts', 'disputes', 'inbox', 'drifts'])
    expect(seen).not.toHaveProperty(part)
  const { data: money } = (await finance.get(overview)).body
  expect(money).toMatchObject({ disputes: { needEvidence: 0, firstDueAt: null } })
  for (const part of ['people', 'traffic', 'jobs']) expect(money).not.toHaveProperty(part)
  expect((await member.get(overview)).status).toBe(403)
  expect((await server.anonymous.get(overview)).status).toBe(401)
})

test('requests, sign-ins and registrations are counted where they happened', async () => {
  const before = (await admin.get(overview)).body.data
  await signIn(server, member.email)
  await signIn(server, member.email, { password: 'quite another one' })
  await server.as('member')
  await member.get(me)
  await server.process.flush()
  const { data } = (await admin.get(`${overview}?window=1h`)).body
  expect(data.people).toHaveLength(60)
  const more = (key: string) => sum(data.people, key) - sum(before.people, key)
  expect({
    signIns: more('signIns'),
    failed: more('failedSignIns'),
    registrations: more('registrations'),
  }).toEqual({ signIns: 2, failed: 1, registrations: 1 })
  expect(sum(data.traffic, 'count')).toBeGreaterThan(0)
  const busy = data.traffic.find(({ count = 0 }: Bucket) => count > 0)
  expect(busy.p50Ms).toBeGreaterThan(0)
  expect(busy.p99Ms).toBeGreaterThanOrEqual(busy.p50Ms)
})

test('sign-ins that a rate limit stopped are told apart from those that failed', async () => {
  const strict = await startServer({ environment: { RATE_LIMIT_ENABLED: 'true' } })
  const there = await strict.as('admin')
  const known = await strict.as('member')
  const before = (await there.get(overview)).body.data
  const replies: Reply[] = []
  for (let count = 0; count < 40; count += 1)
    replies.push(await signIn(strict, known.email, { password: 'quite another one' }))
  const answered = (status: number) => replies.filter((reply) => reply.status === status).length
  expect(answered(401)).toBeGreaterThan(0)
  expect(answered(429)).toBeGreaterThan(0)
  // A limit of another door is none of a sign-in.
  for (let count = 0; count < 30; count += 1)
    await strict.anonymous.post(`${api}/auth/forgot-password`, { email: known.email })
  await strict.process.flush()
  const { data } = (await there.get(overview)).body
  const more = (key: string) => sum(data.people, key) - sum(before.people, key)
  expect({ failed: more('failedSignIns'), stopped: more('stoppedSignIns') }).toEqual({
    failed: answered(401),
    stopped: answered(429),
  })
  const policies = limitPolicies(strict.settings).map(({ name }) => name)
  expect(signInLimits.filter((name) => !policies.includes(name))).toEqual([])
})

test.each([
  ['1h', 60, 60],
  ['24h', 24, 3600],
  ['7d', 168, 3600],
])('a window of %s has %i whiles, also where nothing was', async (window, count, seconds) => {
  const { data } = (await root.get(`${overview}?window=${window}`)).body
  expect(data).toMatchObject({ window, seconds })
  expect(data.traffic).toHaveLength(count)
  expect(data.traffic[0].at).toBe(data.from)
  expect(Date.parse(data.until)).toBe(Date.parse(data.from) + count * seconds * 1000)
})

test('revenue is what came in less what went back, by currency, to the unit', async () => {
  const money = (name: string, amount: string, currency: string) =>
    query(
      server,
      `insert into platform_events (id, name, outcome, actor_kind, actor_id, subject_id, data, request_id)
       values ($1, $2, 'succeeded', 'system', 'test', null, $3, 'r')`,
      [newId(), name, { amount, currency }],
    )
  await money('payments.held', '9007199254740993', 'USD')
  await money('payments.held', '500', 'EUR')
  await money('refunds.succeeded', '2', 'USD')
  await money('payments.started', '777', 'USD')
  const { revenue } = (await finance.get(`${overview}?window=24h`)).body.data
  expect(revenue.map(({ at: _at, ...row }: { at: string }) => row)).toEqual([
    { currency: 'EUR', captured: '500', refunded: '0', net: '500' },
    {
      currency: 'USD',
      captured: '9007199254740993',
      refunded: '2',
      net: '9007199254740991',
    },
  ])
})

test('the facts that are counted are facts that rooms state', async () => {
  const stated = await Promise.all(
    ['auth', 'users', 'payments', 'refunds'].map(
      async (room) => Object.values((await import(`../${room}/events.ts`)) as object) as unknown[],
    ),
  )
  const names = stated.flat().map((event) => (event as { name: string }).name)
  expect(countedFacts.filter((name) => !names.includes(name))).toEqual([])
})

test('a while is cut into parts that begin with a whole one and end with the one that runs', () => {
  const span = whileOf(new Date('2026-03-01T10:20:30Z'), '1h')
  expect(span.from.toISOString()).toBe('2026-03-01T09:21:00.000Z')
  expect(span.until.toISOString()).toBe('2026-03-01T10:21:00.000Z')
  const known = [{ at: new Date('2026-03-01T10:20:00Z'), n: 3 }]
  expect(bucketsOf(span, known, { n: 0 }).filter(({ n }) => n > 0)).toEqual(known)
})

test('settings are shown with what they are for, and their secrets are not', async () => {
  const { status, body, text } = await admin.get(settings)
  expect(status).toBe(200)
  const row = (name: string) => body.data.find((each: { name: string }) => each.name === name)
  expect(row('STRIPE_SECRET_KEY')).toMatchObject({ value: '••••', isSecret: true, isSet: true })
  expect(row('PORT')).toMatchObject({ isSecret: false, doc: expect.stringMatching(/\w/) })
  expect(text).not.toContain(canary)
  expect(text).not.toContain(server.settings.secretKey)
  for (const client of [support, finance, member]) {
    expect((await client.get(settings)).status).toBe(403)
    expect((await client.get(checklist)).status).toBe(403)
  }
})

test('the checklist says what is to be done, and each part of it is really tried', async () => {
  const { body } = await admin.get(checklist)
  expect(body.data.map(({ part }: { part: string }) => part)).toEqual([
    'mail',
    'storage',
    'payments',
    'signing_key',
    'alerts',
  ])
  expect(body.data[0]).toMatchObject({ state: 'attention', remedy: expect.any(String) })
  const tryPart = (part: string) => admin.post(`${checklist}/${part}/test`)
  const mails = (await server.mails(admin.email)).length
  expect((await tryPart('mail')).body.data).toMatchObject({
    part: 'mail',
    state: 'attention',
    finding: 'mail_captured',
    values: {},
  })
  expect(await server.mails(admin.email)).toHaveLength(mails + 1)
  expect((await tryPart('storage')).body.data).toMatchObject({ state: 'ok' })
  expect((await server.process.context.ports.storage.list('checks/')).objects).toEqual([])
  expect((await tryPart('signing_key')).body.data).toMatchObject({ state: 'ok' })
  expect((await tryPart('alerts')).body.data).toMatchObject({ state: 'attention' })
  expect((await tryPart('everything')).status).toBe(404)
  expect((await support.post(`${checklist}/mail/test`)).status).toBe(403)
  const tested = (await server.facts()).filter(({ name }) => name === 'operations.part_tested')
  expect(tested.map(({ data }) => data)).toEqual([
    { part: 'mail', state: 'attention' },
    { part: 'storage', state: 'ok' },
    { part: 'signing_key', state: 'ok' },
    { part: 'alerts', state: 'attention' },
  ])
})

test('a mail server that is not there is named, with what it said', async () => {
  const broken = await startServer({
    environment: { MAIL_DRIVER: 'smtp', SMTP_HOST: '127.0.0.1', SMTP_PORT: '1' },
  })
  const there = await broken.as('admin')
  const [mail] = (await there.get(checklist)).body.data
  expect(mail).toMatchObject({ part: 'mail', state: 'failed', remedy: expect.any(String) })
  const { data } = (await there.post(`${checklist}/mail/test`)).body
  expect(data.state).toBe('failed')
  expect(data.values.said).toContain('ECONNREFUSED')
  expect(data.detail).toContain(data.values.said)
})

test('tests have a limit of their own', async () => {
  const strict = await startServer({ environment: { RATE_LIMIT_ENABLED: 'true' } })
  const there = await strict.as('admin')
  for (let count = 0; count < 20; count += 1)
    expect((await there.post(`${checklist}/signing_key/test`)).status).toBe(200)
  expect((await there.post(`${checklist}/signing_key/test`)).status).toBe(429)
})

/** In the order of time, as ids of facts are. */
function newId(): string {
  const time = Date.now().toString(16).padStart(12, '0')
  const rest = randomBytes(9).toString('hex')
  return `${time.slice(0, 8)}-${time.slice(8)}-7${rest.slice(0, 3)}-8${rest.slice(3, 6)}-${rest.slice(6, 18)}`
}
