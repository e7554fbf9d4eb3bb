/** Verifications: proofs that an address belongs to the one who signed up, by link or by code. */
import { and, desc, eq, lt, sql } from 'drizzle-orm'
import type { TxCtx } from '../../platform/context.ts'
import { one } from '../../platform/db/one.ts'
import { findUserByEmail, getUser, markEmailVerified } from '../users/index.ts'
import { setPassword } from './credentials.ts'
import { sendVerification } from './jobs.ts'
import { verifications } from './tables.ts'
import { isCodeOf, isOpen, verificationMinutes, verifiedIdOf } from './verification-proofs.ts'

/** Guesses of the six-digit code before it dies: a chance of 1 in 200,000. */
const maxCodeAttempts = 5

/** Starts a verification and mails its link and code. Older ones of the same user stop working. */
export async function startVerification(
  tx: TxCtx,
  input: { userId: string; email: string; passwordHash: string | null },
): Promise<void> {
  await tx.db
    .update(verifications)
    .set({ expiresAt: tx.now })
    .where(and(eq(verifications.userId, input.userId), isOpen()))
  const { id } = one(
    await tx.db
      .insert(verifications)
      .values({ ...input, expiresAt: sql`now() + make_interval(mins => ${verificationMinutes})` })
      .returning({ id: verifications.id }),
  )
  await tx.enqueue(sendVerification, { verificationId: id })
}

/** Uses up the token; returns the verified user's id, or null when it is not a token that works. */
export async function verifyByToken(tx: TxCtx, token: string): Promise<string | null> {
  const id = verifiedIdOf(tx, token)
  return id === null ? null : complete(tx, id)
}

/** Uses up the code. A wrong one counts, whoever sends it: the caller must commit even when the answer is null. */
export async function verifyByCode(tx: TxCtx, email: string, code: string): Promise<string | null> {
  const user = await findUserByEmail(tx, email)
  const newest = user ? await findNewest(tx, user.id) : null
  if (!newest) return null
  const [counted] = await tx.db
    .update(verifications)
    .set({ attempts: sql`${verifications.attempts} + 1` })
    .where(
      and(eq(verifications.id, newest.id), isOpen(), lt(verifications.attempts, maxCodeAttempts)),
    )
    .returning({ id: verifications.id })
  if (!counted || !isCodeOf(tx, newest.id, code)) return null
  return complete(tx, newest.id)
}

async function findNewest(tx: TxCtx, userId: string) {
  const [row] = await tx.db
    .select()
    .from(verifications)
    .where(and(eq(verifications.userId, userId), isOpen()))
    .orderBy(desc(verifications.createdAt), desc(verifications.id))
    .limit(1)
  return row ?? null
}

/** One conditional update decides between two at once. */
async function complete(tx: TxCtx, id: string): Promise<string | null> {
  const [used] = await tx.db
    .update(verifications)
    .set({ usedAt: tx.now })
    .where(and(eq(verifications.id, id), isOpen()))
    .returning()
  if (!used) return null
  const user = await getUser(tx, used.userId)
  if (user.email !== used.email) return null
  await markEmailVerified(tx, user.id)
  if (used.passwordHash !== null) await setPassword(tx, user.id, used.passwordHash)
  return user.id
}
