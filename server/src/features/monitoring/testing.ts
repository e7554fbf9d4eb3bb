/** Monitoring for tests: facts that happen now, and the watcher that is due. */
import { randomUUID } from 'node:crypto'
import { sql } from 'drizzle-orm'
import { eventually } from '../../app/testing.ts'
import { createCtx } from '../../platform/context.ts'
import { defineEvent, refused } from '../../platform/events/index.ts'
import { anonymousFrom } from '../../platform/http/index.ts'
import { eventReaders, events } from '../../platform/tables.ts'
import { type Server, api, query, together } from '../auth/testing.ts'
import { watchFacts } from './jobs.ts'

/** As many connections as a test leaves to others. */
const factsAtOnce = 10

export const base = `${api}/admin/monitoring`

/** What the clock starts every minute. */
export const watchOnce = (server: Server) =>
  watchFacts.run(server.ctx(), { scheduledFor: '' }, new AbortController().signal)

/** Watches until everything stated so far is counted: any transaction of the whole PostgreSQL may hold newer facts up. */
export async function watch(server: Server): Promise<void> {
  const [newest] = await server.db
    .select({ position: sql`coalesce(max(${events.position}), 0)`.mapWith(BigInt) })
    .from(events)
  await eventually(async () => {
    await watchOnce(server)
    const [reader] = await server.db.select().from(eventReaders)
    return reader && reader.position >= (newest?.position ?? 0n)
  })
}

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
  /** How long ago, in seconds. */
  readonly age?: number
}

/** States facts, as the edge does when it refuses, each in a transaction of its own. */
export async function givenFacts(
  server: Server,
  count: number,
  { name = 'auth.sign_in_failed', ip, subjectId = null, age = 0 }: Fact = {},
): Promise<void> {
  const requestId = randomUUID()
  const actor = { ...anonymousFrom(ip ?? ''), ip: ip ?? null }
  const ctx = createCtx(server.process.context, { actor, requestId })
  const fact = refused(defineEvent<Record<string, never>>()(name), subjectId, {})
  for (let left = count; left > 0; left -= factsAtOnce)
    await together(Math.min(left, factsAtOnce), () => ctx.recordRefusal(fact))
  if (age > 0)
    await query(
      server,
      `update platform_events set at = at - make_interval(secs => $1) where request_id = $2`,
      [age, requestId],
    )
}

/** An alert that nobody has acknowledged; returns its id. */
export async function givenAlertRow(server: Server): Promise<string> {
  const [row] = await query<{ id: string }>(
    server,
    `insert into monitoring_alerts
       (id, type, severity, by, key, count, threshold, window_seconds, first_at, last_at)
     values (gen_random_uuid(), 'failed_proof', 'low', 'ip', '192.0.2.1', 1, 1, 60, now(), now())
     returning id`,
  )
  return String(row?.id)
}

/** An address that nobody had before. */
export function openAddresses(): () => string {
  let last = 0
  return () => {
    last += 1
    return `198.51.${100 + Math.floor(last / 250)}.${(last % 250) + 1}`
  }
}
