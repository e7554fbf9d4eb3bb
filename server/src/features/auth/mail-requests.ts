/**
 * Mails that anybody may ask for by naming an address. The request does the same for every address, in the same time;
 * who it belongs to, and what they are sent, is the job's business.
 */
import { and, eq, gt, isNull, sql } from 'drizzle-orm'
import type { Ctx, TxCtx } from '../../platform/context.ts'
import { one } from '../../platform/db/one.ts'
import { findCanonicalEmail, findUserByEmail, getUser } from '../users/index.ts'
import { passwordResetRequested, signInLinkRequested, verificationRequested } from './events.ts'
import { sendSignInLink } from './magic-link-jobs.ts'
import { signInLinkMinutes } from './magic-link-proofs.ts'
import { resendVerification, sendPasswordReset } from './password-jobs.ts'
import { resetMinutes } from './reset-proofs.ts'
import { mailRequests } from './tables.ts'

/** Of one kind to one address, whoever asks and from wherever. */
const maxMailsPerHour = 5
/** The first half of the advisory locks on addresses; any number that no other lock uses. */
const lockSpace = 47_072

type Purpose = typeof mailRequests.$inferInsert.purpose

const minutes: Readonly<Record<Purpose, number>> = {
  password_reset: resetMinutes,
  verification: resetMinutes,
  sign_in: signInLinkMinutes,
}

/** Wants a reset link mailed to this address, if it is somebody's. Older links stop working. */
export async function requestPasswordReset(ctx: Ctx, address: string): Promise<void> {
  await requestMail(ctx, address, 'password_reset', async (tx, requestId, userId) => {
    await tx.record(passwordResetRequested, userId, {})
    await tx.enqueue(sendPasswordReset, { requestId })
  })
}

/**
 * Wants the mail that proves this address sent again, if somebody has signed up with it and not proven it. Only the
 * one who is signed in to the account is told that there is nothing to prove.
 */
export async function requestVerification(
  ctx: Ctx,
  address: string,
): Promise<'sent' | 'already_verified'> {
  const { actor } = ctx
  if (actor.kind === 'user' && actor.id !== null) {
    const self = await getUser(ctx, actor.id)
    const isOwn = self.email === findCanonicalEmail(address)
    if (isOwn && self.emailVerifiedAt !== null) return 'already_verified'
  }
  await requestMail(ctx, address, 'verification', async (tx, requestId, userId) => {
    await tx.record(verificationRequested, userId, {})
    await tx.enqueue(resendVerification, { requestId })
  })
  return 'sent'
}

/** Wants a mail that signs its reader in, by link or code, if the address is somebody's. Older ones stop working. */
export async function requestSignIn(ctx: Ctx, address: string): Promise<void> {
  await requestMail(ctx, address, 'sign_in', async (tx, requestId, userId) => {
    await tx.record(signInLinkRequested, userId, {})
    await tx.enqueue(sendSignInLink, { requestId })
  })
}

async function requestMail(
  ctx: Ctx,
  address: string,
  purpose: Purpose,
  want: (tx: TxCtx, requestId: string, userId: string | null) => Promise<void>,
): Promise<void> {
  const email = findCanonicalEmail(address)
  if (email === null) return
  await ctx.tx(async (tx) => {
    // One after the other, also for an address without a row that could be locked.
    await tx.db.execute(
      sql`select pg_advisory_xact_lock(${lockSpace}, hashtext(${`${purpose}:${email}`}))`,
    )
    if ((await countRecent(tx, email, purpose)) >= maxMailsPerHour) return
    const user = await findUserByEmail(tx, email)
    await endRequests(tx, email, purpose)
    const { id } = one(
      await tx.db
        .insert(mailRequests)
        .values({
          purpose,
          email,
          userId: user?.id ?? null,
          expiresAt: sql`now() + make_interval(mins => ${minutes[purpose]})`,
        })
        .returning({ id: mailRequests.id }),
    )
    await want(tx, id, user?.id ?? null)
  })
}

/** From now on none of the mails of this kind to this address opens anything. */
export async function endRequests(tx: TxCtx, email: string, purpose: Purpose): Promise<void> {
  await tx.db
    .update(mailRequests)
    .set({ expiresAt: sql`clock_timestamp()` })
    .where(
      and(
        eq(mailRequests.email, email),
        eq(mailRequests.purpose, purpose),
        isNull(mailRequests.usedAt),
        gt(mailRequests.expiresAt, sql`clock_timestamp()`),
      ),
    )
}

function countRecent(tx: TxCtx, email: string, purpose: Purpose): Promise<number> {
  return tx.db.$count(
    mailRequests,
    and(
      eq(mailRequests.email, email),
      eq(mailRequests.purpose, purpose),
      gt(mailRequests.createdAt, sql`now() - interval '1 hour'`),
    ),
  )
}
