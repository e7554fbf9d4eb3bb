/** Monitoring for tests: facts that happen now, and the watcher that is due. */
import { Client } from 'pg'
import { type Server, api } from '../auth/testing.ts'
import { watchFacts } from './jobs.ts'

export const base = `${api}/admin/monitoring`

/** What the clock starts every minute. */
export const watch = (server: Pick<Server, 'ctx'>) =>
  watchFacts.run(server.ctx(), { scheduledFor: '' }, new AbortController().signal)

/** Everything gathered so far is stored and counted. */
export async function settle(server: Server): Promise<void> {
  await server.process.flush()
  await watch(server)
}

export type SeenAlert = {
  readonly id: string
  readonly type: string
  readonly severity: string
  readonly by: string
  readonly ip: string | null
  readonly subjectId: string | null
  readonly count: number
  readonly status: string
}

/** The alerts of a type, oldest first, as an administrator sees them. */
export async function alertsOf(
  reader: { get: Awaited<ReturnType<Server['as']>>['get'] },
  type: string,
): Promise<SeenAlert[]> {
  const reply = await reader.get(`${base}/alerts?type=${type}&limit=100`)
  if (reply.status !== 200) throw new Error(`alerts answered ${reply.status}: ${reply.text}`)
  return (reply.body.data as SeenAlert[]).toReversed()
}

type Fact = {
  readonly name?: string
  readonly ip?: string
  readonly subjectId?: string | null
  readonly data?: object
  /** How long ago, in seconds. */
  readonly age?: number
}

/** Writes facts as they would have been written a while ago. */
export async function givenFacts(
  client: Pick<Client, 'query'>,
  count: number,
  { name = 'auth.sign_in_failed', ip, subjectId = null, data = {}, age = 0 }: Fact = {},
): Promise<void> {
  await client.query(
    `with facts as (
       insert into platform_events (id, name, outcome, actor_kind, subject_id, data, request_id, at)
       select gen_random_uuid(), $1, 'refused', 'anonymous', $2, $3, 'test', now() - make_interval(secs => $4)
       from generate_series(1, $5) returning id
     )
     insert into platform_event_details (event_id, about, ip, salt)
     select id, $2, $6, 'salt' from facts where $6::text is not null`,
    [name, subjectId, data, age, count, ip ?? null],
  )
}

/** An alert that nobody has acknowledged; returns its id. */
export async function givenAlertRow(client: Pick<Client, 'query'>): Promise<string> {
  const { rows } = await client.query<{ id: string }>(
    `insert into monitoring_alerts
       (id, type, severity, by, key, count, threshold, window_seconds, first_at, last_at)
     values (gen_random_uuid(), 'failed_proof', 'low', 'ip', '192.0.2.1', 1, 1, 60, now(), now())
     returning id`,
  )
  return String(rows[0]?.id)
}

/** An address that nobody had before. */
export function openAddresses(): () => string {
  let last = 0
  return () => {
    last += 1
    return `198.51.${100 + Math.floor(last / 250)}.${(last % 250) + 1}`
  }
}

/** A connection of the test's own, as the application's role. */
export async function connectTo(server: Server): Promise<Client> {
  const client = new Client({ connectionString: server.location.appUrl })
  await client.connect()
  return client
}
