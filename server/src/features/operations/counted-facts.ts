/** What happened while by while, counted from the facts that other rooms state. */
import { type SQL, and, eq, gte, inArray, lt, sql } from 'drizzle-orm'
import type { ReadCtx } from '../../platform/context.ts'
import { firstIdAt } from '../../platform/events/months.ts'
import { events } from '../../platform/tables.ts'
import type { While } from './whiles.ts'

/** By name; the rooms that state them are not asked. */
export const countedFacts = [
  'auth.signed_in',
  'auth.sign_in_failed',
  'users.user_registered',
  'payments.held',
  'refunds.succeeded',
] as const
/** Limits that stand before a door where somebody signs in: what they stop is no failed sign-in, for nobody looks at it. */
export const signInLimits = ['auth_login_client', 'auth_login_account', 'auth_passkey_client']
/** The server's own, about whoever met a limit. */
const refusals = 'http.requests_refused'
type Name = (typeof countedFacts)[number] | typeof refusals

/** The clock that made an id and the database's may differ: by far less. */
const clockLeewayMs = 3_600_000

export async function readPeople({ db }: ReadCtx, span: While) {
  const at = startOf(span)
  const of = (name: Name) => sql`count(*) filter (where ${events.name} = ${name})`.mapWith(Number)
  const policy = sql`${events.data}->>'policy'`
  const isOfSignIn = and(eq(events.name, refusals), inArray(policy, signInLimits))
  const stopped = sql`coalesce(sum((${events.data}->>'count')::bigint) filter (where ${isOfSignIn}), 0)`
  return db
    .select({
      at,
      signIns: of('auth.signed_in'),
      failedSignIns: of('auth.sign_in_failed'),
      stoppedSignIns: stopped.mapWith(Number),
      registrations: of('users.user_registered'),
    })
    .from(events)
    .where(
      within(span, ['auth.signed_in', 'auth.sign_in_failed', 'users.user_registered', refusals]),
    )
    .groupBy(sql`1`)
}

export type Revenue = {
  readonly at: Date
  readonly currency: string
  /** In the currency's smallest unit. */
  readonly captured: string
  readonly refunded: string
  readonly net: string
}

/** What came in less what went back, by currency; only whiles in which there was any. */
export async function readRevenue({ db }: ReadCtx, span: While): Promise<readonly Revenue[]> {
  const amount = sql`(${events.data}->>'amount')::numeric`
  const of = (name: Name) =>
    sql`coalesce(sum(${amount}) filter (where ${events.name} = ${name}), 0)`
  const [captured, refunded] = [of('payments.held'), of('refunds.succeeded')]
  return db
    .select({
      at: startOf(span),
      currency: sql<string>`${events.data}->>'currency'`,
      captured: sql<string>`(${captured})::text`,
      refunded: sql<string>`(${refunded})::text`,
      net: sql<string>`(${captured} - ${refunded})::text`,
    })
    .from(events)
    .where(within(span, ['payments.held', 'refunds.succeeded']))
    .groupBy(sql`1`, sql`2`)
    .orderBy(sql`1`, sql`2`)
}

const startOf = ({ seconds, from }: While) =>
  sql`date_bin(make_interval(secs => ${seconds}), ${events.at}, ${from.toISOString()}::timestamptz)`.mapWith(
    events.at,
  )

/** The ids narrow down where to look in the index by name; the fact's own time decides. */
const within = ({ from, until }: While, names: readonly Name[]): SQL | undefined =>
  and(
    inArray(events.name, [...names]),
    gte(events.id, firstIdAt(new Date(from.getTime() - clockLeewayMs))),
    gte(events.at, from),
    lt(events.at, until),
  )
