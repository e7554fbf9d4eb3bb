import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import { Client } from 'pg'
import { Type } from 'typebox'
import { expect, inject, test } from 'vitest'
import { eventually, startServer } from '../../app/testing.ts'
import { defineEvent } from '../events/index.ts'

const happened = defineEvent<{ step: number }>()('test.happened')

const server = await startServer({
  environment: {
    DB_IDLE_IN_TRANSACTION_TIMEOUT: '1',
    DB_STATEMENT_TIMEOUT: '1',
    DB_LOCK_TIMEOUT: '1',
  },
  extend: async (app) => {
    const config = { can: 'users.read_self' }
    const schema = {
      querystring: Type.Object({ seconds: Type.Number() }),
      response: { 200: Type.Object({ done: Type.Boolean() }) },
    }
    // The connection idles inside its transaction: nobody waits for an answer from it.
    app.post('/api/v1/test/idle', {
      config,
      schema,
      handler: async (request) => {
        await request.ctx.tx(async (tx) => {
          await tx.record(happened, 'idle', { step: 1 })
          await pause(request.query.seconds * 1000)
          await tx.record(happened, 'idle', { step: 2 })
        })
        return { done: true }
      },
    })
    // The connection is in the middle of a statement.
    app.post('/api/v1/test/slow', {
      config,
      schema,
      handler: async (request) => {
        await request.ctx.tx(async (tx) => {
          await tx.record(happened, 'slow', { step: 1 })
          await tx.db.execute(sql`select pg_sleep(${request.query.seconds})`)
        })
        return { done: true }
      },
    })
  },
})
const member = await server.as()

/** Ends every connection of the application to this database, as a failover or an operator would. */
async function endConnections(): Promise<number> {
  const client = new Client({ connectionString: inject('database').adminUrl })
  await client.connect()
  try {
    const name = new URL(server.location.appUrl).pathname.slice(1)
    const { rowCount } = await client.query(
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = $1',
      [name],
    )
    return rowCount ?? 0
  } finally {
    await client.end()
  }
}

const isHealed = () =>
  eventually(async () => {
    const replies = await Promise.all(
      Array.from({ length: 5 }, () => member.get('/api/v1/users?limit=1')),
    )
    return replies.every(({ status }) => status === 200)
  })

test('losing every connection in the middle of requests fails those requests, and nothing else', async () => {
  const before = await server.facts()
  const running = [
    member.post('/api/v1/test/slow?seconds=0.9'),
    member.post('/api/v1/test/slow?seconds=0.9'),
    member.post('/api/v1/test/idle?seconds=0.5'),
    member.post('/api/v1/test/idle?seconds=0.5'),
  ]
  await pause(200)
  expect(await endConnections()).toBeGreaterThanOrEqual(4)
  for (const reply of await Promise.all(running)) {
    expect(reply).toMatchObject({ status: 503, body: { code: 'database.unavailable' } })
    expect(reply.headers['retry-after']).toBeDefined()
  }
  await isHealed()
  expect((await server.facts()).slice(before.length)).toEqual([])
})

test('losing idle connections is noticed by nobody', async () => {
  for (let round = 0; round < 3; round += 1) {
    await endConnections()
    await isHealed()
  }
  expect(await member.post('/api/v1/test/slow?seconds=0')).toMatchObject({ status: 200 })
})

test('a transaction that idles longer than it may is ended, and its connection replaced', async () => {
  const before = await server.facts()
  const reply = await member.post('/api/v1/test/idle?seconds=1.3')
  expect(reply.status).toBe(503)
  expect((await server.facts()).slice(before.length)).toEqual([])
  await isHealed()
})

test('a statement that runs longer than it may is ended with 503 and rolled back', async () => {
  const before = await server.facts()
  const reply = await member.post('/api/v1/test/slow?seconds=5')
  expect(reply).toMatchObject({ status: 503, body: { code: 'database.busy' } })
  expect((await server.facts()).slice(before.length)).toEqual([])
})
