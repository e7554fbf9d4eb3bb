import { createHash } from 'node:crypto'
import { type Placeholder, eq, sql } from 'drizzle-orm'
import { Type } from 'typebox'
import { expect, test } from 'vitest'
import { startServer } from '../app/testing.ts'
import { type Committed, type Ctx, type TxCtx, createCtx } from './context.ts'
import { defineErrors } from './errors.ts'
import { defineEvent, refused } from './events/index.ts'
import { defineJob } from './jobs/define.ts'
import { type JobRow, wantedJob } from './jobs/wanted.ts'
import { anonymousFrom } from './http/index.ts'
import { eventDetails, events, invalidations, jobOutbox } from './tables.ts'

const happened = defineEvent<{ count: number }>()('test.happened')
const attempted = defineEvent<{ why: string }>()('test.attempted')
const remind = defineJob('test.remind', {}, async (_ctx, _payload: { count: number }) => {})
const errors = defineErrors('test', { not_today: [409, 'Not today.'] })
const Done = Type.Object({ done: Type.Boolean() })

/** Runs every time a transaction of the route below is tried. */
const tries = { count: 0 }

const server = await startServer({
  extend: async (app) => {
    const config = { can: 'users.read_self' }
    const schema = { response: { 200: Done } }
    app.post('/api/v1/test/happen', {
      config,
      schema,
      handler: async (request) => {
        await request.ctx.tx((tx) => tx.record(happened, 'subject', { count: 1 }))
        return { done: true }
      },
    })
    app.post('/api/v1/test/refuse', {
      config,
      schema,
      handler: async (request) => {
        await request.ctx.tx(async (tx) => {
          await tx.record(happened, 'rolled back', { count: 2 })
          throw errors.not_today().recording(refused(attempted, 'subject', { why: 'sunday' }))
        })
        return { done: true }
      },
    })
    app.post('/api/v1/test/contend', {
      config,
      schema,
      handler: async (request) => {
        await request.ctx.tx(async (tx) => {
          tries.count += 1
          await raise(tx, '40001')
        })
        return { done: true }
      },
    })
  },
})

/** Makes PostgreSQL fail the transaction with this SQLSTATE. */
async function raise(tx: TxCtx, state: string): Promise<void> {
  await tx.db.execute(
    sql.raw(`do $$ begin raise exception 'no' using errcode = '${state}'; end $$`),
  )
}

/** A value where a prepared statement has its placeholder. */
const valueOf = (row: JobRow, name: keyof JobRow) =>
  sql.param(name === 'jobOrigin' ? JSON.stringify(row[name]) : row[name]) as object as Placeholder

const topics = () => server.db.select({ topic: invalidations.topic }).from(invalidations)

async function everythingWritten() {
  return { facts: await server.facts(), jobs: await server.jobs(), topics: await topics() }
}

/** Everything a transaction can leave behind, and a fresh context that notes what was committed. */
function watched(): { ctx: Ctx; commits: Committed[] } {
  const commits: Committed[] = []
  const ctx = createCtx(
    { ...server.process.context, onCommit: (committed) => commits.push(committed) },
    { actor: server.ctx().actor, requestId: 'watched' },
  )
  return { ctx, commits }
}

async function writeAll(tx: TxCtx): Promise<void> {
  await tx.record(happened, 'subject', { count: 1 })
  await tx.enqueue(remind, { count: 1 })
  await tx.invalidate('user:someone')
}

test('a committed transaction leaves its fact, its job and its invalidation, and wakes this process once', async () => {
  const { ctx, commits } = watched()
  const before = await everythingWritten()
  await ctx.tx(writeAll)
  const after = await everythingWritten()
  expect(after.facts.length - before.facts.length).toBe(1)
  expect(after.jobs.length - before.jobs.length).toBe(1)
  expect(after.topics.length - before.topics.length).toBe(1)
  expect(commits).toEqual([{ hasJobs: true, topics: ['user:someone'] }])
})

test('a failed transaction leaves no fact, no job and no invalidation, and wakes nobody', async () => {
  const { ctx, commits } = watched()
  const before = await everythingWritten()
  await expect(
    ctx.tx(async (tx) => {
      await writeAll(tx)
      throw new Error('no')
    }),
  ).rejects.toThrow('no')
  expect(await everythingWritten()).toEqual(before)
  expect(commits).toEqual([])
})

test('a transaction that has ended takes no more writes, however late they come', async () => {
  const { ctx } = watched()
  const before = await everythingWritten()
  const left: TxCtx[] = []
  await expect(
    ctx.tx(async (tx) => {
      left.push(tx)
      throw new Error('no')
    }),
  ).rejects.toThrow('no')
  await ctx.tx(async (tx) => {
    left.push(tx)
  })
  for (const tx of left) {
    await expect(tx.record(happened, 'late', { count: 1 })).rejects.toThrow('is over')
    await expect(tx.enqueue(remind, { count: 1 })).rejects.toThrow('is over')
    await expect(tx.invalidate('user:late')).rejects.toThrow('is over')
    expect(() => tx.db).toThrow('is over')
  }
  expect(await everythingWritten()).toEqual(before)
})

test('the outer context is closed while its transaction is open, and open again afterwards', async () => {
  const { ctx } = watched()
  const before = await server.facts()
  await ctx.tx(async () => {
    expect(() => ctx.db).toThrow('a transaction is open')
    expect(() => ctx.ports).toThrow('a transaction is open')
    await expect(ctx.tx(async () => {})).rejects.toThrow('a transaction is open')
    await expect(ctx.recordRefusal(refused(attempted, null, { why: 'nested' }))).rejects.toThrow(
      'a transaction is open',
    )
  })
  expect(ctx.db).toBeDefined()
  expect(ctx.ports.tokens).toBeDefined()
  await expect(ctx.tx(() => Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect(await ctx.tx(async () => 'open again')).toBe('open again')
  expect(await server.facts()).toEqual(before)
})

test('two transactions of one context cannot run at the same time', async () => {
  const { ctx } = watched()
  const both = await Promise.allSettled([ctx.tx(async () => 1), ctx.tx(async () => 2)])
  expect(both.map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
})

test.each(['40001', '40P01'])('a transaction that lost a race (%s) is run again', async (state) => {
  const { ctx } = watched()
  const before = await server.facts()
  let runs = 0
  const result = await ctx.tx(async (tx) => {
    runs += 1
    await tx.record(happened, state, { count: runs })
    if (runs < 3) await raise(tx, state)
    return runs
  })
  expect(result).toBe(3)
  const added = (await server.facts()).slice(before.length)
  expect(added).toMatchObject([{ subjectId: state, data: { count: 3 } }])
})

test('a transaction that loses three times gives up with a conflict', async () => {
  const member = await server.as()
  tries.count = 0
  const reply = await member.post('/api/v1/test/contend')
  expect(reply).toMatchObject({ status: 409, body: { code: 'database.conflict' } })
  expect(tries.count).toBe(3)
})

test('what is done at once is one statement, and wakes this process like any other', async () => {
  const { ctx, commits } = watched()
  const before = await everythingWritten()
  await ctx.atOnce((tx) => tx.enqueue(remind, { count: 1 }))
  await ctx.atOnce((tx) => tx.invalidate('user:someone'))
  await ctx.atOnce((tx) => tx.record(happened, 'at once', { count: 1 }))
  const after = await everythingWritten()
  expect(after.jobs.length - before.jobs.length).toBe(1)
  expect(after.topics.length - before.topics.length).toBe(1)
  expect(after.facts.length - before.facts.length).toBe(1)
  expect(commits).toEqual([
    { hasJobs: true, topics: [] },
    { hasJobs: false, topics: ['user:someone'] },
  ])
  await expect(ctx.atOnce(writeAll)).rejects.toMatchObject({
    cause: { message: expect.stringContaining('is one statement') },
  })
  await ctx.atOnce(async () => {
    expect(() => ctx.db).toThrow('a transaction is open')
  })
})

test.each(['40001', '40P01'])(
  'what is done at once and lost a race (%s) is done again',
  async (state) => {
    const { ctx, commits } = watched()
    const before = await server.jobs()
    let runs = 0
    await ctx.atOnce(async (tx) => {
      runs += 1
      await (runs < 3 ? raise(tx, state) : tx.enqueue(remind, { count: runs }))
    })
    expect((await server.jobs()).slice(before.length)).toEqual([
      { name: 'test.remind', payload: { count: 3 } },
    ])
    expect(commits).toEqual([{ hasJobs: true, topics: [] }])
  },
)

test('a result that has to be kept for a retried request is kept with what was done at once', async () => {
  const kept = new Map<number, unknown>()
  const ctx = createCtx(server.process.context, {
    actor: server.ctx().actor,
    requestId: 'kept',
    phases: {
      find: (phase) => (kept.has(phase) ? { result: kept.get(phase) } : null),
      save: async (db, phase, result) => {
        await db.insert(invalidations).values({ topic: `kept:${phase}` })
        kept.set(phase, result)
      },
    },
  })
  const enqueueOnce = (given: Ctx) =>
    given.atOnce(async (tx) => {
      await tx.enqueue(remind, { count: 7 })
      return 'enqueued'
    })
  expect(await enqueueOnce(ctx)).toBe('enqueued')
  expect(await topics()).toContainEqual({ topic: 'kept:0' })
  const before = await server.jobs()
  kept.set(1, 'before')
  expect(await enqueueOnce(ctx)).toBe('before')
  expect(await server.jobs()).toEqual(before)
})

test('a job that a statement wants by itself is its own to refuse, and wakes nobody then', async () => {
  const { ctx, commits } = watched()
  const want = (isWanted: boolean) =>
    ctx.atOnce((tx) =>
      tx.enqueueBy(remind, async (row) => {
        const { rows } = await tx.db.execute(sql`
          with wanted as (${wantedJob((name) => valueOf(row, name), {
            payload: sql`'{"count": 4}'::jsonb`,
            from: sql`where ${isWanted}`,
          })}) select job_id from wanted`)
        return { isWanted: rows.length === 1, id: rows[0]?.['job_id'], given: row.jobId }
      }),
    )
  const before = await server.jobs()
  expect(await want(false)).toMatchObject({ isWanted: false })
  expect(await server.jobs()).toEqual(before)
  expect(commits).toEqual([])
  const { id, given } = await want(true)
  expect(id).toBe(given)
  const found = await server.db.select().from(jobOutbox).where(eq(jobOutbox.id, given))
  expect(found).toMatchObject([
    {
      name: 'test.remind',
      key: null,
      payload: { count: 4 },
      origin: { kind: ctx.actor.kind, id: ctx.actor.id, onBehalfOf: null, requestId: 'watched' },
      runAt: ctx.now,
    },
  ])
  expect(commits).toEqual([{ hasJobs: true, topics: [] }])
})

test('any other failure is not tried again', async () => {
  const { ctx } = watched()
  let runs = 0
  await expect(
    ctx.tx(async (tx) => {
      runs += 1
      await raise(tx, '23505')
    }),
  ).rejects.toThrow('Failed query')
  expect(runs).toBe(1)
})

test('two transactions that wait for each other both succeed in the end', async () => {
  const [left, right] = [watched().ctx, watched().ctx]
  const lock = (tx: TxCtx, id: number) =>
    tx.db.execute(sql`select pg_advisory_xact_lock(77, ${id})`)
  let holding = 0
  const both = (ctx: Ctx, first: number, second: number) =>
    ctx.tx(async (tx) => {
      await lock(tx, first)
      holding += 1
      while (holding < 2) await new Promise((resolve) => setTimeout(resolve, 5))
      await lock(tx, second)
    })
  await Promise.all([both(left, 1, 2), both(right, 2, 1)])
  expect(holding).toBe(3)
})

test('a fact tells who did it, from where and in which request', async () => {
  const member = await server.as()
  await member.post('/api/v1/test/happen', undefined, { 'x-request-id': 'facts-1' })
  const found = await server.db
    .select()
    .from(events)
    .where(sql`request_id = 'facts-1'`)
  expect(found).toMatchObject([
    {
      name: 'test.happened',
      outcome: 'succeeded',
      actorKind: 'user',
      actorId: member.userId,
      onBehalfOf: null,
      subjectId: 'subject',
      data: { count: 1 },
    },
  ])
  const [details] = await server.db
    .select()
    .from(eventDetails)
    .where(eq(eventDetails.eventId, found[0]?.id ?? ''))
  expect(details).toMatchObject({ about: member.userId, ip: '127.0.0.1' })
  const hash = createHash('sha256')
    .update(details?.salt ?? '')
    .update('127.0.0.1')
  expect(found[0]?.detailsHash).toEqual(hash.digest())
})

test('a stranger’s attempt on somebody’s account is about that account; the system has no address', async () => {
  const member = await server.as()
  const attempt = refused(attempted, member.userId, { why: 'wrong' })
  await server.ctx().recordRefusal(attempt)
  const from = { ...anonymousFrom('203.0.113.9') }
  const stranger = createCtx(server.process.context, { actor: from, requestId: 'facts-2' })
  await stranger.recordRefusal(attempt)
  const about = await server.db
    .select({ ip: eventDetails.ip })
    .from(eventDetails)
    .innerJoin(events, eq(events.id, eventDetails.eventId))
    .where(sql`about = ${member.userId} and name = 'test.attempted'`)
  expect(about).toEqual([{ ip: '203.0.113.9' }])
})

test('a refused attempt is recorded although its transaction is rolled back', async () => {
  const member = await server.as()
  const before = await server.facts()
  const reply = await member.post('/api/v1/test/refuse')
  expect(reply).toMatchObject({ status: 409, body: { code: 'test.not_today' } })
  expect((await server.facts()).slice(before.length)).toEqual([
    {
      name: 'test.attempted',
      outcome: 'refused',
      actorId: member.userId,
      onBehalfOf: null,
      subjectId: 'subject',
      data: { why: 'sunday' },
    },
  ])
})

test('what somebody who is signed in may not do is recorded; strangers leave no trace', async () => {
  const extended = await startServer({
    extend: async (app) => {
      app.get('/api/v1/test/figures', {
        config: { can: 'admin.read_health' },
        schema: { response: { 200: Done } },
        handler: async () => ({ done: true }),
      })
    },
  })
  const member = await extended.as()
  const before = await extended.facts()
  expect(await extended.anonymous.get('/api/v1/test/figures')).toMatchObject({ status: 401 })
  expect(await extended.facts()).toEqual(before)
  expect(await member.get('/api/v1/test/figures')).toMatchObject({ status: 403 })
  expect((await extended.facts()).slice(before.length)).toEqual([
    {
      name: 'http.request_refused',
      outcome: 'refused',
      actorId: member.userId,
      onBehalfOf: null,
      subjectId: null,
      data: {
        permission: 'admin.read_health',
        code: 'access.forbidden',
        method: 'GET',
        route: '/api/v1/test/figures',
      },
    },
  ])
  const admin = await extended.as('admin')
  expect(await admin.get('/api/v1/test/figures')).toMatchObject({ status: 200 })
})
