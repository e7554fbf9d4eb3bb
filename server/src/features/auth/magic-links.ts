/** Signing in by mail: the link or the code in it, once. Who reads the mail of an address is its owner. */
import { and, desc, eq, gt, isNull, lt, sql } from 'drizzle-orm'
import type { Ctx, TxCtx } from '../../platform/context.ts'
import { refused } from '../../platform/events/index.ts'
import { type User, findCanonicalEmail, lockUser, markEmailVerified } from '../users/index.ts'
import { errors } from './errors.ts'
import { signInLinkRefused } from './events.ts'
import { isOpenSignIn, isSignInCode, signInIdOf } from './magic-link-proofs.ts'
import { type Opened, type Opening, openSession } from './sign-in.ts'
import { mailRequests } from './tables.ts'
import { endUnprovenClaims } from './unproven-claims.ts'

/** Guesses of one six-digit code before it dies: with five mails an hour, one chance in 40,000 an hour. */
const maxCodeAttempts = 5

export type MailedProof =
  | { readonly token: string }
  | { readonly email: string; readonly code: string }

/**
 * Signs in by a mailed link or code; a second factor is asked for as at every door. Throws
 * `auth.invalid_sign_in_link` (401), the same for every reason.
 */
export async function signInByMail(ctx: Ctx, proof: MailedProof, input: Opening): Promise<Opened> {
  // Committed whatever comes of it: a wrong code counts.
  const user = await ctx.tx((tx) =>
    'token' in proof ? spendToken(tx, proof.token) : spendCode(tx, proof.email, proof.code),
  )
  if (!user)
    throw errors
      .invalid_sign_in_link()
      .recording(refused(signInLinkRefused, null, { by: 'token' in proof ? 'link' : 'code' }))
  return openSession(ctx, user, input, { firstFactor: 'magic_link' })
}

async function spendToken(tx: TxCtx, token: string): Promise<User | null> {
  const id = signInIdOf(tx, token)
  return id === null ? null : spend(tx, id)
}

async function spendCode(tx: TxCtx, address: string, code: string): Promise<User | null> {
  const email = findCanonicalEmail(address)
  if (email === null) return null
  const [newest] = await tx.db
    .select({ id: mailRequests.id })
    .from(mailRequests)
    .where(
      and(
        eq(mailRequests.email, email),
        eq(mailRequests.purpose, 'sign_in'),
        isNull(mailRequests.usedAt),
        gt(mailRequests.expiresAt, sql`clock_timestamp()`),
      ),
    )
    .orderBy(desc(mailRequests.createdAt), desc(mailRequests.id))
    .limit(1)
  if (!newest) return null
  // Counted before it is compared: of many guesses at once, only so many are looked at.
  const [counted] = await tx.db
    .update(mailRequests)
    .set({ attempts: sql`${mailRequests.attempts} + 1` })
    .where(and(eq(mailRequests.id, newest.id), lt(mailRequests.attempts, maxCodeAttempts)))
    .returning({ id: mailRequests.id })
  if (!counted || !isSignInCode(tx, newest.id, code)) return null
  return spend(tx, newest.id)
}

/** Uses the mail up; null when it was used, or is for an address that is not the user's any more. */
async function spend(tx: TxCtx, id: string): Promise<User | null> {
  const [used] = await tx.db
    .update(mailRequests)
    .set({ usedAt: tx.now })
    .where(isOpenSignIn(id))
    .returning({ userId: mailRequests.userId, email: mailRequests.email })
  if (!used?.userId) return null
  const user = await lockUser(tx, used.userId)
  if (user.status !== 'active' || user.email !== used.email) return null
  if (user.emailVerifiedAt !== null) return user
  // The mail is the proof. A sign-up that waits for its own would bring somebody's password along.
  await endUnprovenClaims(tx, user.id)
  return markEmailVerified(tx, user.id)
}
