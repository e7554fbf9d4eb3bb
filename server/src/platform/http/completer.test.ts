/** Requests whose process died and whose client never came back: finished as their caller, or given up, and said so. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { eq, sql } from 'drizzle-orm'
import { beforeEach, expect, test } from 'vitest'
import { eventually, startServer } from '../../app/testing.ts'
import { findProgramAgain } from '../../features/admin/index.ts'
import { openRecall } from '../../features/auth/index.ts'
import { defineErrors } from '../errors.ts'
import { events, idempotencyKeys } from '../tables.ts'
import { openCompleter } from './index.ts'
import { openBrowser } from './testing.ts'
import { paymentRoutes, routes } from './testing-payments.ts'

const errors = defineErrors('test', {
  declined: [402, 'Declined.'],
  conflicting: [409, 'Not now.'],
})

/** The service outside: what it was asked, and what happens right after it was. */
const outside = { calls: [] as string[], after: async () => {} }
/** What happens before the first transaction. */
const beginning = { run: async () => {} }
beforeEach(() => {
  outside.calls = []
  outside.after = async () => {}
  beginning.run = async () => {}
})

const extend = paymentRoutes({
  before: () => beginning.run(),
  ask: async (receipt) => {
    // The service knows a charge by its receipt and makes it once.
    if (!outside.calls.includes(receipt)) outside.calls.push(receipt)
    await outside.after()
  },
})
const server = await startServer({ extend })
const { context } = server.process
const tried: string[] = []
const completer = () =>
  openCompleter({
    context,
    openApp: async () => server.app,
    recall: openRecall(context, findProgramAgain),
    onTried: (outcome) => tried.push(outcome),
  })
/** One run; how each request it tried ended. */
async function complete(): Promise<string[]> {
  tried.length = 0
  await completer()()
  return tried.splice(0)
}

const member = await server.as()
const body = { amount: '100', secret: 'hunter2hunter2' }
const keyed = (key: string) => ({ 'idempotency-key': key })
type Sender = Pick<typeof member, 'post'>

/** The process dies between the two transactions; nothing after that runs. `url`, `headers`: what was sent. */
async function crash(
  key: string,
  sender: Sender = member,
  url: string = routes.payments,
  headers: Record<string, string> = {},
): Promise<void> {
  const died = Promise.withResolvers<void>()
  outside.after = () => {
    died.resolve()
    return new Promise<never>(() => {})
  }
  void sender.post(url, body, { ...headers, ...keyed(key) })
  await died.promise
  outside.after = async () => {}
}

const rowOf = async (key: string) =>
  (await server.db.select().from(idempotencyKeys).where(eq(idempotencyKeys.key, key)))[0]
/** Its lease ran out, so long ago. */
const age = (key: string, seconds = 86_400) =>
  server.db.execute(
    sql`update platform_idempotency_keys set lease_until = now() - make_interval(secs => ${seconds}) where key = ${key}`,
  )
const crashLongAgo = async (...given: Parameters<typeof crash>) => {
  await crash(...given)
  await age(given[0])
}
/** Facts since a moment: who did what, and for whom. */
async function since<T>(work: () => Promise<T>) {
  const known = new Set(
    (await server.db.select({ id: events.id }).from(events)).map(({ id }) => id),
  )
  await work()
  const rows = await server.db.select().from(events).orderBy(events.id)
  return rows.filter(({ id }) => !known.has(id))
}
const namesOf = (facts: readonly { name: string }[]) => facts.map(({ name }) => name)

test('what a dead process left half done is finished once, as its caller, without the client', async () => {
  await crashLongAgo('finished')
  const facts = await since(async () => expect(await complete()).toEqual(['completed']))
  expect(namesOf(facts)).toEqual(['test.paid', 'http.request_completed'])
  const [payment, completion] = facts
  expect(payment).toMatchObject({ actorKind: 'user', actorId: member.userId })
  expect(completion).toMatchObject({
    actorKind: 'system',
    onBehalfOf: member.userId,
    requestId: payment?.requestId,
    data: { route: `POST ${routes.payments}`, key: 'finished', attempts: 1, status: 201 },
  })
  expect(outside.calls).toHaveLength(1)

  const replay = await member.post(routes.payments, body, keyed('finished'))
  expect(replay.headers['idempotent-replayed']).toBe('true')
  expect(replay.body.data.receipt).toBe(outside.calls[0])
  expect(await complete()).toEqual([])
})

test('so is what a process left that was killed with SIGKILL', async () => {
  const { settings, location } = server
  const dying = fork(new URL('dying.child.ts', import.meta.url), {
    env: {
      NODE_ENV: 'test',
      SECRET_KEY: settings.secretKey,
      DATABASE_URL: location.appUrl,
      DATABASE_OWNER_URL: location.ownerUrl,
      ASHLAR_DATA_DIR: settings.ashlarDataDir,
    },
  })
  const exit = once(dying, 'exit')
  await once(dying, 'message')
  const authorization = `Bearer ${member.accessToken}`
  const headers = { authorization, 'content-type': 'application/json', ...keyed('killed') }
  const facts = await since(async () => {
    dying.send({ url: routes.payments, headers, payload: JSON.stringify(body) })
    expect(await exit).toEqual([null, 'SIGKILL'])
    await age('killed')
    expect(await complete()).toEqual(['completed'])
  })
  expect(namesOf(facts)).toEqual(['test.ordered', 'test.paid', 'http.request_completed'])
  expect(outside.calls).toHaveLength(1)
})

test('a client that retries comes first: for half a minute the server waits', async () => {
  await crash('waiting')
  await age('waiting', 20)
  expect(await complete()).toEqual([])
  expect((await member.post(routes.payments, body, keyed('waiting'))).status).toBe(201)
})

test('a request that still runs, and one that committed nothing, are left alone', async () => {
  await crash('running')
  expect(await complete()).toEqual([])
  await age('running')
  expect(await complete()).toEqual(['completed'])

  const died = Promise.withResolvers<void>()
  beginning.run = () => {
    died.resolve()
    return new Promise<never>(() => {})
  }
  void member.post(routes.payments, body, keyed('nothing-yet'))
  await died.promise
  await age('nothing-yet')
  beginning.run = async () => {}
  expect(await complete()).toEqual([])
})

test('where no key is required nobody’s request is kept or finished', async () => {
  await crashLongAgo('gift', member, routes.gifts)
  expect((await rowOf('gift'))?.request).toBeNull()
  expect(await complete()).toEqual([])
})

const setStatus = (userId: string, status: string) =>
  server.db.execute(sql`update users_users set status = ${status} where id = ${userId}`)

test.each([
  ['was suspended', (userId: string) => setStatus(userId, 'suspended')],
  ['was deleted', (userId: string) => setStatus(userId, 'deleted')],
  [
    'ended the session',
    (userId: string) =>
      server.db.execute(sql`update auth_sessions set revoked_at = now() where user_id = ${userId}`),
  ],
  [
    'let the session expire',
    (userId: string) =>
      server.db.execute(sql`update auth_sessions set expires_at = now() where user_id = ${userId}`),
  ],
])('the request of somebody who %s is given up, once, and said so', async (name, leave) => {
  const leaving = await server.as()
  const key = name.replaceAll(' ', '-')
  await crashLongAgo(key, leaving)
  await leave(leaving.userId ?? '')
  const facts = await since(async () => expect(await complete()).toEqual(['abandoned']))
  expect(namesOf(facts)).toEqual(['http.request_abandoned'])
  expect(facts[0]).toMatchObject({
    onBehalfOf: leaving.userId,
    subjectId: leaving.userId,
    data: { key, reason: 'caller_gone' },
  })
  await age(key)
  expect(await complete()).toEqual([])
  expect(await rowOf(key)).toMatchObject({ state: 'in_progress', request: null })
})

test('what a caller may do today decides, not what they could when they sent it', async () => {
  const admin = await server.as('admin')
  await crashLongAgo('lost-role', admin, routes.approvals)
  await server.db.execute(sql`delete from access_grants where user_id = ${admin.userId}`)
  const facts = await since(async () => expect(await complete()).toEqual(['abandoned']))
  expect(namesOf(facts)).toEqual(['http.request_abandoned'])
  expect(facts[0]).toMatchObject({ data: { reason: 'access.forbidden' } })
})

test('an API key finishes what it began while it stands, and not once it is revoked', async () => {
  const made = await member.post('/api/v1/auth/api-keys', {
    name: 'shop',
    scopes: ['users.read_self'],
  })
  const { id, key: secret } = made.body.data
  const program = server.clientWith(member.userId, { authorization: `Bearer ${secret}` })
  await crashLongAgo('by-key', program)
  expect(await complete()).toEqual(['completed'])

  await crashLongAgo('by-dead-key', program)
  expect((await member.delete(`/api/v1/auth/api-keys/${id}`)).status).toBe(204)
  expect(await complete()).toEqual(['abandoned'])
})

test('a browser’s request is finished without its cookie and token, a guest’s without being counted', async () => {
  const browser = await openBrowser(server)
  await crashLongAgo('browser', server.anonymous, routes.payments, browser.headers)
  expect(await complete()).toEqual(['completed'])
  await crashLongAgo('guest', server.anonymous, routes.guests)
  expect(await complete()).toEqual(['completed'])
  const replay = await server.anonymous.post(routes.guests, body, keyed('guest'))
  expect(replay.headers['idempotent-replayed']).toBe('true')
})

test('after it was given up its client can still go on where it stopped', async () => {
  const away = await server.as()
  await crashLongAgo('back-again', away)
  await setStatus(away.userId ?? '', 'suspended')
  expect(await complete()).toEqual(['abandoned'])
  await setStatus(away.userId ?? '', 'active')
  server.process.invalidations.forget([`user:${away.userId}`])
  const facts = await since(async () =>
    expect((await away.post(routes.payments, body, keyed('back-again'))).status).toBe(201),
  )
  expect(namesOf(facts)).toEqual(['test.paid'])
})

test('a failure is tried again later and later, eight times, and then given up', async () => {
  await crashLongAgo('failing')
  outside.after = () => Promise.reject(new Error('the provider hung up'))
  for (let attempt = 1; attempt <= 8; attempt += 1) {
    expect(await complete(), String(attempt)).toEqual(['failed'])
    expect((await rowOf('failing'))?.attempts).toBe(attempt)
    await age('failing', 30 * 2 ** attempt - 5)
    expect(await complete()).toEqual([])
    await age('failing', 30 * 2 ** attempt + 5)
  }
  const facts = await since(async () => expect(await complete()).toEqual(['abandoned']))
  expect(facts[0]).toMatchObject({ data: { reason: 'too_many_attempts' } })
  expect(server.failures.splice(0)).toHaveLength(8)
})

test('a definitive no is an answer; one that may change is not', async () => {
  await crashLongAgo('declined')
  outside.after = () => Promise.reject(errors.declined())
  expect(await complete()).toEqual(['completed'])
  outside.after = async () => {}
  const replay = await member.post(routes.payments, body, keyed('declined'))
  expect(replay).toMatchObject({ status: 402, body: { code: 'test.declined' } })

  await crashLongAgo('conflicting')
  outside.after = () => Promise.reject(errors.conflicting())
  expect(await complete()).toEqual(['failed'])
  outside.after = async () => {}
  await age('conflicting')
  expect(await complete()).toEqual(['completed'])
})

test('of a client and three servers at once, one goes on; there is one effect and one answer', async () => {
  for (let round = 0; round < 20; round += 1) {
    const key = `race-${round}`
    await crashLongAgo(key)
    const facts = await since(async () => {
      const [replies] = await Promise.all([
        Promise.all(
          Array.from({ length: 5 }, () => member.post(routes.payments, body, keyed(key))),
        ),
        ...Array.from({ length: 3 }, () => completer()()),
      ])
      expect(replies.every(({ status }) => status === 201 || status === 409)).toBe(true)
    })
    expect(namesOf(facts).filter((name) => name.startsWith('test.'))).toEqual(['test.paid'])
    expect((await member.post(routes.payments, body, keyed(key))).status).toBe(201)
  }
})

test('while the server finishes it, its client is told to wait, and then has the answer', async () => {
  await crashLongAgo('slow')
  const gate = Promise.withResolvers<void>()
  const started = Promise.withResolvers<void>()
  outside.after = async () => {
    started.resolve()
    await gate.promise
  }
  const completing = complete()
  await started.promise
  expect((await member.post(routes.payments, body, keyed('slow'))).status).toBe(409)
  gate.resolve()
  expect(await completing).toEqual(['completed'])
  const reply = await member.post(routes.payments, body, keyed('slow'))
  expect(reply.headers['idempotent-replayed']).toBe('true')
})

test('the kept request cannot be read in the table, and is gone when it is finished', async () => {
  await crashLongAgo('sealed')
  const kept = (await rowOf('sealed'))?.request
  expect(kept?.length).toBeGreaterThan(50)
  for (const text of ['hunter2', routes.payments, 'session:'])
    expect(kept?.toString('latin1')).not.toContain(text)
  expect(await complete()).toEqual(['completed'])
  expect((await rowOf('sealed'))?.request).toBeNull()
})

test('a kept request that was moved to another key, or no longer is what was asked, is not run', async () => {
  await crashLongAgo('moved-from')
  const other = await server.as()
  await crashLongAgo('moved-to', other)
  await server.db.execute(
    sql`update platform_idempotency_keys set request = (select request from platform_idempotency_keys where key = 'moved-from') where key = 'moved-to'`,
  )
  await crashLongAgo('changed')
  await server.db.execute(
    sql`update platform_idempotency_keys set fingerprint = 'something else' where key = 'changed'`,
  )
  const facts = await since(async () =>
    expect((await complete()).toSorted()).toEqual(['abandoned', 'abandoned', 'completed']),
  )
  const reasons = facts
    .filter(({ name }) => name === 'http.request_abandoned')
    .map(({ data }) => (data as { reason: string }).reason)
  expect(reasons.toSorted()).toEqual(['http.idempotency_key_reused', 'unreadable'])
})

test('the worker does it by the clock', async () => {
  const working = await startServer({ location: server.location, extend, hasJobs: true })
  await crashLongAgo('by-the-clock')
  await eventually(async () => {
    const { rowCount } = await working.db.execute(
      sql`update platform_job_schedules set next_at = now() where name = 'platform.complete_requests'`,
    )
    return rowCount === 1
  })
  const row = await eventually(async () => {
    const found = await rowOf('by-the-clock')
    return found?.state === 'done' && found
  }, 300_000)
  expect(row.status).toBe(201)
})
