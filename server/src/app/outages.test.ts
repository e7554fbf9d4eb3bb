/** A server whose database goes away, or some of its connections: soon after it does all it did before, by itself. */
import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { query } from '../features/auth/testing.ts'
import { endConnections, whileAway } from '../platform/db/testing-outage.ts'
import { eventually, goodPassword, startServer } from './testing.ts'

const api = '/api/v1'
const environment = { DB_POOL_TIMEOUT: '10s', MONITORING_FLUSH_INTERVAL: '1s' }
const server = await startServer({ hasJobs: true, environment })
const { location } = server
const url = location.appUrl
/** Another process, which counts requests in the same database. */
const limited = { ...environment, RATE_LIMIT_ENABLED: 'true', RATE_LIMIT_REQUESTS: '1000000' }
const other = await startServer({ location, environment: limited })
const reader = await server.as()
const writer = await server.as()

const read = () => reader.get(`${api}/users/me`)
const write = (name: string) => writer.patch(`${api}/users/me`, { name })
const signIn = (email: string) =>
  server.anonymous.post(`${api}/auth/login`, { email, password: goodPassword, mode: 'token' })

/** Once it is true, at whatever it fails until then: what is asked stands on the same database. */
const soon = (name: string, find: () => Promise<boolean>) =>
  eventually(() => find().catch(() => false)).catch((cause: unknown) => {
    throw new Error(`never again: ${name}`, { cause })
  })

const isThere = async (statement: string, values: unknown[] = []) =>
  (await query(server, statement, values)).length > 0

/** All that stands on the database, through the door that its users take. */
async function worksAgain(): Promise<void> {
  await soon('reading', async () => (await read()).status === 200)
  await soon('writing', async () => (await write('Again')).status === 200)
  await soon('signing in', async () => (await signIn(reader.email)).status === 200)
  const newcomer = await server.as()
  const there = other.clientWith(newcomer.userId, {
    authorization: `Bearer ${newcomer.accessToken}`,
  })
  await soon('the other process', async () => (await there.get(`${api}/users/me`)).status === 200)
  // From the outbox by the relay to the queue, and from there to a worker.
  await server.anonymous.post(`${api}/auth/forgot-password`, { email: newcomer.email })
  await soon('mail', async () => (await server.mails(newcomer.email)).length > 0)
  await query(server, `update platform_job_schedules set next_at = now() where name = 'audit.seal'`)
  await soon('clock and seal', () =>
    isThere(
      `select 1 from platform_event_seals s
       where s.position >= (select max(position) from platform_events where subject_id = $1)`,
      [newcomer.userId],
    ),
  )
  const from = new Date()
  await read()
  await soon('figures', () => isThere('select 1 from monitoring_recorders where at >= $1', [from]))
  await newcomer.post(`${api}/auth/logout-all`)
  await soon('invalidation', async () => (await there.get(`${api}/users/me`)).status === 401)
}

/** Twenty who read, write and sign in meanwhile; how often each status was answered. */
async function underLoad(disturb: () => Promise<unknown>): Promise<ReadonlySet<number>> {
  let isOver = false
  const statuses = new Set<number>()
  const crowd = Array.from({ length: 20 }, async (_, index) => {
    const acts = [read, () => write(`Name ${index}`), () => signIn(reader.email), read]
    while (!isOver) {
      statuses.add((await acts[index % acts.length]?.())?.status ?? 0)
      await pause(5)
    }
  })
  await pause(300)
  await disturb()
  isOver = true
  await Promise.all(crowd)
  return statuses
}

test('with every connection ended again and again: some are told to come back, and then all is well', async () => {
  const statuses = await underLoad(async () => {
    for (let round = 0; round < 5; round += 1) {
      await endConnections(url)
      await pause(200)
    }
  })
  expect([...statuses].filter((status) => status !== 200 && status !== 503)).toEqual([])
  await worksAgain()
})

test('with nobody let in for a while: all are told to come back, and then all is well', async () => {
  const statuses = await underLoad(() => whileAway(url, () => pause(4000)))
  expect(statuses).toEqual(new Set([200, 503]))
  await worksAgain()
})

test.each([
  ['requests', ['ashlar']],
  ['jobs', ['ashlar-jobs']],
  ['workers that wait to be told', ['inbox', 'mail', 'default', 'maintenance']],
])('with the connections of %s ended alone, three times in a row', async (_whose, names) => {
  let ended = 0
  for (let round = 0; round < 3; round += 1) {
    for (const name of names) ended += await endConnections(url, name)
    await pause(20)
  }
  expect(ended).toBeGreaterThan(0)
  await worksAgain()
})
