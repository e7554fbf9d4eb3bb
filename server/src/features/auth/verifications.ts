/** Verifications: proofs that an address belongs to the one who signed up, by link or by code. */
import { and, desc, eq, gt, lt, sql } from 'drizzle-orm'
import type { ReadCtx, TxCtx } from '../../platform/context.ts'
import { one } from '../../platform/db/one.ts'
import { findCanonicalEmail, findUserByEmail, lockUser, markEmailVerified } from '../users/index.ts'
import { setPassword } from './credentials.ts'
import { sendVerification } from './jobs.ts'
import { verifications } from './tables.ts'
import { isCodeOf, isOpen, verificationMinutes, verifiedIdOf } from './verification-proofs.ts'

/** Guesses of one six-digit code before it dies: a chance of 1 in 200,000. */
const maxCodeAttempts = 5
/** Guesses of all codes of one account in a day, or every new mail would bring new guesses. The link works on. */
const maxCodeAttemptsPerDay = 20

/**
 * Starts a verification and mails its link and code. Older ones of the same user stop working. The user's row must be
 * locked or new, so that two at once leave one.
 */
export async function startVerification(
  tx: TxCtx,
  input: { userId: string; email: string; passwordHash: string | null },
): Promise<void> {
  await endVerifications(tx, input.userId)
  const { id } = one(
    await tx.db
      .insert(verifications)
      .values({ ...input, expiresAt: sql`now() + make_interval(mins => ${verificationMinutes})` })
      .returning({ id: verifications.id }),
  )
  await tx.enqueue(sendVerification, { verificationId: id })
}

/** Whether a mail of theirs still verifies. */
export async function isBeingProven(ctx: ReadCtx, userId: string): Promise<boolean> {
  return (await ctx.db.$count(verifications, and(eq(verifications.userId, userId), isOpen()))) > 0
}

/** From now on none of a user's mails verifies anything. */
export async function endVerifications(tx: TxCtx, userId: string): Promise<void> {
  await tx.db
    .update(verifications)
    .set({ expiresAt: sql`clock_timestamp()` })
    .where(and(eq(verifications.userId, userId), isOpen()))
}

/** Uses up the token; returns the verified user's id, or null when it is not a token that works. */
export async function verifyByToken(tx: TxCtx, token: string): Promise<string | null> {
  const id = verifiedIdOf(tx, token)
  if (id === null) return null
  const [row] = await tx.db
    .select({ userId: verifications.userId })
    .from(verifications)
    .where(eq(verifications.id, id))
  return row ? complete(tx, id, row.userId) : null
}

/** Uses up the code. A wrong one counts, whoever sends it: the caller must commit even when the answer is null. */
export async function verifyByCode(
  tx: TxCtx,
  address: string,
  code: string,
): Promise<string | null> {
  const email = findCanonicalEmail(address)
  const user = email === null ? null : await findUserByEmail(tx, email)
  if (!user) return null
  // Locked: guesses of one account are counted one after the other.
  await lockUser(tx, user.id)
  const newest = await findNewest(tx, user.id)
  if (!newest || (await countGuesses(tx, user.id)) >= maxCodeAttemptsPerDay) return null
  const [counted] = await tx.db
    .update(verifications)
    .set({ attempts: sql`${verifications.attempts} + 1` })
    .where(and(eq(verifications.id, newest.id), lt(verifications.attempts, maxCodeAttempts)))
    .returning({ id: verifications.id })
  if (!counted || !isCodeOf(tx, newest.id, code)) return null
  return complete(tx, newest.id, user.id)
}

async function findNewest(tx: TxCtx, userId: string) {
  const [row] = await tx.db
    .select({ id: verifications.id })
    .from(verifications)
    .where(and(eq(verifications.userId, userId), isOpen()))
    .orderBy(desc(verifications.createdAt), desc(verifications.id))
    .limit(1)
  return row ?? null
}

async function countGuesses(tx: TxCtx, userId: string): Promise<number> {
  const { guesses } = one(
    await tx.db
      .select({ guesses: sql`coalesce(sum(${verifications.attempts}), 0)`.mapWith(Number) })
      .from(verifications)
      .where(
        and(
          eq(verifications.userId, userId),
          gt(verifications.createdAt, sql`now() - interval '1 day'`),
        ),
      ),
  )
  return guesses
}

/** Proof and sign-up lock the user first: two at once come one after the other, and see what the other did. */
async function complete(tx: TxCtx, id: string, userId: string): Promise<string | null> {
  const user = await lockUser(tx, userId)
  const [used] = await tx.db
    .update(verifications)
    .set({ usedAt: tx.now })
    .where(and(eq(verifications.id, id), isOpen()))
    .returning()
  // An address that is proven already keeps the password it was proven with.
  if (!used || user.email !== used.email || user.emailVerifiedAt !== null) return null
  await markEmailVerified(tx, user.id)
  if (used.passwordHash !== null) await setPassword(tx, user.id, used.passwordHash)
  return user.id
}
