/**
 * Endings that nobody asked this room for: with its session, with the one on which it stands, with the right to it. The
 * list tells of them at once; the job notes them before the sessions are forgotten, and states the fact.
 */
import { and, asc, eq, gt, isNotNull, isNull, sql } from 'drizzle-orm'
import type { Ctx, ReadCtx, TxCtx } from '../../platform/context.ts'
import { type End, findEnds, isBackedBy, revokeSession } from '../auth/index.ts'
import { ended } from './events.ts'
import { type Impersonation, impersonations } from './tables.ts'

/** A worker that was away for longer finds them noted nowhere but in the list. */
const lookBack = sql`interval '7 days'`

/** What can be told of an impersonation's end. */
type Known = Pick<Impersonation, 'sessionId' | 'endsAt' | 'endedAt'>

/** The same rows, with the time at which those ended that nobody has noted yet. */
export async function withEnds<R extends Known>(
  ctx: ReadCtx,
  rows: readonly R[],
): Promise<readonly R[]> {
  const ends = await endsOf(ctx, rows)
  return rows.map((row) => ({ ...row, endedAt: row.endedAt ?? endOf(row, ends)?.at ?? null }))
}

/** Notes those that have ended, and ends those that nothing backs any more. */
export async function settle(ctx: Ctx): Promise<void> {
  const open = await ctx.db
    .select()
    .from(impersonations)
    .where(and(isOpen, gt(impersonations.createdAt, sql`now() - ${lookBack}`)))
    .orderBy(asc(impersonations.id))
  const ends = await endsOf(ctx, open)
  for (const each of open) {
    const end = endOf(each, ends)
    if (end) await ctx.tx((tx) => note(tx, each, end))
    else if (await isUnbacked(ctx, each)) await ctx.tx((tx) => endUnbacked(tx, each))
  }
}

const isOpen = and(isNotNull(impersonations.begunAt), isNull(impersonations.endedAt))

async function endsOf(ctx: ReadCtx, rows: readonly Known[]): Promise<ReadonlyMap<string, End>> {
  const ids = rows.flatMap(({ sessionId, endedAt }) =>
    sessionId === null || endedAt !== null ? [] : [sessionId],
  )
  return ids.length === 0 ? new Map<string, End>() : findEnds(ctx, ids)
}

/** Null for one whose time ran out: nobody has ended it. */
function endOf({ sessionId, endsAt }: Known, ends: ReadonlyMap<string, End>): End | null {
  const end = ends.get(sessionId ?? '')
  return end && endsAt && end.at < endsAt ? end : null
}

async function isUnbacked(
  ctx: ReadCtx,
  { impersonatorSessionId, userId, endsAt }: Impersonation,
): Promise<boolean> {
  return (
    endsAt !== null && endsAt > ctx.now && !(await isBackedBy(ctx, impersonatorSessionId, userId))
  )
}

/** Of several at once one notes it. */
async function note(tx: TxCtx, { id, userId }: Impersonation, end: End): Promise<void> {
  const noted = await tx.db
    .update(impersonations)
    .set({ endedAt: end.at })
    .where(and(eq(impersonations.id, id), isOpen))
    .returning({ id: impersonations.id })
  if (noted.length === 0) return
  await tx.record(ended, userId, { impersonationId: id, reason: end.reason })
}

async function endUnbacked(tx: TxCtx, impersonation: Impersonation): Promise<void> {
  const reason = 'not_backed'
  if (impersonation.sessionId !== null) await revokeSession(tx, impersonation.sessionId, reason)
  await note(tx, impersonation, { at: tx.now, reason })
}
