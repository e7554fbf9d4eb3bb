/** Thresholds: by default, by settings, by API; each holds from the next minute on. */
import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { SettingsError, settle } from '../../app/settings.ts'
import { startServer, testSettings } from '../../app/testing.ts'
import { forgetUser, query } from '../auth/testing.ts'
import { alertsOf, base, givenFacts, openAddresses, watch } from './testing.ts'
import { alertTypes } from './thresholds.ts'

const server = await startServer({
  environment: { ALERT_THRESHOLDS: 'failed_proof=7/15m,refused_csrf=3/1h' },
})
const admin = await server.as('admin')
const root = await server.as('super_admin')

const url = (type: string) => `${base}/thresholds/${type}`
const strict = {
  isEnabled: true,
  threshold: 3,
  windowSeconds: 120,
  severity: 'high',
  coolDownSeconds: 600,
}
const newIp = openAddresses()
const alertsFrom = async (ip: string, type: string) =>
  (await alertsOf(admin, type)).filter((alert) => alert.ip === ip)

test('each type has one, from the defaults or the settings', async () => {
  const { status, body } = await admin.get(`${base}/thresholds`)
  expect(status).toBe(200)
  expect(body.data.map(({ type }: { type: string }) => type)).toEqual(alertTypes)
  expect(await admin.get(url('failed_sign_in'))).toMatchObject({
    body: {
      data: {
        threshold: 20,
        totalThreshold: 60,
        windowSeconds: 600,
        source: 'default',
        isEnabled: true,
      },
    },
  })
  expect(await admin.get(url('failed_proof'))).toMatchObject({
    body: {
      data: {
        threshold: 7,
        totalThreshold: 21,
        windowSeconds: 900,
        source: 'setting',
        severity: 'medium',
      },
    },
  })
  expect(await admin.get(url('error_rate'))).toMatchObject({
    body: { data: { threshold: 5, minRequests: 100 } },
  })
})

test('the page about monitoring has the table of the defaults', async () => {
  const page = await readFile(new URL('../../../../docs/monitoring.md', import.meta.url), 'utf8')
  const plain = await startServer()
  const { body } = await (await plain.as('admin')).get(`${base}/thresholds`)
  for (const each of body.data) {
    const { type, threshold, totalThreshold, windowSeconds, severity, coolDownSeconds } = each
    const count = type === 'error_rate' ? `${threshold} %` : threshold
    const whole = totalThreshold ?? '–'
    const row = `| \`${type}\` | ${count} | ${whole} | ${windowSeconds / 60} min | ${severity} | ${coolDownSeconds / 60} min |`
    expect(page).toContain(row)
  }
})

test('one that is set holds at once, and is stated as a fact with what was before', async () => {
  const ip = newIp()
  await givenFacts(server, 3, { ip })
  await watch(server)
  expect(await alertsFrom(ip, 'failed_sign_in')).toEqual([])

  expect(await root.put(url('failed_sign_in'), strict)).toMatchObject({
    status: 200,
    body: { data: { ...strict, type: 'failed_sign_in', source: 'api', minRequests: null } },
  })
  expect(await admin.get(url('failed_sign_in'))).toMatchObject({ body: { data: strict } })
  const other = newIp()
  await givenFacts(server, 3, { ip: other })
  await watch(server)
  expect(await alertsFrom(other, 'failed_sign_in')).toMatchObject([{ severity: 'high', count: 3 }])

  expect(await root.put(url('failed_sign_in'), { ...strict, isEnabled: false })).toMatchObject({
    status: 200,
  })
  const third = newIp()
  await givenFacts(server, 30, { ip: third })
  await watch(server)
  expect(await alertsFrom(third, 'failed_sign_in')).toEqual([])

  const changes = (await server.facts()).filter(
    ({ name }) => name === 'monitoring.threshold_changed',
  )
  expect(changes).toMatchObject([
    {
      actorId: root.userId,
      data: { type: 'failed_sign_in', before: { threshold: 20 }, after: { threshold: 3 } },
    },
    { data: { before: { isEnabled: true }, after: { isEnabled: false } } },
  ])
  expect(await root.delete(url('failed_sign_in'))).toMatchObject({
    status: 200,
    body: { data: { threshold: 20, source: 'default', isEnabled: true } },
  })
  const before = await server.facts()
  expect(await root.delete(url('failed_sign_in'))).toMatchObject({ status: 200 })
  expect(await server.facts()).toEqual(before)
})

test('the threshold of a whole kind is set and kept, and taken away by null', async () => {
  const type = 'failed_second_factor'
  const set = (more: object) => root.put(url(type), { ...strict, ...more })
  const name = 'twofa.code_refused'
  const whole = async () => (await alertsOf(admin, type)).filter(({ by }) => by === 'all')
  expect(await set({ totalThreshold: 4 })).toMatchObject({ body: { data: { totalThreshold: 4 } } })
  expect(await set({})).toMatchObject({ body: { data: { totalThreshold: 4 } } })
  for (let index = 0; index < 4; index += 1) await givenFacts(server, 1, { name, ip: newIp() })
  await watch(server)
  expect(await whole()).toMatchObject([{ count: 4, severity: 'high', threshold: 4 }])
  expect(await set({ totalThreshold: null })).toMatchObject({
    body: { data: { totalThreshold: null } },
  })
  for (let index = 0; index < 4; index += 1) await givenFacts(server, 1, { name, ip: newIp() })
  await watch(server)
  expect(await whole()).toMatchObject([{ count: 4 }])
  await root.delete(url(type))
})

test.each([
  ['nonsense', strict, 404, 'monitoring.unknown_type'],
  ['toString', strict, 404, 'monitoring.unknown_type'],
  ['failed_sign_in', { ...strict, minRequests: 5 }, 422, 'monitoring.requests_not_counted'],
  ['error_rate', { ...strict, threshold: 101 }, 422, 'monitoring.share_above_all'],
  ['error_rate', { ...strict, totalThreshold: 9 }, 422, 'monitoring.share_is_of_all'],
  ['failed_sign_in', { ...strict, totalThreshold: 0 }, 422, 'http.invalid_request'],
  ['failed_sign_in', { ...strict, threshold: 0 }, 422, 'http.invalid_request'],
  ['failed_sign_in', { ...strict, windowSeconds: 90 }, 422, 'http.invalid_request'],
  ['failed_sign_in', { ...strict, windowSeconds: 86_460 }, 422, 'http.invalid_request'],
  ['failed_sign_in', { ...strict, severity: 'dire' }, 422, 'http.invalid_request'],
  ['failed_sign_in', {}, 422, 'http.invalid_request'],
])('%s cannot be set to %j', async (type, input, status, code) => {
  const before = await server.facts()
  expect(await root.put(url(type), input)).toMatchObject({ status, body: { code } })
  expect(await server.facts()).toEqual(before)
})

test('who may read may not change, and who may not read sees nothing', async () => {
  const member = await server.as()
  for (const path of [
    'thresholds',
    'thresholds/error_rate',
    'alerts',
    'routes',
    'slow-requests',
    'security-events',
  ]) {
    expect(await member.get(`${base}/${path}`)).toMatchObject({ status: 403 })
    expect(await server.anonymous.get(`${base}/${path}`)).toMatchObject({ status: 401 })
  }
  for (const one of [admin, member]) {
    expect(await one.put(url('error_rate'), strict)).toMatchObject({ status: 403 })
    expect(await one.delete(url('error_rate'))).toMatchObject({ status: 403 })
  }
})

test('whose factor was shown too long ago changes nothing until it is shown again', async () => {
  const stale = await server.as('super_admin')
  await query(
    server,
    `update auth_sessions set proven_at = now() - interval '1 hour' where user_id = $1`,
    [stale.userId],
  )
  await forgetUser(server, stale.userId ?? '')
  const before = await server.facts()
  for (const reply of [
    await stale.put(url('error_rate'), strict),
    await stale.delete(url('error_rate')),
  ])
    expect(reply).toMatchObject({ status: 403, body: { code: 'access.step_up_required' } })
  const changed = (await server.facts()).slice(before.length).map(({ name }) => name)
  expect(changed).not.toContain('monitoring.threshold_changed')
})

test.each([
  ['failed_sign_in=0/10m'],
  ['failed_sign_in=5/90s'],
  ['failed_sign_in=5/2d'],
  ['failed_sign_in=5'],
  ['=5/10m'],
])('the setting %s is refused', (text) => {
  expect(() => testSettings({ ALERT_THRESHOLDS: text })).toThrow('ALERT_THRESHOLDS')
})

test('a setting for a type that does not exist keeps the server from starting', () => {
  const settings = testSettings({ ALERT_THRESHOLDS: 'nonsense=5/10m' })
  expect(() => settle(settings)).toThrow(SettingsError)
  expect(() => settle(settings)).toThrow('ALERT_THRESHOLDS')
})
