/** Alerts as administrators have them: listed, looked at, acknowledged. */
import { describe, expect, test } from 'vitest'
import { startServer } from '../../app/testing.ts'
import { tally, together } from '../auth/testing.ts'
import { alertsOf, base, givenAlertRow, givenFacts, openAddresses, watch } from './testing.ts'

const server = await startServer()
const admin = await server.as('admin')

const newIp = openAddresses()
const alertsAbout = async (key: string) =>
  (await alertsOf(admin, 'failed_sign_in')).filter(({ ip }) => ip === key)

describe('acknowledging', () => {
  const givenAlert = async () => {
    const ip = newIp()
    await givenFacts(server, 20, { ip })
    await watch(server)
    const [alert] = await alertsAbout(ip)
    return { ip, id: String(alert?.id) }
  }

  test('is done once, with a note, and stated as a fact; the alert goes on counting', async () => {
    const { ip, id } = await givenAlert()
    const reply = await admin.post(`${base}/alerts/${id}/acknowledge`, { note: 'blocked' })
    expect(reply).toMatchObject({
      status: 200,
      body: {
        data: { id, status: 'acknowledged', acknowledgedBy: admin.userId, note: 'blocked' },
      },
    })
    const again = await admin.post(`${base}/alerts/${id}/acknowledge`, { note: 'mine' })
    expect(again).toMatchObject({ status: 409, body: { code: 'monitoring.already_acknowledged' } })
    expect(await admin.get(`${base}/alerts/${id}`)).toMatchObject({
      status: 200,
      body: { data: { note: 'blocked' } },
    })
    await givenFacts(server, 5, { ip })
    await watch(server)
    expect(await alertsAbout(ip)).toMatchObject([{ id, count: 25, status: 'acknowledged' }])
    const facts = (await server.facts()).filter(({ subjectId }) => subjectId === id)
    expect(facts.map(({ name }) => name)).toEqual([
      'monitoring.alert_raised',
      'monitoring.alert_acknowledged',
    ])
  })

  test('fifty times: of twenty at once one succeeds', async () => {
    const people = [admin, await server.as('admin')]
    for (let round = 0; round < 50; round += 1) {
      const id = await givenAlertRow(server)
      const replies = await together(20, async (index) =>
        (people[index % 2] ?? admin).post(`${base}/alerts/${id}/acknowledge`, {}),
      )
      expect(tally(replies)).toEqual({ 200: 1, 409: 19 })
    }
  })

  test('what does not exist cannot be, and nobody may who may not', async () => {
    const { id } = await givenAlert()
    const nowhere = `${base}/alerts/${crypto.randomUUID()}`
    expect(await admin.post(`${nowhere}/acknowledge`, {})).toMatchObject({
      status: 404,
      body: { code: 'monitoring.alert_not_found' },
    })
    expect(await admin.get(nowhere)).toMatchObject({ status: 404 })
    const member = await server.as()
    expect(await member.post(`${base}/alerts/${id}/acknowledge`, {})).toMatchObject({ status: 403 })
    expect(await server.anonymous.post(`${base}/alerts/${id}/acknowledge`, {})).toMatchObject({
      status: 401,
    })
    expect(await admin.get(`${base}/alerts/${id}`)).toMatchObject({
      body: { data: { status: 'open' } },
    })
  })
})

test('the list is paged, counted and filtered', async () => {
  const ip = newIp()
  await givenFacts(server, 100, { ip })
  await watch(server)
  const first = await admin.get(`${base}/alerts?limit=3`)
  const { total, nextCursor } = first.body.meta
  const all = [...first.body.data]
  for (let cursor = nextCursor; cursor !== null;) {
    const page = await admin.get(`${base}/alerts?limit=100&cursor=${cursor}`)
    all.push(...page.body.data)
    cursor = page.body.meta.nextCursor
  }
  expect(all).toHaveLength(total)
  for (const [index, { id }] of all.slice(1).entries()) expect(id < all[index].id).toBe(true)
  for (const [field, value] of [
    ['severity', 'critical'],
    ['status', 'acknowledged'],
    ['type', 'failed_sign_in'],
  ] as const) {
    const wanted = all.filter((alert) => alert[field] === value).length
    const reply = await admin.get(`${base}/alerts?${field}=${value}&limit=100`)
    expect(reply.body.meta.total).toBe(wanted)
    expect(wanted).toBeGreaterThan(0)
    for (const alert of reply.body.data) expect(alert[field]).toBe(value)
  }
  expect(await admin.get(`${base}/alerts?type=nonsense`)).toMatchObject({ status: 422 })
  expect(await admin.get(`${base}/alerts?cursor=x`)).toMatchObject({ status: 422 })
})
