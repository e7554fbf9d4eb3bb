/** Guessing, as an attacker does it and the limits allow: it raises its alert, whether one guesses or many do. */
import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { startServer, testSettings } from '../../app/testing.ts'
import { limitPolicies } from '../../app/limit-policies.ts'
import { api, tally } from '../auth/testing.ts'
import { guarded } from './security-events.ts'
import { alertsOf, givenFacts, openAddresses, settle, watch } from './testing.ts'

const environment = { ALERT_EMAIL: 'ops@example.com' }
const server = await startServer({ environment: { ...environment, RATE_LIMIT_ENABLED: 'true' } })
const admin = await server.as('admin')
const mailsWanted = async () =>
  (await server.jobs()).filter(({ name }) => name === 'monitoring.mail_alert')

test('twenty wrong passwords in a row are one alert and one mail, though the limits refuse most of them unread', async () => {
  const victim = await server.as()
  const replies = []
  for (let index = 0; index < 20; index += 1)
    replies.push(
      await server.anonymous.post(`${api}/auth/login`, {
        email: victim.email,
        password: 'not the right one',
      }),
    )
  const { 401: wrong = 0, 429: limited = 0 } = tally(replies)
  expect(wrong + limited).toBe(20)
  expect(limited).toBeGreaterThan(5)
  await settle(server)
  expect(await alertsOf(admin, 'failed_sign_in')).toMatchObject([
    { count: 20, severity: 'medium', status: 'open', by: 'ip' },
  ])
  expect(await mailsWanted()).toHaveLength(1)
})

test('every limit whose refusals count as what it guards is one that there is', () => {
  const names = limitPolicies(testSettings({})).map(({ name }) => name)
  expect([...guarded.keys()].filter((name) => !names.includes(String(name)))).toEqual([])
})

const spread = openAddresses()
/** Failed sign-ins from so many addresses at so many accounts, one each. */
async function givenSpreadGuesses(count: number): Promise<void> {
  for (let index = 0; index < count; index += 1)
    await givenFacts(server, 1, { ip: spread(), subjectId: randomUUID() })
  await watch(server)
}
const wholeAlerts = async () =>
  (await alertsOf(admin, 'failed_sign_in')).filter(({ by }) => by === 'all')

test('sixty from sixty addresses at sixty accounts are one alert of the whole kind, and so are those that follow', async () => {
  const before = await mailsWanted()
  await givenSpreadGuesses(59)
  expect(await wholeAlerts()).toEqual([])
  await givenSpreadGuesses(1)
  const [alert, ...others] = await wholeAlerts()
  expect(others).toEqual([])
  expect(alert).toMatchObject({ count: 60, severity: 'medium', ip: null, subjectId: null })
  expect(await mailsWanted()).toHaveLength(before.length + 1)
  await givenSpreadGuesses(70)
  expect(await wholeAlerts()).toMatchObject([{ id: alert?.id, count: 130, severity: 'high' }])
  expect(await mailsWanted()).toHaveLength(before.length + 1)
})

test('an address that reaches its own threshold meanwhile has an alert of its own', async () => {
  const [{ count: before } = { count: 0 }] = await wholeAlerts()
  const ip = spread()
  await givenFacts(server, 15, { ip })
  await watch(server)
  expect(await wholeAlerts()).toMatchObject([{ count: before + 15 }])
  await givenFacts(server, 5, { ip })
  await watch(server)
  expect(await wholeAlerts()).toMatchObject([{ count: before + 15 }])
  const own = (await alertsOf(admin, 'failed_sign_in')).filter((alert) => alert.ip === ip)
  expect(own).toMatchObject([{ by: 'ip', count: 20 }])
})

test('what one address did is on its alert, and adds up to none of the whole kind', async () => {
  const ip = spread()
  for (let index = 0; index < 5; index += 1)
    await givenFacts(server, 1, { name: 'auth.password_reset_refused', ip: spread() })
  await givenFacts(server, 58, { name: 'auth.password_reset_refused', ip })
  await watch(server)
  expect(await alertsOf(admin, 'failed_proof')).toMatchObject([{ by: 'ip', ip, count: 58 }])
})

test('a kind without a threshold of its own for all of it raises nothing, however many there are', async () => {
  for (let index = 0; index < 60; index += 1)
    await givenFacts(server, 1, { name: 'impersonation.refused', ip: spread() })
  await watch(server)
  expect(await alertsOf(admin, 'refused_access')).toEqual([])
})
