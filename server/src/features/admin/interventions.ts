/** Interventions: what an administrator does to somebody's account, and why. */
import { and, desc, eq, gt, isNull, or, sql } from 'drizzle-orm'
import type { Ctx, ReadCtx, TxCtx } from '../../platform/context.ts'
import { one } from '../../platform/db/one.ts'
import { httpErrors } from '../../platform/http/errors.ts'
import { isLastSuperAdmin } from '../access/index.ts'
import { countPasskeys, endCredentials, removePasskeys, signOutEverywhere } from '../auth/index.ts'
import { endTrust, findSecondFactor, resetFactor } from '../twofa/index.ts'
import {
  canonicalEmail,
  findUserByEmail,
  suspendAccount,
  unsuspendAccount,
  usersErrors,
} from '../users/index.ts'
import { errors } from './errors.ts'
import { factorsReset, userSignedOut, userSuspended, userUnsuspended } from './events.ts'
import { sendFactorsReset } from './jobs.ts'
import { lockTarget } from './standing.ts'
import { type Intervention, interventions } from './tables.ts'

/** Most interventions that one answer lists. */
const maxListed = 50
const latest = new Date('9999-01-01T00:00:00Z')

export async function listInterventions(ctx: ReadCtx, userId: string): Promise<Intervention[]> {
  return ctx.db
    .select()
    .from(interventions)
    .where(eq(interventions.userId, userId))
    .orderBy(desc(interventions.id))
    .limit(maxListed)
}

/** Whether an account was suspended and still is. Of one that its owner has closed nothing else says so. */
export async function isSuspended(ctx: ReadCtx, userId: string): Promise<boolean> {
  const [standing] = await ctx.db
    .select({ id: interventions.id })
    .from(interventions)
    .where(
      and(
        eq(interventions.userId, userId),
        eq(interventions.kind, 'suspension'),
        isNull(interventions.liftedAt),
        or(isNull(interventions.until), gt(interventions.until, sql`clock_timestamp()`)),
      ),
    )
    .limit(1)
  return standing !== undefined
}

/**
 * Keeps somebody out until a time, or until it is lifted; everything they are signed in with ends. Whoever has closed
 * their account does not get it back while it lasts. Throws what `lockTarget` does, `admin.last_super_admin`,
 * `admin.already_suspended` and, for one that was erased, `admin.account_closed` (409).
 */
export async function suspend(
  tx: TxCtx,
  userId: string,
  { reason, until }: { reason: string; until?: string },
): Promise<void> {
  const endsAt = until === undefined ? null : endOf(tx, until)
  const { user } = await lockTarget(tx, userId, 'admin.suspend_users')
  if (user.erasedAt !== null) throw errors.account_closed()
  if (await isLastSuperAdmin(tx, userId)) throw errors.last_super_admin()
  const isNew =
    user.status === 'deleted'
      ? !(await isSuspended(tx, userId))
      : await suspendAccount(tx, userId, endsAt)
  if (!isNew) throw errors.already_suspended()
  await endCredentials(tx, user, 'suspended')
  const { id } = await note(tx, { userId, kind: 'suspension', reason, until: endsAt })
  await tx.record(userSuspended, userId, {
    interventionId: id,
    until: endsAt?.toISOString() ?? null,
  })
}

/** Throws what `lockTarget` does, and `admin.not_suspended` (409). */
export async function unsuspend(tx: TxCtx, userId: string): Promise<void> {
  const { user } = await lockTarget(tx, userId, 'admin.suspend_users')
  const wasSuspended =
    user.status === 'deleted' ? await isSuspended(tx, userId) : await unsuspendAccount(tx, userId)
  if (!wasSuspended) throw errors.not_suspended()
  await tx.db
    .update(interventions)
    .set({ liftedAt: tx.now, liftedBy: tx.actor.id })
    .where(
      and(
        eq(interventions.userId, userId),
        eq(interventions.kind, 'suspension'),
        isNull(interventions.liftedAt),
      ),
    )
  await tx.record(userUnsuspended, userId, {})
}

/** Ends somebody's sessions, everywhere; returns how many. Their API keys go on. Throws what `lockTarget` does. */
export async function signOut(tx: TxCtx, userId: string): Promise<number> {
  await lockTarget(tx, userId, 'admin.sign_out_users')
  const { sessionsEnded } = await signOutEverywhere(tx, userId, { reason: 'signed_out_by_admin' })
  await tx.record(userSignedOut, userId, { sessionsEnded })
  return sessionsEnded
}

/**
 * Takes somebody's authenticator, passkeys and trusted devices away and signs them out everywhere. The password stays
 * what it is: nobody is let in by this but who knows it. Throws what `lockTarget` does, and `admin.no_factors` (409).
 */
export async function resetFactors(
  tx: TxCtx,
  userId: string,
  reason: string,
): Promise<{ hadAuthenticator: boolean; passkeys: number }> {
  await lockTarget(tx, userId, 'admin.reset_factors')
  await endTrust(tx, userId)
  const hadAuthenticator = await resetFactor(tx, userId)
  const passkeys = await removePasskeys(tx, userId)
  if (!hadAuthenticator && passkeys === 0) throw errors.no_factors()
  const { sessionsEnded } = await signOutEverywhere(tx, userId, { reason: 'factors_reset' })
  const { id } = await note(tx, { userId, kind: 'factor_reset', reason })
  const gone = { hadAuthenticator, passkeys }
  await tx.record(factorsReset, userId, { interventionId: id, ...gone, sessionsEnded })
  await tx.enqueue(sendFactorsReset, { interventionId: id })
  return gone
}

/**
 * The same for whoever has a shell on the machine; says what was there to take. Throws `users.user_not_found` (404)
 * and `admin.no_factors` (409).
 */
export async function resetFactorsByEmail(
  ctx: Ctx,
  { email, reason, isDryRun }: { email: string; reason: string; isDryRun: boolean },
): Promise<{ hadAuthenticator: boolean; passkeys: number }> {
  const user = await findUserByEmail(ctx, canonicalEmail(email))
  if (!user) throw usersErrors.user_not_found()
  if (!isDryRun) return ctx.tx((tx) => resetFactors(tx, user.id, reason))
  return {
    hadAuthenticator: (await findSecondFactor(ctx, user.id)) !== null,
    passkeys: await countPasskeys(ctx, user.id),
  }
}

async function note(
  tx: TxCtx,
  given: Pick<Intervention, 'userId' | 'kind' | 'reason'> & { until?: Date | null },
): Promise<Intervention> {
  return one(
    await tx.db
      .insert(interventions)
      .values({ ...given, by: tx.actor.id ?? '' })
      .returning(),
  )
}

function endOf(tx: TxCtx, given: string): Date {
  const until = new Date(given)
  if (until > tx.now && until < latest) return until
  throw httpErrors.invalid_request({
    errors: [{ pointer: '/until', message: 'must be a time in the future' }],
  })
}
