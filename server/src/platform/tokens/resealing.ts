/**
 * Another SECRET_KEY: the private parts of signing keys are sealed anew, so that what they have signed to last can still be
 * told from what others sign. None of them signs or vouches for a token after that.
 */
import { eq, isNotNull, sql } from 'drizzle-orm'
import type { Ctx, TxCtx } from '../context.ts'
import { deriveKey } from '../secrets.ts'
import { signingKeys } from '../tables.ts'
import { keyRetired, keysResealed } from './events.ts'
import { sealAgain } from './ring.ts'
import { lockRing, signingKeysTopic } from './signing-keys.ts'

type Secrets = { readonly former: string; readonly next: string; readonly isDryRun: boolean }

/** How many keys were sealed anew, and how many rows did not open: they prove nothing, now as before. */
export type Resealed = { readonly resealed: number; readonly unreadable: number }

/** Seals all keys of our own with the next SECRET_KEY and retires them: whoever knows the former one could sign with them. */
export function resealSigningKeys(
  ctx: Ctx,
  { former, next, isDryRun }: Secrets,
): Promise<Resealed> {
  const [from, to] = [deriveKey(former, 'signing-keys'), deriveKey(next, 'signing-keys')]
  return ctx.tx(async (tx) => {
    await lockRing(tx)
    const rows = await tx.db.select().from(signingKeys).where(isNotNull(signingKeys.privateSealed))
    const anew = rows.flatMap((row) => {
      const privateSealed = sealAgain(row, from, to)
      return privateSealed ? [{ ...row, privateSealed }] : []
    })
    const result = { resealed: anew.length, unreadable: rows.length - anew.length }
    if (isDryRun) return result
    for (const row of anew) await replace(tx, row)
    await tx.record(keysResealed, null, result)
    await tx.invalidate(signingKeysTopic)
    return result
  })
}

type Row = Pick<
  typeof signingKeys.$inferSelect,
  'kid' | 'algorithm' | 'privateSealed' | 'tokensUntil' | 'retiredAt'
>

async function replace(tx: TxCtx, row: Row): Promise<void> {
  const { kid, algorithm, privateSealed, tokensUntil, retiredAt } = row
  await tx.db
    .update(signingKeys)
    .set({ privateSealed, retiredAt: sql`coalesce(${signingKeys.retiredAt}, clock_timestamp())` })
    .where(eq(signingKeys.kid, kid))
  if (retiredAt) return
  await tx.record(keyRetired, kid, {
    algorithm,
    isForced: true,
    tokensUntil: tokensUntil?.toISOString() ?? null,
  })
}
