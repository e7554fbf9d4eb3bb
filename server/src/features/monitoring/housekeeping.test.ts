/** What is kept, for how long, and what becomes of it when somebody asks for their data or is erased. */
import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { personalData } from '../../app/rooms.ts'
import { startServer } from '../../app/testing.ts'
import { query } from '../auth/testing.ts'
import { fetchExport } from '../privacy/testing.ts'
import { forgetFigures } from './jobs.ts'
import { alertsOf, givenFacts, watch } from './testing.ts'

const server = await startServer({
  environment: { MONITORING_RETENTION: '10d', ALERT_RETENTION: '20d' },
})
const admin = await server.as('admin')

const count = async (table: string, where = 'true') =>
  (await query(server, `select 1 from monitoring_${table} where ${where}`)).length

async function givenSlowRequest(userId: string | null, age: string) {
  await query(
    server,
    `insert into monitoring_slow_requests (id, request_id, method, route, status, duration_ms, user_id, at)
     values (gen_random_uuid(), 'r', 'GET', '/slow', 200, 2000, $1, now() - $2::interval)`,
    [userId, age],
  )
}

test('everything is forgotten when its time is over, and nothing before', async () => {
  await givenSlowRequest(null, '9 days')
  await givenSlowRequest(null, '11 days')
  for (const [seconds, age] of [
    [60, '47 hours'],
    [60, '49 hours'],
    [3600, '9 days'],
    [3600, '11 days'],
  ])
    await query(
      server,
      `insert into monitoring_request_figures
       values ($1, now() - $2::interval, 'GET', '/old', 2, 1, 1, 1, 1, '{1}', '{1}')`,
      [seconds, age],
    )
  for (const age of ['47 hours', '49 hours'])
    await query(
      server,
      `insert into monitoring_event_counts values (now() - $1::interval, 'failed_proof', '', '', 1, 1)`,
      [age],
    )
  for (const age of ['47 hours', '49 hours'])
    await query(server, `insert into monitoring_recorders values ($1, 1, now() - $2::interval)`, [
      randomUUID(),
      age,
    ])
  for (const age of ['19 days', '21 days'])
    await query(
      server,
      `insert into monitoring_alerts
         (id, type, severity, by, key, count, threshold, window_seconds, first_at, last_at)
       values (gen_random_uuid(), 'failed_proof', 'low', 'ip', '192.0.2.1', 1, 1, 60, now(), now() - $1::interval)`,
      [age],
    )
  for (let times = 0; times < 2; times += 1) {
    await forgetFigures.run(server.ctx(), { scheduledFor: '' }, new AbortController().signal)
    expect(await count('slow_requests')).toBe(1)
    expect(await count('request_figures', 'span_seconds = 60')).toBe(1)
    expect(await count('request_figures', 'span_seconds = 3600')).toBe(1)
    expect(await count('event_counts')).toBe(1)
    expect(await count('recorders')).toBe(1)
    expect(await count('alerts')).toBe(1)
  }
})

test('somebody is given what is about them, and nothing about others', async () => {
  const [ada, bob] = [await server.as(), await server.as()]
  for (const { userId } of [ada, bob]) {
    await givenSlowRequest(userId, '1 minute')
    for (let index = 0; index < 20; index += 1)
      await givenFacts(server, 1, { ip: `203.0.113.${index}`, subjectId: userId })
  }
  await watch(server)
  const files = await fetchExport(server, ada)
  expect(files['monitoring/slow-requests.json']).toMatchObject([{ route: '/slow' }])
  expect(files['monitoring/security-events.json']).toHaveLength(20)
  expect(files['monitoring/security-alerts.json']).toMatchObject([
    { type: 'failed_sign_in', count: 20 },
  ])
  const [alert] = (await alertsOf(admin, 'failed_sign_in')).filter(
    ({ subjectId }) => subjectId === ada.userId,
  )
  expect(JSON.stringify(files)).not.toContain(String(bob.userId))

  const room = personalData.find(({ room: name }) => name === 'monitoring')
  const person = { id: ada.userId ?? '', email: ada.email, formerEmails: [] }
  for (let times = 0; times < 2; times += 1) await room?.erase(server.ctx(), person)
  expect(await count('slow_requests', `user_id = '${ada.userId}'`)).toBe(0)
  expect(await count('event_counts', `subject_id = '${ada.userId}'`)).toBe(0)
  expect(await count('slow_requests', `user_id = '${bob.userId}'`)).toBe(1)
  expect(await count('event_counts', `subject_id = '${bob.userId}'`)).toBe(20)
  expect(await count('alerts', `id = '${alert?.id}' and by = 'subject'`)).toBe(1)
})

test('lists and counts are read by an index', async () => {
  const plans = async (statement: string) =>
    query<{ 'QUERY PLAN': string }>(server, `explain ${statement}`).then((rows) =>
      rows.map((row) => row['QUERY PLAN']).join('\n'),
    )
  await query(
    server,
    `insert into monitoring_alerts
       (id, type, severity, by, key, count, threshold, window_seconds, first_at, last_at, status, acknowledged_at)
     select gen_random_uuid(), 'type_' || n % 50, (array['low', 'medium', 'high', 'critical'])[1 + n % 4], 'ip', n::text,
       1, 1, 60, now(), now(), case when n % 20 = 0 then 'open' else 'acknowledged' end,
       case when n % 20 = 0 then null else now() end
     from generate_series(1, 20000) n`,
  )
  await query(
    server,
    `insert into monitoring_slow_requests (id, request_id, method, route, status, duration_ms, at)
     select gen_random_uuid(), 'r', 'GET', '/route-' || n % 100, 200, 2000, now() from generate_series(1, 20000) n`,
  )
  await query(
    server,
    `insert into monitoring_event_counts
     select date_trunc('minute', now()) - make_interval(mins => n % 2000), 'failed_sign_in', n::text, (n % 500)::text, 1, 1
     from generate_series(1, 20000) n`,
  )
  await query(
    server,
    'analyze monitoring_alerts, monitoring_slow_requests, monitoring_event_counts',
  )
  const id = `id < 'ffffffff-0000-4000-8000-000000000000' order by id desc limit 21`
  for (const [statement, index] of [
    [`select * from monitoring_alerts where ${id}`, 'monitoring_alerts_pkey'],
    [`select * from monitoring_alerts where type = 'type_7' and ${id}`, 'monitoring_alerts_type'],
    [`select * from monitoring_alerts where status = 'open' and ${id}`, 'monitoring_alerts_'],
    [`select * from monitoring_slow_requests where ${id}`, 'monitoring_slow_requests_pkey'],
    [
      `select * from monitoring_slow_requests where route = '/route-5' and ${id}`,
      'monitoring_slow_requests_',
    ],
    [
      `select * from monitoring_alerts where type = 'type_3' and by = 'ip' and key = '3' and last_at > now() - interval '1 hour'
       order by last_at desc limit 1`,
      'monitoring_alerts_key',
    ],
    [
      `select sum(unalerted) from monitoring_event_counts
       where type = 'failed_sign_in' and subject_id = '7' and minute > now() - interval '10 minutes' and unalerted > 0`,
      'monitoring_event_counts_subject',
    ],
  ] as const)
    expect(await plans(statement)).toMatch(new RegExp(`Index .*${index}`))
})
