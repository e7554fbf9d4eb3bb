/**
 * Bringing an object in step with its provider: claim, ask, apply. No transaction is open while the provider is asked.
 * Asking again is not enough to be right: one process may ask first and apply last. So each claim has a fence, and only
 * the newest may apply.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { type SQL, and, eq, inArray, sql } from 'drizzle-orm'
import type { Ctx, TxCtx } from '../../platform/context.ts'
import { crashPoint } from '../../platform/crash-points.ts'
import { databaseErrors, databaseFailure } from '../../platform/db/failures.ts'
import { PermanentFailure } from '../../platform/jobs/errors.ts'
import { type Applied, type Applier, isOf } from './appliers.ts'
import { objectGivenUp } from './events.ts'
import { waitingFor } from './intake.ts'
import { lookSeconds, syncObject } from './jobs.ts'
import { type InboxObject, inboxEvents, inboxObjects } from './tables.ts'

/** Longer than a job may run: whoever holds a lease that is over has ended, or comes too late. */
const lease = sql`make_interval(secs => ${lookSeconds + 30})`
/** Between two attempts to say so to a database that is away. */
const askAgainMs = 1_000
const firstPauseSeconds = 5
const longestPauseSeconds = 6 * 60 * 60
/** Then nothing that is still missing will come by itself. */
const patienceMs = 72 * 60 * 60 * 1000

type Claim = { readonly object: InboxObject; readonly eventIds: readonly string[] }

/** What has changed, is due, and is nobody's at this moment. */
export const isBehind: SQL = sql`${inboxObjects.dirtySeq} > ${inboxObjects.syncedSeq}
  and ${inboxObjects.deadAt} is null
  and (${inboxObjects.leaseUntil} is null or ${inboxObjects.leaseUntil} < clock_timestamp())
  and (${inboxObjects.nextAt} is null or ${inboxObjects.nextAt} <= clock_timestamp())`

/** Until it is in step, has to wait, or somebody else has it. */
export async function sync(
  ctx: Ctx,
  appliers: readonly Applier[],
  objectId: string,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    signal.throwIfAborted()
    const claim = await ctx.tx((tx) => take(tx, objectId))
    if (!claim) return
    crashPoint('inbox.after_claim')
    const { object } = claim
    const applier = appliers.find(isOf(object))
    if (!applier) {
      await ctx.tx((tx) => fail(tx, object, 'impossible', `nobody applies a ${object.kind}`))
      return
    }
    const isInStep = await lookAndApply(ctx, applier, claim, signal)
    if (!isInStep) return
  }
}

async function lookAndApply(
  ctx: Ctx,
  applier: Applier,
  { object, eventIds }: Claim,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    const apply = await applier.look(ctx, object, signal)
    crashPoint('inbox.after_look')
    const isInStep = await ctx.tx(async (tx) => {
      if (!(await findMine(tx, object))) return false
      const applied: Applied = await apply(tx)
      crashPoint('inbox.while_applying')
      if (applied === 'applied') await settle(tx, object, eventIds)
      else await fail(tx, object, 'parent_missing', null)
      crashPoint('inbox.before_commit')
      return applied === 'applied'
    })
    crashPoint('inbox.after_apply')
    return isInStep
  } catch (error) {
    const problem = error instanceof PermanentFailure ? 'impossible' : 'failed'
    const detail = error instanceof Error ? error.message : String(error)
    await giveBack(ctx, signal, (tx) => fail(tx, object, problem, detail))
    return false
  }
}

/**
 * Ends the lease as soon as the database answers: until it ran out by itself nobody could bring the object in step,
 * whatever the provider says meanwhile.
 */
async function giveBack(
  ctx: Ctx,
  signal: AbortSignal,
  end: (tx: TxCtx) => Promise<void>,
): Promise<void> {
  for (;;) {
    try {
      return await ctx.tx(end)
    } catch (error) {
      if (databaseFailure(error)?.code !== databaseErrors.unavailable.code) throw error
      await pause(askAgainMs, null, { signal })
    }
  }
}

async function take(tx: TxCtx, objectId: string): Promise<Claim | null> {
  const [object] = await tx.db
    .update(inboxObjects)
    .set({ fence: sql`${inboxObjects.fence} + 1`, leaseUntil: sql`clock_timestamp() + ${lease}` })
    .where(and(eq(inboxObjects.id, objectId), isBehind))
    .returning()
  if (!object) return null
  // Those that commit later have made it dirty again; their turn is the next.
  const waiting = await tx.db
    .select({ id: inboxEvents.id })
    .from(inboxEvents)
    .where(waitingFor(object))
  return { object, eventIds: waiting.map(({ id }) => id) }
}

/** Locks the object's row, so that the fence stays the newest until this transaction ends. */
async function findMine(tx: TxCtx, { id, fence }: InboxObject): Promise<InboxObject | null> {
  const [found] = await tx.db
    .select()
    .from(inboxObjects)
    .where(and(eq(inboxObjects.id, id), eq(inboxObjects.fence, fence)))
    .for('update')
  return found ?? null
}

async function settle(
  tx: TxCtx,
  { id, dirtySeq }: InboxObject,
  eventIds: readonly string[],
): Promise<void> {
  await tx.db
    .update(inboxObjects)
    .set({
      syncedSeq: dirtySeq,
      leaseUntil: null,
      attempts: 0,
      problem: null,
      detail: null,
      troubledSince: null,
      nextAt: null,
      updatedAt: sql`now()`,
    })
    .where(eq(inboxObjects.id, id))
  if (eventIds.length > 0)
    await tx.db
      .update(inboxEvents)
      .set({ state: 'processed', processedAt: sql`clock_timestamp()` })
      .where(inArray(inboxEvents.id, [...eventIds]))
}

/** Tries again later, or gives up. Whoever has lost the lease has no say. */
async function fail(
  tx: TxCtx,
  object: InboxObject,
  problem: NonNullable<InboxObject['problem']>,
  detail: string | null,
): Promise<void> {
  const mine = await findMine(tx, object)
  if (!mine) return
  const troubledSince = object.troubledSince ?? tx.now
  const isOver = problem === 'impossible' || tx.now.getTime() - troubledSince.getTime() > patienceMs
  // Something was heard of it meanwhile, perhaps what it waits for.
  const waitMs = mine.dirtySeq > object.dirtySeq ? 0 : pauseMs(object.attempts)
  const nextAt = isOver ? null : new Date(tx.now.getTime() + waitMs)
  await tx.db
    .update(inboxObjects)
    .set({
      leaseUntil: null,
      attempts: object.attempts + 1,
      problem,
      detail: detail?.slice(0, 500) ?? null,
      troubledSince,
      nextAt,
      deadAt: isOver ? tx.now : null,
      updatedAt: sql`now()`,
    })
    .where(eq(inboxObjects.id, object.id))
  const { provider, kind, objectId } = object
  if (nextAt) await tx.enqueue(syncObject, { objectId: object.id }, { runAt: nextAt })
  else await tx.record(objectGivenUp, object.id, { provider, kind, objectId, problem })
}

/** Doubling, from 5 seconds to 6 hours, give or take a fifth: many that failed together do not come back together. */
function pauseMs(attempts: number): number {
  const seconds = Math.min(longestPauseSeconds, firstPauseSeconds * 2 ** Math.min(attempts, 16))
  return seconds * 1000 * (0.8 + Math.random() * 0.4)
}
