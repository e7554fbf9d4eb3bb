/**
 * Challenges: questions to an authenticator that are open for five minutes and take one answer, in the ceremony and
 * from the session, held sign-in or browser that asked.
 */
import { randomBytes } from 'node:crypto'
import { and, eq, gt, isNull, lt, sql } from 'drizzle-orm'
import type { Ctx, TxCtx } from '../../platform/context.ts'
import { deleteInBatches } from '../../platform/db/batches.ts'
import { hashToken } from '../../platform/secrets.ts'
import { type ceremonies, passkeyChallenges } from './tables.ts'
import { answerMinutes } from './webauthn.ts'

const challengeBytes = 32

export type Asker = {
  readonly ceremony: (typeof ceremonies)[number]
  /** The session, held sign-in or browser that asks, in words that are no other's. */
  readonly boundTo: string
  /** Who is asked; null where that is what the answer tells. */
  readonly userId: string | null
}

/** What a browser without a session is known by, and every client that has no cookies: none of them is a browser. */
export const askerAtTheDoor = (csrfBinding: string | null): Asker => ({
  ceremony: 'sign_in',
  boundTo: csrfBinding ?? 'no browser',
  userId: null,
})

export async function ask(tx: TxCtx, { ceremony, boundTo, userId }: Asker): Promise<Buffer> {
  const challenge = randomBytes(challengeBytes)
  await tx.db.insert(passkeyChallenges).values({
    ceremony,
    hash: hashToken(challenge.toString('base64url')),
    boundTo: hashToken(boundTo),
    userId,
    expiresAt: sql`now() + make_interval(mins => ${answerMinutes})`,
  })
  return challenge
}

/** Takes an open challenge away; false when it is not this asker's, is over, or somebody else was first. */
export async function takeChallenge(
  tx: TxCtx,
  { ceremony, boundTo, userId }: Asker,
  challenge: string,
): Promise<boolean> {
  const taken = await tx.db
    .delete(passkeyChallenges)
    .where(
      and(
        eq(passkeyChallenges.hash, hashToken(challenge)),
        eq(passkeyChallenges.ceremony, ceremony),
        eq(passkeyChallenges.boundTo, hashToken(boundTo)),
        userId === null ? isNull(passkeyChallenges.userId) : eq(passkeyChallenges.userId, userId),
        gt(passkeyChallenges.expiresAt, sql`clock_timestamp()`),
      ),
    )
    .returning({ id: passkeyChallenges.id })
  return taken.length === 1
}

/** Removes the questions that nobody answered. */
export async function forgetOldChallenges(ctx: Ctx): Promise<void> {
  await deleteInBatches(ctx, passkeyChallenges, lt(passkeyChallenges.expiresAt, sql`now()`))
}
