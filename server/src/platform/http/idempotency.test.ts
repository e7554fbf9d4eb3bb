import { createHash, randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import { Type } from 'typebox'
import { beforeEach, expect, test } from 'vitest'
import { type Reply, type TestClient, startServer } from '../../app/testing.ts'
import { defineErrors } from '../errors.ts'
import { defineEvent } from '../events/index.ts'
import { idempotencyKeys } from '../tables.ts'
import { forgetExpiredKeys } from './index.ts'

const ordered = defineEvent<{ amount: string }>()('test.ordered')
const paid = defineEvent<{ receipt: string }>()('test.paid')
const errors = defineErrors('test', {
  broke: [500, 'It broke.'],
  declined: [402, 'Declined.'],
  unknown_account: [404, 'There is no such account.'],
  unfit: [422, 'It does not fit.'],
  too_early: [425, 'Too early.'],
  conflicting: [409, 'Not now.'],
  refused: [403, 'No.'],
  expired: [401, 'Sign in again.'],
  gone: [410, 'Gone.'],
  slow_down: [429, 'Slow down.'],
})

/** The service outside: what it was asked, and how it behaves this time. */
const outside = { calls: [] as string[], before: async () => {}, after: async () => {} }
/** What every run of the handler does last, before it answers. */
const ending = { run: async () => {} }
const runs = { count: 0 }

beforeEach(() => {
  outside.calls = []
  outside.before = async () => {}
  outside.after = async () => {}
  ending.run = async () => {}
  runs.count = 0
})

const Payment = Type.Object({
  amount: Type.String(),
  note: Type.Optional(Type.String()),
  meta: Type.Optional(Type.Object({ a: Type.Integer(), b: Type.Array(Type.Integer()) })),
})
const Paid = Type.Object({
  data: Type.Object({ receipt: Type.String(), at: Type.String(), amount: Type.String() }),
})

const server = await startServer({
  environment: { REQUEST_TIMEOUT: '5' },
  extend: async (app) => {
    const schema = { body: Payment, response: { 201: Paid } }
    // As money moves: a row first, then the provider, then the row again.
    for (const [url, config] of [
      ['/api/v1/test/payments', { can: 'users.read_self', idempotency: 'required' }],
      ['/api/v1/test/gifts', { public: true }],
      ['/api/v1/test/gifts/:id', { public: true }],
    ] as const)
      app.post(url, {
        config,
        schema,
        handler: async (request, reply) => {
          runs.count += 1
          const { amount } = request.body
          const order = await request.ctx.tx(async (tx) => {
            await tx.record(ordered, 'order', { amount })
            return { id: randomUUID(), madeAt: new Date(), cents: 10n }
          })
          await outside.before()
          // The provider knows a charge by its order and makes it once.
          const receipt = `receipt of ${order.id}`
          if (!outside.calls.includes(receipt)) outside.calls.push(receipt)
          await outside.after()
          await request.ctx.tx((tx) => tx.record(paid, 'order', { receipt }))
          await ending.run()
          const at = new Date(order.madeAt.getTime() + Number(order.cents)).toISOString()
          return reply
            .code(201)
            .header('location', `/orders/${order.id}`)
            .send({ data: { receipt, at, amount } })
        },
      })
    app.post('/api/v1/test/fail/:code', {
      config: { can: 'users.read_self' },
      schema: { params: Type.Object({ code: Type.String() }), response: { 204: Type.Null() } },
      handler: async (request) => {
        runs.count += 1
        const { code } = request.params
        if (code in errors) throw errors[code as keyof typeof errors]()
        throw new Error(code)
      },
    })
    app.post('/api/v1/test/secret', {
      config: { public: true, idempotency: 'off' },
      schema: { response: { 200: Type.Object({ run: Type.Integer() }) } },
      handler: async () => ({ run: (runs.count += 1) }),
    })
    app.post('/api/v1/test/password', {
      config: { public: true },
      schema: {
        body: Type.Object({ password: Type.String() }),
        response: { 200: Type.Object({ token: Type.String() }) },
      },
      handler: async (request) => {
        const token = await request.ctx.tx(async () => `token for ${request.body.password}`)
        await ending.run()
        return { token }
      },
    })
  },
})
const payments = '/api/v1/test/payments'
const gifts = '/api/v1/test/gifts'
const body = { amount: '100' }
const member = await server.as()
const keyed = (key: string) => ({ 'idempotency-key': key })
const pay = (key: string, client: TestClient = member, sent: unknown = body) =>
  client.post(payments, sent, keyed(key))
const rows = () => server.db.select().from(idempotencyKeys)
const rowOf = async (key: string) => (await rows()).find((row) => row.key === key)

async function countOf(name: string): Promise<number> {
  return (await server.facts()).filter((fact) => fact.name === name).length
}
async function effectsOf(work: () => Promise<unknown>) {
  const before = [await countOf('test.ordered'), await countOf('test.paid')] as const
  await work()
  return {
    ordered: (await countOf('test.ordered')) - before[0],
    paid: (await countOf('test.paid')) - before[1],
  }
}
const once = { ordered: 1, paid: 1 }
const expireLease = (key: string) =>
  server.db.execute(
    sql`update platform_idempotency_keys set lease_until = now() - interval '1 second' where key = ${key}`,
  )

function expectReplay(second: Reply, first: Reply): void {
  expect(second.status).toBe(first.status)
  expect(second.text).toBe(first.text)
  expect(second.headers['idempotent-replayed']).toBe('true')
  expect(first.headers['idempotent-replayed']).toBeUndefined()
  for (const name of ['content-type', 'location'])
    expect(second.headers[name]).toBe(first.headers[name])
}

test('where a key is required, a request without one has no effect', async () => {
  expect(
    await effectsOf(async () => {
      expect(await member.post(payments, body)).toMatchObject({
        status: 400,
        body: { code: 'http.idempotency_key_required' },
      })
    }),
  ).toEqual({ ordered: 0, paid: 0 })
})

test.each(['', ' ', 'a b', 'ü', 'a\tb', 'k'.repeat(256), 'a, a'])('“%s” is no key', async (key) => {
  const reply = await pay(key)
  expect(reply).toMatchObject({ status: 400, body: { code: 'http.invalid_idempotency_key' } })
})

test.each(['k', 'k'.repeat(255), `!~'"(){}[]\\;%`])('%s is a key', async (key) => {
  const first = await pay(key)
  expect(first.status).toBe(201)
  expectReplay(await pay(key), first)
})

test('the second request has the first one’s answer, byte for byte, and no effect', async () => {
  const effects = await effectsOf(async () => {
    const first = await pay('twice')
    for (let index = 0; index < 3; index += 1) expectReplay(await pay('twice'), first)
  })
  expect(effects).toEqual(once)
  expect(runs.count).toBe(1)
})

test('while the first request runs, the second is told to wait; afterwards it has the answer', async () => {
  const gate = Promise.withResolvers<void>()
  const started = Promise.withResolvers<void>()
  outside.before = async () => {
    started.resolve()
    await gate.promise
  }
  const first = pay('in-flight')
  await started.promise
  const second = await pay('in-flight')
  expect(second).toMatchObject({ status: 409, body: { code: 'http.idempotency_in_progress' } })
  expect(Number(second.headers['retry-after'])).toBeGreaterThanOrEqual(1)
  gate.resolve()
  const answer = await first
  expect(answer.status).toBe(201)
  expectReplay(await pay('in-flight'), answer)
})

test('the same key with another body, path or query is refused, and the first answer stays', async () => {
  const first = await pay('other-body')
  const reused = { status: 422, body: { code: 'http.idempotency_key_reused' } }
  expect(await pay('other-body', member, { amount: '101' })).toMatchObject(reused)
  expect(await pay('other-body', member, { amount: '100', note: 'x' })).toMatchObject(reused)
  expect(await member.post(`${payments}?x=1`, body, keyed('other-body'))).toMatchObject(reused)
  expectReplay(await pay('other-body'), first)
  expect((await member.post(`${gifts}/1`, body, keyed('path'))).status).toBe(201)
  expect(await member.post(`${gifts}/2`, body, keyed('path'))).toMatchObject(reused)
})

test('while it runs, the same key with another body is refused too', async () => {
  const gate = Promise.withResolvers<void>()
  const started = Promise.withResolvers<void>()
  outside.before = async () => {
    started.resolve()
    await gate.promise
  }
  const first = pay('other-in-flight')
  await started.promise
  expect(await pay('other-in-flight', member, { amount: '1' })).toMatchObject({ status: 422 })
  gate.resolve()
  expect((await first).status).toBe(201)
})

test('M33 order of keys, white space and fields that are dropped make no other request', async () => {
  const first = await pay('spelling', member, '{"amount":"5","note":"n","meta":{"a":1,"b":[1,2]}}')
  expect(first.status).toBe(201)
  for (const text of [
    '{"note":"n","meta":{"b":[1,2],"a":1},"amount":"5"}',
    ' {\n "amount" : "5" , "note":"n", "meta" : { "a" : 1.0, "b" : [ 1 , 2 ] } }',
    String.raw`{"\u0061mount":"\u0035","note":"n","meta":{"a":1,"b":[1,2]}}`,
    '{"amount":"5","note":"n","meta":{"a":1,"b":[1,2]},"unknown":1}',
  ])
    expectReplay(await pay('spelling', member, text), first)
  for (const text of [
    '{"amount":"5","note":"n","meta":{"a":1,"b":[2,1]}}',
    '{"amount":"5","note":"n","meta":{"a":1,"b":[12]}}',
    '{"amount":"5","note":"n"}',
  ])
    expect((await pay('spelling', member, text)).status).toBe(422)
})

test('an alias is the same route: its key and its answer are the same', async () => {
  const first = await member.post('/v1/test/payments', body, keyed('alias'))
  expect(first.headers['link']).toBeDefined()
  const second = await pay('alias')
  expectReplay(second, first)
  expect(second.headers['link']).toBeUndefined()
  expectReplay(await member.post('/api/test/payments', body, keyed('alias')), first)
})

test('keys of two users, and of one user on two routes, never meet', async () => {
  const stranger = await server.as()
  const first = await pay('shared')
  const second = await pay('shared', stranger)
  expect(second.status).toBe(201)
  expect(second.headers['idempotent-replayed']).toBeUndefined()
  expect(second.text).not.toBe(first.text)
  const elsewhere = await member.post(gifts, body, keyed('shared'))
  expect(elsewhere.headers['idempotent-replayed']).toBeUndefined()
  expectReplay(await pay('shared', stranger), second)
})

test('strangers are told apart by their address, and from everybody who is signed in', async () => {
  const first = await server.anonymous.post(gifts, body, keyed('anonymous'))
  expect(first.status).toBe(201)
  expectReplay(await server.anonymous.post(gifts, body, keyed('anonymous')), first)
  const signedIn = await member.post(gifts, body, keyed('anonymous'))
  expect(signedIn.headers['idempotent-replayed']).toBeUndefined()
  const elsewhere = await server.app.inject({
    method: 'POST',
    url: gifts,
    headers: { 'content-type': 'application/json', ...keyed('anonymous') },
    payload: JSON.stringify(body),
    remoteAddress: '198.51.100.7',
  })
  expect(elsewhere.statusCode).toBe(201)
  expect(elsewhere.headers['idempotent-replayed']).toBeUndefined()
})

test('a replay is given only to who may still ask for it', async () => {
  const leaving = await server.as()
  expect((await pay('leaving', leaving)).status).toBe(201)
  expect((await leaving.post('/api/v1/auth/logout')).status).toBe(204)
  const later = await pay('leaving', leaving)
  expect(later).toMatchObject({ status: 401 })
  expect(later.text).not.toContain('receipt')
})

test('of twenty requests at once one has an effect, and every answer is that one’s', async () => {
  for (let round = 0; round < 3; round += 1) {
    const key = `at-once-${round}`
    const effects = await effectsOf(async () => {
      const replies = await Promise.all(Array.from({ length: 20 }, () => pay(key)))
      const answers = replies.filter(({ status }) => status === 201)
      expect(new Set(answers.map(({ text }) => text)).size).toBe(1)
      expect(replies.every(({ status }) => status === 201 || status === 409)).toBe(true)
      expect(
        answers.filter(({ headers }) => headers['idempotent-replayed'] === undefined),
      ).toHaveLength(1)
    })
    expect(effects).toEqual(once)
  }
})

/** The process is gone: nothing after this point runs, and its lease is left to run out. */
const crash = () => new Promise<never>(() => {})

test.each([
  ['before the provider is asked', (die: () => Promise<never>) => (outside.before = die)],
  ['after the provider has answered', (die: () => Promise<never>) => (outside.after = die)],
  [
    'after everything is recorded, before the answer',
    (die: () => Promise<never>) => (ending.run = die),
  ],
])('a crash %s: the retry goes on from there and ends with one charge', async (name, arrange) => {
  const key = `crash-${name.replaceAll(/\W/g, '-')}`
  const effects = await effectsOf(async () => {
    const died = Promise.withResolvers<void>()
    arrange(() => {
      died.resolve()
      return crash()
    })
    void pay(key)
    await died.promise
    expect((await pay(key)).status).toBe(409)
    await expireLease(key)
    arrange((async () => {}) as never)
    const retry = await pay(key)
    expect(retry.status).toBe(201)
    expect(JSON.parse(retry.text).data.receipt).toBe(outside.calls[0])
    expectReplay(await pay(key), retry)
  })
  expect(effects).toEqual(once)
  expect(outside.calls).toHaveLength(1)
})

test('of many retries after a crash one goes on', async () => {
  const died = Promise.withResolvers<void>()
  outside.after = () => {
    died.resolve()
    return crash()
  }
  const effects = await effectsOf(async () => {
    void pay('crash-many')
    await died.promise
    await expireLease('crash-many')
    outside.after = () => pause(50)
    const replies = await Promise.all(Array.from({ length: 10 }, () => pay('crash-many')))
    expect(replies.filter(({ status }) => status === 201)).toHaveLength(1)
    expect(replies.filter(({ status }) => status === 409)).toHaveLength(9)
  })
  expect(effects).toEqual(once)
})

test('a request whose lease was taken over can commit nothing more', async () => {
  const gate = Promise.withResolvers<void>()
  const started = Promise.withResolvers<void>()
  outside.after = async () => {
    outside.after = async () => {}
    started.resolve()
    await gate.promise
  }
  const effects = await effectsOf(async () => {
    const slow = pay('fenced')
    await started.promise
    await expireLease('fenced')
    const retry = await pay('fenced')
    expect(retry.status).toBe(201)
    gate.resolve()
    expect((await slow).status).toBe(409)
    expectReplay(await pay('fenced'), retry)
  })
  expect(effects).toEqual(once)
})

test('nor while whoever took it over is still at work: that one goes on, and answers', async () => {
  const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()] as const
  const started = [Promise.withResolvers<void>(), Promise.withResolvers<void>()] as const
  let turn = 0
  outside.after = async () => {
    const mine = turn === 0 ? 0 : 1
    turn += 1
    started[mine].resolve()
    await gates[mine].promise
  }
  const effects = await effectsOf(async () => {
    const slow = pay('fenced-twice')
    await started[0].promise
    await expireLease('fenced-twice')
    const retry = pay('fenced-twice')
    await started[1].promise
    gates[0].resolve()
    expect((await slow).status).toBe(409)
    gates[1].resolve()
    const answer = await retry
    expect(answer.status).toBe(201)
    expectReplay(await pay('fenced-twice'), answer)
  })
  expect(effects).toEqual(once)
})

test('a lease that runs cannot be taken over', async () => {
  const gate = Promise.withResolvers<void>()
  const started = Promise.withResolvers<void>()
  outside.before = async () => {
    started.resolve()
    await gate.promise
  }
  const first = pay('leased')
  await started.promise
  const row = await rowOf('leased')
  expect(row?.state).toBe('in_progress')
  expect(row?.leaseUntil.getTime()).toBeGreaterThan(Date.now() + 5_000)
  gate.resolve()
  await first
})

test('a failure of ours is not kept: the retry goes on where it stopped', async () => {
  const effects = await effectsOf(async () => {
    outside.after = () => Promise.reject(new Error('the provider hung up'))
    const failed = await pay('failed')
    expect(failed.status).toBe(500)
    outside.after = async () => {}
    const retry = await pay('failed')
    expect(retry.status).toBe(201)
    expect(retry.headers['idempotent-replayed']).toBeUndefined()
    expectReplay(await pay('failed'), retry)
  })
  expect(effects).toEqual(once)
  expect(outside.calls).toHaveLength(1)
  expect(server.failures.splice(0)).toHaveLength(1)
})

test.each(['expired', 'refused', 'conflicting', 'too_early', 'slow_down', 'broke'])(
  'the answer %s is not kept',
  async (code) => {
    for (let index = 0; index < 2; index += 1) {
      const reply = await member.post(`/api/v1/test/fail/${code}`, undefined, keyed(code))
      expect(reply.headers['idempotent-replayed']).toBeUndefined()
    }
    expect(runs.count).toBe(2)
    expect(await rowOf(code)).toBeUndefined()
    server.failures.length = 0
  },
)

test.each(['declined', 'unknown_account', 'unfit', 'gone'])(
  'the answer %s is definitive and kept',
  async (code) => {
    const first = await member.post(`/api/v1/test/fail/${code}`, undefined, keyed(code))
    expectReplay(await member.post(`/api/v1/test/fail/${code}`, undefined, keyed(code)), first)
    expect(runs.count).toBe(1)
  },
)

test('what is refused before the handler runs leaves no key behind', async () => {
  const before = (await rows()).length
  const refusals = [
    await server.anonymous.post(payments, body, keyed('refused')),
    await pay('refused', member, { amount: 1 }),
    await pay('refused', member, '{'),
    await member.post('/api/v1/nothing', body, keyed('refused')),
    await member.post('/api/v1/users', body, keyed('refused')),
    await member.patch('/api/v1/users/me', { name: 'x' }, keyed('refused')),
    await member.get('/api/v1/users/me', keyed('refused')),
  ]
  expect(refusals.map(({ status }) => status)).toEqual([401, 422, 400, 404, 405, 200, 200])
  expect((await rows()).length).toBe(before)
  expect((await pay('refused')).status).toBe(201)
})

test('a route whose answers hold secrets keeps none of them', async () => {
  const send = () => server.anonymous.post('/api/v1/test/secret', undefined, keyed('secret'))
  expect((await send()).body).toEqual({ run: 1 })
  expect((await send()).body).toEqual({ run: 2 })
  expect(await rowOf('secret')).toBeUndefined()
})

test('neither a body nor an answer nor a result can be read in the table, or guessed from it', async () => {
  const died = Promise.withResolvers<void>()
  ending.run = () => {
    died.resolve()
    return crash()
  }
  const send = () =>
    server.anonymous.post('/api/v1/test/password', { password: 'hunter2hunter2' }, keyed('sealed'))
  void send()
  await died.promise
  const halfway = JSON.stringify(
    await server.db.execute(
      sql`select *, encode(array_to_string(phases, '')::bytea, 'escape') as clear from platform_idempotency_keys where key = 'sealed'`,
    ),
  )
  await expireLease('sealed')
  ending.run = async () => {}
  const answer = await send()
  expect(answer.body).toEqual({ token: 'token for hunter2hunter2' })
  const row = await rowOf('sealed')
  const done = [row?.body?.toString('latin1'), row?.fingerprint.toString('latin1')].join()
  for (const text of [halfway, done]) expect(text).not.toMatch(/hunter2|token for/)
  const guess = createHash('sha256')
    .update(
      `POST\n/api/v1/test/password\n${server.settings.apiVersion}\n{"password":"hunter2hunter2"}`,
    )
    .digest()
  expect(row?.fingerprint.equals(guess)).toBe(false)
})

test('a sealed answer that is moved to another key is not given out', async () => {
  await pay('from')
  await pay('to', member, { amount: '7' })
  await server.db.execute(
    sql`update platform_idempotency_keys set body = (select body from platform_idempotency_keys where key = 'from') where key = 'to'`,
  )
  const reply = await pay('to', member, { amount: '7' })
  expect(reply.status).toBe(500)
  expect(server.failures.splice(0)).toHaveLength(1)
})

test('an expired key is forgotten, and may be used for something else', async () => {
  const first = await pay('old')
  await server.db.execute(
    sql`update platform_idempotency_keys set expires_at = now() - interval '1 second' where key = 'old'`,
  )
  const again = await pay('old', member, { amount: '9' })
  expect(again.status).toBe(201)
  expect(again.text).not.toBe(first.text)
  expectReplay(await pay('old', member, { amount: '9' }), again)
  await server.db.execute(
    sql`update platform_idempotency_keys set expires_at = now() - interval '1 second' where key = 'old'`,
  )
  expect(await forgetExpiredKeys(server.db)).toBe(1)
  expect(await rowOf('old')).toBeUndefined()
})

test('answers about money are remembered for thirty days, others for one', async () => {
  await pay('money')
  await member.post(gifts, body, keyed('gift'))
  const days = async (key: string) =>
    ((await rowOf(key))?.expiresAt.getTime() ?? 0) / 86_400_000 - Date.now() / 86_400_000
  expect(await days('money')).toBeCloseTo(30, 1)
  expect(await days('gift')).toBeCloseTo(1, 1)
})

test('a key that two servers on one database see is one key', async () => {
  const second = await startServer({
    location: server.location,
    extend: async (app) => {
      app.post(gifts, {
        config: { public: true },
        schema: { body: Payment, response: { 201: Paid } },
        handler: async () => {
          throw new Error('it was done already')
        },
      })
    },
  })
  const first = await server.anonymous.post(gifts, body, keyed('two-servers'))
  expect(first.status).toBe(201)
  expectReplay(await second.anonymous.post(gifts, body, keyed('two-servers')), first)
})
