/**
 * Erasures: an account is closed at once, can come back for a while, and is then forgotten by every room. What has
 * begun is finished, however often it is interrupted.
 */
import { and, eq, isNull, lte, sql } from 'drizzle-orm'
import type { Ctx, TxCtx } from '../../platform/context.ts'
import { one } from '../../platform/db/one.ts'
import { refused } from '../../platform/events/index.ts'
import type { PersonalData } from '../../platform/personal-data.ts'
import { accessErrors } from '../../platform/http/errors.ts'
import { isLastSuperAdmin } from '../access/index.ts'
import { isSuspended } from '../admin/index.ts'
import { endCredentials, isBeingProven } from '../auth/index.ts'
import {
  closeAccount,
  listStaleSignUps,
  lockUser,
  releaseUnproven,
  reopenAccount,
} from '../users/index.ts'
import { erasureOfToken } from './erasure-proofs.ts'
import { errors } from './errors.ts'
import {
  erasureRequested,
  erasureWithdrawn,
  restoreRefused,
  signUpExpired,
  userErased,
} from './events.ts'
import { erasePerson, sendErasureNotice, sendRestored } from './jobs.ts'
import { personOf } from './people.ts'
import { type Erasure, erasures } from './tables.ts'

/** Accounts one run of the clock begins with; the next comes minutes later. */
const maxPerRun = 100

/**
 * For so long somebody may come back to a sign-up that they never proved. It holds an address that may be somebody
 * else's, who has no account to have it erased with.
 */
const unprovenKeptDays = 30
/** Sign-ups one run of the clock forgets; the next comes an hour later. */
const maxSignUpsPerRun = 500

/** Closes the caller's account and has it erased after the grace period. Throws `privacy.last_super_admin` (409). */
export async function requestErasure(tx: TxCtx): Promise<Erasure> {
  const user = await lockUser(tx, tx.actor.id ?? '')
  // Closed by another request a moment ago: the session that asks is dead by now.
  if (user.status !== 'active') throw accessErrors.unauthenticated()
  if (await isLastSuperAdmin(tx, user.id)) throw errors.last_super_admin()
  const erasure = one(
    await tx.db
      .insert(erasures)
      .values({
        userId: user.id,
        dueAt: sql`now() + make_interval(secs => ${tx.settings.erasureGrace})`,
      })
      .returning(),
  )
  await closeAccount(tx, user.id)
  await endCredentials(tx, user, 'account_closed')
  await tx.record(erasureRequested, user.id, {
    erasureId: erasure.id,
    dueAt: erasure.dueAt.toISOString(),
  })
  await tx.enqueue(sendErasureNotice, { erasureId: erasure.id })
  return erasure
}

/**
 * Opens a closed account again, once, by the link that was mailed; not while it is suspended. Throws `privacy.invalid_restore_link` (400).
 */
export async function restoreAccount(ctx: Ctx, token: string): Promise<void> {
  const id = erasureOfToken(ctx, token)
  const isRestored = id !== null && (await ctx.tx((tx) => withdraw(tx, id)))
  if (!isRestored)
    throw errors
      .invalid_restore_link()
      .recording(refused(restoreRefused, null, { reason: id === null ? 'forged' : 'not_open' }))
}

async function withdraw(tx: TxCtx, id: string): Promise<boolean> {
  const [known] = await tx.db.select().from(erasures).where(eq(erasures.id, id))
  if (!known) return false
  await lockUser(tx, known.userId)
  if (await isSuspended(tx, known.userId)) return false
  const [withdrawn] = await tx.db
    .update(erasures)
    .set({ withdrawnAt: tx.now })
    .where(
      and(
        eq(erasures.id, id),
        isNull(erasures.withdrawnAt),
        isNull(erasures.startedAt),
        sql`${erasures.dueAt} > clock_timestamp()`,
      ),
    )
    .returning()
  if (!withdrawn) return false
  await reopenAccount(tx, withdrawn.userId)
  await tx.record(erasureWithdrawn, withdrawn.userId, { erasureId: id })
  await tx.enqueue(sendRestored, { erasureId: id })
  return true
}

/** Wants those erased whose time has come, and those that were begun and not finished. */
export async function eraseDue(ctx: Ctx): Promise<void> {
  const due = await ctx.db
    .select({ id: erasures.id })
    .from(erasures)
    .where(
      and(
        isNull(erasures.withdrawnAt),
        isNull(erasures.finishedAt),
        lte(erasures.dueAt, sql`now()`),
      ),
    )
    .orderBy(erasures.dueAt)
    .limit(maxPerRun)
  for (const { id } of due) await ctx.tx((tx) => tx.enqueue(erasePerson, { erasureId: id }))
}

/** Wants those sign-ups erased, with all they own, that nobody has proven for a month. Their addresses are free at once. */
export async function eraseUnproven(ctx: Ctx): Promise<void> {
  const stale = await listStaleSignUps(ctx, { days: unprovenKeptDays, limit: maxSignUpsPerRun })
  for (const userId of stale) await ctx.tx((tx) => expireSignUp(tx, userId))
}

async function expireSignUp(tx: TxCtx, userId: string): Promise<void> {
  // Locked: somebody who signs up again or proves the address at this moment comes before, and is seen, or after.
  await lockUser(tx, userId)
  if ((await isBeingProven(tx, userId)) || !(await releaseUnproven(tx, userId))) return
  const { id: erasureId } = one(
    await tx.db
      .insert(erasures)
      .values({ userId, dueAt: sql`now()` })
      .returning({ id: erasures.id }),
  )
  await tx.record(signUpExpired, userId, { erasureId })
  await tx.enqueue(erasePerson, { erasureId })
}

/** Has every room forget the person; the account's own row last, because the others find their data by it. */
export async function erase(ctx: Ctx, rooms: readonly PersonalData[], id: string): Promise<void> {
  const begun = await ctx.tx(async (tx) => {
    const [started] = await tx.db
      .update(erasures)
      .set({ startedAt: sql`coalesce(${erasures.startedAt}, clock_timestamp())` })
      .where(
        and(
          eq(erasures.id, id),
          isNull(erasures.withdrawnAt),
          isNull(erasures.finishedAt),
          sql`${erasures.dueAt} <= clock_timestamp()`,
        ),
      )
      .returning({ userId: erasures.userId })
    return started ?? null
  })
  if (!begun) return
  const person = await personOf(ctx, rooms, begun.userId)
  for (const room of rooms) await room.erase(ctx, person)
  await ctx.tx(async (tx) => {
    const finished = await tx.db
      .update(erasures)
      .set({ finishedAt: tx.now })
      .where(and(eq(erasures.id, id), isNull(erasures.finishedAt)))
      .returning({ id: erasures.id })
    if (finished.length === 1) await tx.record(userErased, person.id, { erasureId: id })
  })
}
