/** Watching: each fact is counted once, whoever counts; one incident is one alert. */
import { expect, test } from 'vitest'
import { startServer } from '../../app/testing.ts'
import { createCtx } from '../../platform/context.ts'
import { defineEvent } from '../../platform/events/index.ts'
import { anonymousFrom } from '../../platform/http/index.ts'
import { api, newEmail, query, tally, together } from '../auth/testing.ts'
import { alertsOf, base, givenFacts, openAddresses, watch, watchOnce } from './testing.ts'

const environment = { ALERT_EMAIL: 'ops@example.com' }
const server = await startServer({ environment })
const second = await startServer({ environment, location: server.location })
const admin = await server.as('admin')

const signInFailed = defineEvent<{ reason: string }>()('auth.sign_in_failed')
const newIp = openAddresses()
const alertsAbout = async (key: string, type = 'failed_sign_in') =>
  (await alertsOf(admin, type)).filter(({ ip, subjectId }) => ip === key || subjectId === key)
const mailsWanted = async () =>
  (await server.jobs()).filter(({ name }) => name === 'monitoring.mail_alert')
/** Every alert of its type is acknowledged, and over: what comes is another incident. */
const endIncidents = () =>
  query(server, `update monitoring_alerts set last_at = last_at - interval '8 days'`)

test('twenty failed sign-ins are one alert and one mail, though two processes count and more follow', async () => {
  const victim = await server.as()
  const attempt = (index: number) =>
    (index % 2 === 0 ? server : second).anonymous.post(`${api}/auth/login`, {
      email: victim.email,
      password: 'not the right one',
    })
  const replies = []
  for (let index = 0; index < 20; index += 1) replies.push(await attempt(index))
  expect(tally(replies)).toEqual({ 401: 20 })
  const before = await mailsWanted()
  await together(20, (index) => watchOnce(index % 2 === 0 ? server : second))
  await watch(second)

  const [alert, ...others] = await alertsOf(admin, 'failed_sign_in')
  expect(others).toEqual([])
  expect(alert).toMatchObject({ count: 20, severity: 'medium', status: 'open', by: 'ip' })
  expect(await alertsOf(admin, 'lock_out')).toEqual([])

  for (let index = 0; index < 5; index += 1) await attempt(index)
  await together(4, (index) => watchOnce(index % 2 === 0 ? server : second))
  await watch(server)
  expect(await alertsOf(admin, 'failed_sign_in')).toEqual([
    { ...alert, count: 25, lastAt: expect.any(String), lastEventId: expect.any(String) },
  ])
  expect(await mailsWanted()).toHaveLength(before.length + 1)
  const raised = (await server.facts()).filter(({ name }) => name === 'monitoring.alert_raised')
  expect(raised).toMatchObject([
    { subjectId: alert?.id, data: { type: 'failed_sign_in', count: 20 } },
  ])
  await endIncidents()
})

test('nineteen are none', async () => {
  const ip = newIp()
  await givenFacts(server, 19, { ip })
  await watch(server)
  expect(await alertsAbout(ip)).toEqual([])
  await givenFacts(server, 1, { ip })
  await watch(second)
  expect(await alertsAbout(ip)).toMatchObject([{ count: 20 }])
})

test('twenty times: of ten watchers at once each fact is counted once, and each incident is one alert', async () => {
  for (let round = 0; round < 20; round += 1) {
    const ip = newIp()
    await Promise.all([
      givenFacts(server, 20 + (round % 7), { ip }),
      ...Array.from({ length: 10 }, (_, index) => watchOnce(index % 2 === 0 ? server : second)),
    ])
    await watch(server)
    expect(await alertsAbout(ip)).toMatchObject([{ count: 20 + (round % 7) }])
  }
})

test('a fact whose transaction commits after later ones is counted, and counted once', async () => {
  const ip = newIp()
  const [isWritten, mayCommit] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const actor = { ...anonymousFrom(ip) }
  const ctx = createCtx(server.process.context, { actor, requestId: 'slow' })
  const slow = ctx.tx(async (tx) => {
    for (let index = 0; index < 5; index += 1) await tx.record(signInFailed, null, { reason: '' })
    isWritten.resolve()
    await mayCommit.promise
  })
  await isWritten.promise
  await givenFacts(server, 20, { ip })
  await together(4, (index) => watchOnce(index % 2 === 0 ? server : second))
  mayCommit.resolve()
  await slow
  await together(4, (index) => watchOnce(index % 2 === 0 ? server : second))
  await watch(server)
  expect(await alertsAbout(ip)).toMatchObject([{ count: 25 }])
})

test('what was rolled back holds nobody up', async () => {
  const ip = newIp()
  const undone = server.ctx().tx(async (tx) => {
    await tx.record(signInFailed, null, { reason: '' })
    throw new Error('rolled back')
  })
  await expect(undone).rejects.toThrow('rolled back')
  await givenFacts(server, 20, { ip })
  await watch(server)
  expect(await alertsAbout(ip)).toMatchObject([{ count: 20 }])
})

test('one account attacked from many addresses is one alert about the account', async () => {
  const { userId } = await server.as()
  for (let index = 0; index < 20; index += 1)
    await givenFacts(server, 1, { ip: newIp(), subjectId: userId })
  await watch(server)
  expect(await alertsAbout(userId ?? '')).toMatchObject([
    { by: 'subject', subjectId: userId, ip: null, count: 20 },
  ])
})

test('many accounts attacked from one address are one alert about the address', async () => {
  const ip = newIp()
  for (let index = 0; index < 30; index += 1)
    await givenFacts(server, 1, { ip, subjectId: `user-${index}` })
  await watch(server)
  expect(await alertsAbout(ip)).toMatchObject([{ by: 'ip', ip, subjectId: null, count: 30 }])
})

test('a customer’s IPv6 addresses are one source', async () => {
  for (let index = 0; index < 20; index += 1)
    await givenFacts(server, 1, { ip: `2001:db8:77:1::${index + 1}` })
  await watch(server)
  expect(await alertsAbout('2001:db8:77:1::/64')).toMatchObject([{ count: 20 }])
})

test.each([
  [20, 'medium'],
  [40, 'high'],
  [100, 'critical'],
  [300, 'critical'],
])('%d failed sign-ins are %s', async (count, severity) => {
  const ip = newIp()
  await givenFacts(server, count, { ip })
  await watch(server)
  expect(await alertsAbout(ip)).toMatchObject([{ count, severity }])
})

test('a growing alert grows more severe, and is sent no second time', async () => {
  const ip = newIp()
  await givenFacts(server, 20, { ip })
  await watch(server)
  const before = await mailsWanted()
  await givenFacts(server, 80, { ip })
  await watch(server)
  expect(await alertsAbout(ip)).toMatchObject([{ count: 100, severity: 'critical' }])
  expect(await mailsWanted()).toEqual(before)
})

test('within the cool-down it is the same incident; after it, another', async () => {
  const ip = newIp()
  const minute = 60
  await givenFacts(server, 20, { ip, age: 200 * minute })
  await watch(server)
  await givenFacts(server, 1, { ip, age: 141 * minute })
  await watch(server)
  expect(await alertsAbout(ip)).toMatchObject([{ count: 21 }])
  await givenFacts(server, 19, { ip, age: 80 * minute })
  await watch(server)
  expect(await alertsAbout(ip)).toMatchObject([{ count: 21 }])
  await givenFacts(server, 1, { ip, age: 79 * minute })
  await watch(server)
  expect(await alertsAbout(ip)).toMatchObject([{ count: 21 }, { count: 20 }])
})

test('events outside of the window do not count, in a backlog of many hours as well', async () => {
  const [ip, other] = [newIp(), newIp()]
  for (const age of [30_000, 20_000, 10_000]) await givenFacts(server, 19, { ip, age })
  await givenFacts(server, 20, { ip: other, age: 15_000 })
  await givenFacts(server, 5, { ip: other, age: 1_000 })
  await watch(server)
  expect(await alertsAbout(ip)).toEqual([])
  expect(await alertsAbout(other)).toMatchObject([{ count: 20 }])
})

test('events are shown by type and by source, most first', async () => {
  const ip = newIp()
  await givenFacts(server, 500, { ip, subjectId: newEmail() })
  await watch(server)
  const { body } = await admin.get(`${base}/security-events?window=1h`)
  expect(body.data.sources[0]).toMatchObject({ type: 'failed_sign_in', ip, count: 500 })
  const [{ count } = { count: 0 }] = body.data.types.filter(
    ({ type }: { type: string }) => type === 'failed_sign_in',
  )
  expect(count).toBeGreaterThan(500)
  const { body: metrics } = await server.metrics.render()
  expect(metrics).toMatch(/security_events_total\{type="failed_sign_in"\} \d{3,}/)
  expect(metrics).toMatch(/alerts_raised_total\{type="failed_sign_in",severity="medium"\} \d+/)
  expect(metrics).toMatch(/alerts_open\{severity="critical"\} \d+/)
})

test('nothing of it is our failure', () => {
  expect([...server.failures, ...second.failures]).toEqual([])
})
