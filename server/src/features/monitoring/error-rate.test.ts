/** The share of requests that fail by our fault: an alert when it is high and there are enough of them. */
import { expect, test } from 'vitest'
import { type ServerOptions, startServer } from '../../app/testing.ts'
import { api, query } from '../auth/testing.ts'
import { alertsOf, base, settle } from './testing.ts'

const extend: NonNullable<ServerOptions['extend']> = async (app) => {
  app.get(`${api}/test/:outcome`, { config: { public: true } }, async (request, reply) =>
    reply.code(Number((request.params as { outcome: string }).outcome)).send({}),
  )
}
const environment = { ALERT_THRESHOLDS: 'error_rate=10/5m', ALERT_EMAIL: 'ops@example.com' }
const server = await startServer({ extend, environment })
const second = await startServer({ extend, environment, location: server.location })
const admin = await server.as('admin')
const root = await server.as('super_admin')

async function givenAnswers(statuses: Record<number, number>) {
  for (const [status, times] of Object.entries(statuses))
    for (let index = 0; index < times; index += 1)
      await (index % 2 === 0 ? server : second).anonymous.get(`${api}/test/${status}`)
  await second.process.flush()
}
const forgetRequests = () => query(server, `delete from monitoring_request_figures`)

test('a high share of few requests is none, of enough requests one, once', async () => {
  const { body } = await admin.get(`${base}/thresholds/error_rate`)
  expect(body.data).toMatchObject({ threshold: 10, minRequests: 100, source: 'setting' })
  await givenAnswers({ 500: 20, 200: 10 })
  await settle(server)
  expect(await alertsOf(admin, 'error_rate')).toEqual([])

  await givenAnswers({ 200: 80 })
  await settle(server)
  await Promise.all([settle(server), settle(second)])
  const [alert, ...others] = await alertsOf(admin, 'error_rate')
  expect(others).toEqual([])
  expect(alert).toMatchObject({ by: 'all', ip: null, subjectId: null, count: 20, status: 'open' })
  const mails = (await server.jobs()).filter(({ name }) => name === 'monitoring.mail_alert')
  expect(mails).toHaveLength(1)

  await givenAnswers({ 503: 200 })
  await settle(server)
  expect(await alertsOf(admin, 'error_rate')).toMatchObject([
    { id: alert?.id, count: 220, severity: 'critical' },
  ])
})

test('refusals and probes are no errors of ours, and a low share is no alert', async () => {
  await query(server, `update monitoring_alerts set last_at = now() - interval '1 hour'`)
  await forgetRequests()
  server.process.startDraining()
  for (let index = 0; index < 60; index += 1) await server.anonymous.get('/readyz')
  await givenAnswers({ 404: 60, 500: 4, 200: 60 })
  await settle(server)
  expect(await alertsOf(admin, 'error_rate')).toHaveLength(1)
})

test('the least number of requests can be changed, and the alert switched off', async () => {
  await forgetRequests()
  const url = `${base}/thresholds/error_rate`
  const { type: _type, source: _source, ...now } = (await root.get(url)).body.data
  await root.put(url, { ...now, minRequests: 10, isEnabled: false })
  await givenAnswers({ 500: 12 })
  await settle(server)
  expect(await alertsOf(admin, 'error_rate')).toHaveLength(1)
  expect(await root.put(url, { ...now, minRequests: 10 })).toMatchObject({ status: 200 })
  await settle(server)
  expect(await alertsOf(admin, 'error_rate')).toHaveLength(2)
})
