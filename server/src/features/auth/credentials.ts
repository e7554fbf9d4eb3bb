/** Credentials: the password hash of an account. */
import { eq } from 'drizzle-orm'
import type { ReadCtx, TxCtx } from '../../platform/context.ts'
import { credentials } from './tables.ts'

export async function findPasswordHash(ctx: ReadCtx, userId: string): Promise<string | null> {
  const [found] = await ctx.db
    .select({ passwordHash: credentials.passwordHash })
    .from(credentials)
    .where(eq(credentials.userId, userId))
  return found?.passwordHash ?? null
}

/** Sets an account's password; `passwordHash` comes from `ports.passwords.hash`, never from inside a transaction. */
export async function setPassword(tx: TxCtx, userId: string, passwordHash: string): Promise<void> {
  await tx.db
    .insert(credentials)
    .values({ userId, passwordHash, changedAt: tx.now })
    .onConflictDoUpdate({ target: credentials.userId, set: { passwordHash, changedAt: tx.now } })
}
