/** Alerts on their way: each address is mailed once, the webhook is signed and tried until it answers. */
import { createHmac } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { eventually, startServer } from '../../app/testing.ts'
import { jobOutbox } from '../../platform/tables.ts'
import { deliverMails, query } from '../auth/testing.ts'
import { postAlert } from './deliveries.ts'
import { alertsOf, givenFacts, openAddresses, watch } from './testing.ts'

type Received = { headers: Readonly<Record<string, string>>; body: string }
const key = Buffer.from('a key for tests that is 32 bytes')
let received: Received[] = []
let statuses: number[] = []
const receiver = createServer((request, response) => {
  let body = ''
  request.on('data', (part) => (body += String(part)))
  request.on('end', () => {
    const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)])
    received.push({ headers: Object.fromEntries(headers), body })
    response.writeHead(statuses.shift() ?? 204).end()
  })
})
await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
afterAll(() => receiver.close())
const { port } = receiver.address() as AddressInfo

const environment = {
  ALERT_EMAIL: 'ops@example.com,security@example.com',
  ALERT_WEBHOOK_URL: `http://127.0.0.1:${port}/hook?token=in-the-address`,
  ALERT_WEBHOOK_SECRET: `whsec_${key.toString('base64')}`,
}
const server = await startServer({ environment })
const admin = await server.as('admin')
const newIp = openAddresses()

beforeEach(() => {
  received = []
  statuses = []
})

async function givenAlert(given: typeof server = server) {
  const ip = newIp()
  await givenFacts(server, 20, { ip })
  await watch(given)
  const alert = (await alertsOf(admin, 'failed_sign_in')).find((found) => found.ip === ip)
  if (!alert) throw new Error('no alert')
  return alert
}

/** What became of an alert, by the log. */
const factsOf = async (id: string) =>
  (await server.facts())
    .filter(({ subjectId }) => subjectId === id)
    .map(({ name, outcome }) => [name, outcome])

test('each address gets one mail, in HTML and text, with what is known and no name', async () => {
  const { id, ip } = await givenAlert()
  await deliverMails(server)
  for (const address of ['ops@example.com', 'security@example.com']) {
    const mails = (await server.mails(address)).filter(({ text }) => text.includes(id))
    expect(mails).toHaveLength(1)
    for (const part of [mails[0]?.text, mails[0]?.html])
      for (const piece of ['failed_sign_in', 'medium', '20', String(ip), id])
        expect(part).toContain(piece)
    expect(mails[0]?.subject).toBe('[medium] failed_sign_in at Ashlar')
  }
})

test('the webhook is signed as Standard Webhooks say, and carries ids and an address', async () => {
  const { id, ip } = await givenAlert()
  await deliverMails(server)
  expect(received).toHaveLength(1)
  const { headers, body } = received[0] ?? { headers: {}, body: '' }
  const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`
  const signature = createHmac('sha256', key).update(signed).digest('base64')
  expect(headers['webhook-signature']).toBe(`v1,${signature}`)
  expect(headers['webhook-id']).toBe(`alert_${id}`)
  expect(Math.abs(Number(headers['webhook-timestamp']) - Date.now() / 1000)).toBeLessThan(300)
  expect(JSON.parse(body)).toMatchObject({
    type: 'monitoring.alert_raised',
    timestamp: expect.stringMatching(/Z$/),
    data: { id, ip, type: 'failed_sign_in', severity: 'medium', count: 20, threshold: 20 },
  })
})

test('a receiver that fails is tried again under the same id, until it answers', async () => {
  const { id } = await givenAlert()
  statuses = [500, 302, 429]
  const run = () => postAlert.run(server.ctx(), { alertId: id }, new AbortController().signal)
  for (const status of [500, 302, 429]) await expect(run()).rejects.toThrow(String(status))
  await run()
  expect(new Set(received.map(({ headers }) => headers['webhook-id']))).toEqual(
    new Set([`alert_${id}`]),
  )
  expect(received).toHaveLength(4)
  expect(await factsOf(id)).toEqual([
    ['monitoring.alert_raised', 'succeeded'],
    ['monitoring.alert_posted', 'succeeded'],
  ])
  await server.db.delete(jobOutbox)
})

test('what the receiver took at none of the tries is told, once it is given up', async () => {
  const { id } = await givenAlert()
  statuses = [500, 500]
  const { signal } = new AbortController()
  await expect(postAlert.run(server.ctx(), { alertId: id }, signal)).rejects.toThrow('500')
  expect(await factsOf(id)).toEqual([['monitoring.alert_raised', 'succeeded']])
  await expect(postAlert.run(server.ctx(), { alertId: id }, signal, true)).rejects.toThrow('500')
  expect(await factsOf(id)).toEqual([
    ['monitoring.alert_raised', 'succeeded'],
    ['monitoring.alert_undelivered', 'failed'],
  ])
  const told = (await server.facts()).findLast(({ subjectId }) => subjectId === id)
  expect(told?.data).toEqual({ host: `127.0.0.1:${port}`, reason: 'failed' })
  await server.db.delete(jobOutbox)
})

test('where private addresses are closed the webhook is a dead letter, and nothing was sent', async () => {
  const closed = await startServer({
    environment: { ...environment, WEBHOOK_PRIVATE_ADDRESSES: 'false' },
    location: server.location,
  })
  const { id } = await givenAlert(closed)
  const { signal } = new AbortController()
  await expect(postAlert.run(closed.ctx(), { alertId: id }, signal)).rejects.toMatchObject({
    name: 'PermanentFailure',
  })
  const told = (await server.facts()).findLast(({ subjectId }) => subjectId === id)
  expect(told).toMatchObject({
    name: 'monitoring.alert_undelivered',
    outcome: 'failed',
    data: { reason: 'forbidden' },
  })
  expect(received).toEqual([])
  await server.db.delete(jobOutbox)
})

test('without addresses and webhook an alert is in the list, and nobody is told', async () => {
  const quiet = await startServer({ location: server.location })
  await givenAlert(quiet)
  expect(await server.jobs()).toEqual([])
})

test('an address that was taken out meanwhile is not mailed', async () => {
  const { id } = await givenAlert()
  const changed = await startServer({
    environment: { ALERT_EMAIL: 'ops@example.com' },
    location: server.location,
  })
  await deliverMails(changed)
  const mailed = await query<{ to: string }>(
    server,
    `select "to" from platform_captured_mails where text like '%' || $1 || '%'`,
    [id],
  )
  expect(mailed).toEqual([{ to: 'ops@example.com' }])
})

test('with workers it all happens by itself, a failing receiver included', async () => {
  const working = await startServer({ environment, location: server.location, hasJobs: true })
  statuses = [503]
  const { id } = await givenAlert(working)
  await eventually(async () => received.length === 2)
  const mails = () => working.mails('ops@example.com')
  await eventually(async () => (await mails()).some(({ text }) => text.includes(id)))
  expect(received.map(({ headers }) => headers['webhook-id'])).toEqual([
    `alert_${id}`,
    `alert_${id}`,
  ])
})
