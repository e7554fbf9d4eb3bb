/** Exports: one's own data as an archive, from the wish to the day it is deleted. */
import { Readable } from 'node:stream'
import { createHmac } from 'node:crypto'
import { and, count, desc, eq, gt, inArray, lt, or, sql } from 'drizzle-orm'
import type { Ctx, ReadCtx, TxCtx } from '../../platform/context.ts'
import { one } from '../../platform/db/one.ts'
import type { PersonalData } from '../../platform/personal-data.ts'
import { deriveKey } from '../../platform/secrets.ts'
import type { SignedGet } from '../../platform/storage/index.ts'
import { lockUser } from '../users/index.ts'
import { archiveOf } from './archive.ts'
import { errors } from './errors.ts'
import { exportFetched, exportMade, exportRequested } from './events.ts'
import { makeExport, sendExportReady } from './jobs.ts'
import { findPerson } from './people.ts'
import { type Export, exports } from './tables.ts'

const keptDays = 7
const maxPerDay = 3
const daySeconds = 86_400
/** Long enough to start a download; what has started goes on. */
const addressSeconds = 300
/** A job that has not ended by then has failed for good. */
const patienceHours = 24
const maxListed = 20
const sweepRows = 200

/** Has the caller's data put together. While an archive is being made, asking again is asking for the same one. */
export async function requestExport(tx: TxCtx): Promise<Export> {
  const user = await lockUser(tx, tx.actor.id ?? '')
  const [pending] = await tx.db
    .select()
    .from(exports)
    .where(and(eq(exports.userId, user.id), eq(exports.status, 'pending')))
  if (pending) return pending
  const { made } = one(
    await tx.db
      .select({ made: count() })
      .from(exports)
      .where(
        and(eq(exports.userId, user.id), gt(exports.createdAt, sql`now() - interval '1 day'`)),
      ),
  )
  if (made >= maxPerDay) throw errors.too_many_exports({ retryAfterSeconds: daySeconds })
  const wanted = one(
    await tx.db
      .insert(exports)
      .values({ userId: user.id, expiresAt: sql`now() + make_interval(days => ${keptDays})` })
      .returning(),
  )
  await tx.record(exportRequested, user.id, { exportId: wanted.id })
  await tx.enqueue(makeExport, { exportId: wanted.id })
  return wanted
}

/** The caller's archives, newest first. */
export async function listExports(ctx: ReadCtx): Promise<Export[]> {
  return ctx.db
    .select()
    .from(exports)
    .where(eq(exports.userId, ctx.actor.id ?? ''))
    .orderBy(desc(exports.createdAt), desc(exports.id))
    .limit(maxListed)
}

/** An address for one of the caller's archives, for minutes; throws `privacy.export_not_found` (404). */
export async function openExport(ctx: Ctx, id: string): Promise<SignedGet> {
  const userId = ctx.actor.id ?? ''
  const [found] = await ctx.db
    .select({ id: exports.id })
    .from(exports)
    .where(
      and(
        eq(exports.id, id),
        eq(exports.userId, userId),
        eq(exports.status, 'ready'),
        gt(exports.expiresAt, sql`now()`),
      ),
    )
  if (!found) throw errors.export_not_found()
  await ctx.tx((tx) => tx.record(exportFetched, userId, { exportId: id }))
  return ctx.ports.storage.signGet(storageKeyOf(ctx, id), {
    ttlSeconds: addressSeconds,
    filename: 'your-data.zip',
  })
}

/**
 * Makes the archive that was asked for. Repeated after a crash it writes the same object again. An account that was
 * closed or erased meanwhile gets none, and nothing is left in storage.
 */
export async function writeExport(
  ctx: Ctx,
  rooms: readonly PersonalData[],
  id: string,
): Promise<void> {
  const key = storageKeyOf(ctx, id)
  const [wanted] = await ctx.db.select().from(exports).where(eq(exports.id, id))
  if (wanted?.status === 'ready') return
  const person = wanted?.status === 'pending' ? await findPerson(ctx, rooms, wanted.userId) : null
  if (!person) return ctx.ports.storage.delete(key)
  const body = Readable.from(archiveOf(ctx, rooms, person))
  const { sizeBytes } = await ctx.ports.storage.put(key, body, { contentType: 'application/zip' })
  const isWanted = await ctx.tx(async (tx) => {
    const { status } = await lockUser(tx, person.id)
    if (status !== 'active') return false
    const [ready] = await tx.db
      .update(exports)
      .set({ status: 'ready', readyAt: tx.now, sizeBytes })
      .where(and(eq(exports.id, id), eq(exports.status, 'pending')))
      .returning({ id: exports.id })
    if (!ready) return false
    await tx.record(exportMade, person.id, { exportId: id, sizeBytes })
    await tx.enqueue(sendExportReady, { exportId: id })
    return true
  })
  if (!isWanted) await ctx.ports.storage.delete(key)
}

/** Deletes the archives of which nobody may have anything any more. */
export async function expireExports(ctx: Ctx): Promise<void> {
  const isStuck = and(
    eq(exports.status, 'pending'),
    lt(exports.createdAt, sql`now() - make_interval(hours => ${patienceHours})`),
  )
  const isOver = and(eq(exports.status, 'ready'), lt(exports.expiresAt, sql`now()`))
  const ended = await ctx.db
    .select({ id: exports.id, status: exports.status })
    .from(exports)
    .where(or(isStuck, isOver))
    .limit(sweepRows)
  for (const { id, status } of ended) {
    await ctx.ports.storage.delete(storageKeyOf(ctx, id))
    await ctx.tx((tx) =>
      tx.db
        .update(exports)
        .set({ status: status === 'ready' ? 'expired' : 'failed' })
        .where(and(eq(exports.id, id), inArray(exports.status, ['ready', 'pending']))),
    )
  }
}

/** Deletes all archives of a person, and that there were any. */
export async function eraseExports(ctx: Ctx, userId: string): Promise<void> {
  const own = await ctx.db
    .select({ id: exports.id })
    .from(exports)
    .where(eq(exports.userId, userId))
  for (const { id } of own) await ctx.ports.storage.delete(storageKeyOf(ctx, id))
  await ctx.tx((tx) => tx.db.delete(exports).where(eq(exports.userId, userId)))
}

/** Computed, so that an archive is found and deleted even when its row is gone; nobody without the key can guess it. */
export function storageKeyOf(ctx: ReadCtx, id: string): string {
  const name = createHmac('sha256', deriveKey(ctx.settings.secretKey, 'export')).update(id)
  return `exports/${name.digest('hex')}.zip`
}
