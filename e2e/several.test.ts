/** Several processes and several servers on one database behave as one. */
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testDatabase } from '../server/src/app/testing.ts'
import { type Running, dataDirectory, start } from './running.ts'
import { mailsTo, post, register, signIn, whoami } from './person.ts'

const location = await testDatabase()
const directories = await Promise.all([dataDirectory(), dataDirectory()])
const common = {
  DATABASE_URL: location.appUrl,
  DATABASE_OWNER_URL: location.ownerUrl,
  SECRET_KEY: 'one key for both servers, long enough to pass: 51c0aa9e',
  PUBLIC_URL: 'http://localhost:5000',
}
let first: Running
let second: Running

beforeAll(async () => {
  ;[first, second] = await Promise.all([
    start({ ...common, ASHLAR_DATA_DIR: directories[0].path, WEB_CONCURRENCY: '2' }),
    start({ ...common, ASHLAR_DATA_DIR: directories[1].path }),
  ])
}, 300_000)

afterAll(async () => {
  await Promise.all([first?.stop(), second?.stop()])
  await Promise.all(directories.map((directory) => directory.remove()))
})

test('a session made on one is known to the other, and ends on every process within a second', async () => {
  const person = await register(first.url)
  const tokens = await signIn(first.url, person)
  for (const { url } of [first, first, first, first, second, second])
    expect(await whoami(url, tokens)).toBe(200)

  const reply = await post(
    second.url,
    '/api/v1/auth/logout',
    {},
    { authorization: `Bearer ${tokens.accessToken}` },
  )
  expect(reply.status).toBe(204)
  await pause(1_000)
  // Several requests on new connections: both processes of the first server are asked.
  for (const { url } of [first, first, first, first, second])
    expect(await whoami(url, tokens)).toBe(401)
})

test('a job wanted on one runs once, whoever runs it', async () => {
  const person = await register(second.url)
  await pause(1_500)
  expect(await mailsTo(first.url, person.email)).toHaveLength(1)
})

test('an exact limit is one limit for all of them', async () => {
  const body = { email: 'nobody@example.com', password: 'not the right one' }
  const replies = await Promise.all(
    Array.from({ length: 24 }, (_, index) =>
      post(index % 2 === 0 ? first.url : second.url, '/api/v1/auth/login', body),
    ),
  )
  const statuses = replies.map(({ status }) => status)
  expect(statuses.filter((status) => status === 401)).toHaveLength(10)
  expect(statuses.filter((status) => status === 429)).toHaveLength(14)
  expect(replies.find(({ status }) => status === 429)?.headers.get('retry-after')).toMatch(/^\d+$/)
})

test('metrics of one server add up its processes', async () => {
  const metrics = await (await fetch(first.metricsUrl)).text()
  const total =
    /http_requests_total\{method="GET",route="\/api\/v1\/users\/me",status_code="200"\} (\d+)/.exec(
      metrics,
    )?.[1]
  expect(Number(total)).toBeGreaterThanOrEqual(4)
  expect(metrics).toContain('database_query_duration_seconds_bucket')
  expect(metrics).toContain('nodejs_eventloop_lag')
})
