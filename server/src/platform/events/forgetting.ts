/**
 * Forgetting what facts know of persons: the fact stays, what lies beside it goes. The application's role cannot delete
 * it; a function of the owner's does, where a fact says why, and verification asks for that fact.
 */
import { type SQL, and, eq, or, sql } from 'drizzle-orm'
import type { Ctx } from '../context.ts'
import type { ReadDb } from '../db/index.ts'
import { one } from '../db/one.ts'
import { eventDetails, events } from '../tables.ts'
import { defineEvent } from './index.ts'

type Reason =
  | { readonly reason: 'erased' }
  /** Written by a migration as well, with the reason `upgraded`: for what went before reasons were recorded. */
  | { readonly reason: 'age'; readonly before: string }

const detailsForgotten = defineEvent<Reason>()('platform.details_forgotten')

const batchRows = 1_000
/** What is left after so many is the next run's. */
const maxBatches = 200

/** Forgets what facts know of a person who is erased. Asked again, it makes no difference. */
export async function forgetPerson(ctx: Ctx, id: string): Promise<void> {
  if (!(await isAny(ctx, or(eq(eventDetails.about, id), eq(eventDetails.personalOf, id))))) return
  await ctx.tx((tx) => tx.record(detailsForgotten, id, { reason: 'erased' }))
  await forgetInBatches(ctx, sql`${id}::text, null::timestamptz`)
}

/** Forgets what facts knew of anybody longer than this ago. */
export async function forgetOld(ctx: Ctx, keptSeconds: number): Promise<void> {
  const { before } = one(
    await ctx.db
      .select({ before: iso(sql`now() - make_interval(secs => ${keptSeconds})`) })
      .from(sql`(select 1) as once`),
  )
  if (!(await isAny(ctx, sql`${eventDetails.at} < ${before}::timestamptz`))) return
  await ctx.tx((tx) => tx.record(detailsForgotten, null, { reason: 'age', before }))
  await forgetInBatches(ctx, sql`null::text, ${before}::timestamptz`)
}

/**
 * The first of these facts whose details nothing allowed to be forgotten; null for none. Ask when they were found to be
 * missing, not before. An hour is longer than any transaction: its details are as old as its beginning.
 */
export async function findUnexcused(db: ReadDb, ids: readonly string[]): Promise<string | null> {
  const is = sql`r.name = ${detailsForgotten.name} and r.outcome = 'succeeded'`
  const before = sql`(r.data ->> 'before') collate "C"`
  const aged = sql`(
    select max(${before}) from platform_events r
    where ${is} and ${before} <= case r.data ->> 'reason'
      when 'age' then ${iso(sql`r.at - interval '1 day'`)}
      when 'upgraded' then ${iso(sql`r.at`)} end)`
  const erased = sql`
    select from platform_events r where ${is} and r.data ->> 'reason' = 'erased'
      and r.subject_id in (${events.actorId}, ${events.onBehalfOf}, ${events.subjectId})`
  const [found] = await db
    .select({ id: events.id })
    .from(events)
    .where(
      and(
        sql`${events.id} = any(${sql.param(ids)}::uuid[])`,
        sql`${iso(sql`${events.at} - interval '1 hour'`)} collate "C" >= coalesce(${aged}, '')`,
        sql`not exists (${erased})`,
      ),
    )
    .orderBy(events.position, events.id)
    .limit(1)
  return found?.id ?? null
}

async function isAny({ db }: Pick<Ctx, 'db'>, which: SQL | undefined): Promise<boolean> {
  const rows = await db
    .select({ id: eventDetails.eventId })
    .from(eventDetails)
    .where(which)
    .limit(1)
  return rows.length > 0
}

async function forgetInBatches(ctx: Ctx, what: SQL): Promise<void> {
  for (let batch = 0; batch < maxBatches; batch += 1) {
    const { rows } = await ctx.tx((tx) =>
      tx.db.execute<{ gone: number }>(
        sql`select platform_forget_details(${what}, ${batchRows}) as gone`,
      ),
    )
    if ((rows[0]?.gone ?? 0) < batchRows) return
  }
}

/** As `Date` writes it: in this form times are ordered as texts. */
const iso = (moment: SQL) =>
  sql<string>`to_char((${moment}) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`
