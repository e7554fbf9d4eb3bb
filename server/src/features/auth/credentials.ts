/** Credentials: the password hash of an account. */
import { and, eq } from 'drizzle-orm'
import type { Ctx, ReadCtx, TxCtx } from '../../platform/context.ts'
import type { ReadDb } from '../../platform/db/index.ts'
import { statement } from '../../platform/db/prepared.ts'
import { AppError } from '../../platform/errors.ts'
import { passwordErrors } from '../../platform/passwords/index.ts'
import { passwordRehashed } from './events.ts'
import { credentials } from './tables.ts'

export async function findPasswordHash(ctx: ReadCtx, userId: string): Promise<string | null> {
  const [found] = await hashOfUser(ctx.db, { userId })
  return found?.passwordHash ?? null
}

/** Where the password was last changed from, if it was at this moment; null when it has been changed since. */
export async function findChangeAddress(
  ctx: ReadCtx,
  userId: string,
  at: Date,
): Promise<string | null> {
  const [found] = await ctx.db
    .select({ ip: credentials.changedFrom })
    .from(credentials)
    .where(and(eq(credentials.userId, userId), eq(credentials.changedAt, at)))
  return found?.ip ?? null
}

/** Sets an account's password; `passwordHash` comes from `ports.passwords.hash`, never from inside a transaction. */
export async function setPassword(tx: TxCtx, userId: string, passwordHash: string): Promise<void> {
  const changed = { passwordHash, changedAt: tx.now, changedFrom: tx.actor.ip }
  await tx.db
    .insert(credentials)
    .values({ userId, ...changed })
    .onConflictDoUpdate({ target: credentials.userId, set: changed })
}

export async function removePassword(tx: TxCtx, userId: string): Promise<void> {
  await tx.db.delete(credentials).where(eq(credentials.userId, userId))
}

/** Sets a password in the place of the one that was verified; false when it has been changed meanwhile. */
export async function replacePassword(
  tx: TxCtx,
  userId: string,
  input: { verified: string; passwordHash: string },
): Promise<boolean> {
  const replaced = await tx.db
    .update(credentials)
    .set({ passwordHash: input.passwordHash, changedAt: tx.now, changedFrom: tx.actor.ip })
    .where(and(eq(credentials.userId, userId), eq(credentials.passwordHash, input.verified)))
    .returning({ userId: credentials.userId })
  return replaced.length === 1
}

/**
 * Hashes a password that was just verified as passwords are hashed now, if its hash was made otherwise: at another
 * cost, or by the system that the account comes from. It stays as it is when the machine has no time for that.
 */
export async function rehashIfOutdated(
  ctx: Ctx,
  userId: string,
  input: { verified: string; password: string },
): Promise<void> {
  const { passwords } = ctx.ports
  if (!passwords.isOutdated(input.verified)) return
  const passwordHash = await passwords.hash(input.password).catch((error: unknown) => {
    if (error instanceof AppError && error.code === passwordErrors.busy.code) return null
    throw error
  })
  if (passwordHash === null) return
  await ctx.tx(async (tx) => {
    const [rehashed] = await tx.db
      .update(credentials)
      .set({ passwordHash })
      .where(and(eq(credentials.userId, userId), eq(credentials.passwordHash, input.verified)))
      .returning({ userId: credentials.userId })
    if (rehashed) await tx.record(passwordRehashed, userId, { from: kindOf(input.verified) })
  })
}

const hashOfUser = statement<{ userId: string }>()((db: ReadDb, given) =>
  db
    .select({ passwordHash: credentials.passwordHash })
    .from(credentials)
    .where(eq(credentials.userId, given('userId'))),
)

/** The name in front of a hash: `argon2id`, `2b`, `scrypt`. */
const kindOf = (hash: string) => hash.split('$')[1] ?? ''
