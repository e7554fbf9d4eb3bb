/** Ways in: what opens an account, whoever keeps it. The last one is never taken off. */
import { eq } from 'drizzle-orm'
import type { ReadCtx, TxCtx } from '../../platform/context.ts'
import { findPasswordHash } from './credentials.ts'
import { passkeys } from './tables.ts'

/**
 * What this room needs of the one that keeps identities from elsewhere. That room opens this one's door, so it cannot be
 * asked through a door of its own: app/ hands it in.
 */
export type Elsewhere = {
  /** The identities that open an account now, by id: linked, and of a provider that is offered. */
  findWaysIn(ctx: ReadCtx, userId: string): Promise<readonly string[]>
  /** Takes all identities off an account and returns how many there were. The user's row must be locked. */
  removeIdentities(tx: TxCtx, userId: string): Promise<number>
}

/**
 * Whether anything but this passkey or identity opens the account. The user's row must be locked: of two removals at
 * once, the second must see what the first has left.
 */
export async function hasOtherWayIn(
  tx: TxCtx,
  userId: string,
  id: string,
  elsewhere: Pick<Elsewhere, 'findWaysIn'>,
): Promise<boolean> {
  return (await listWaysIn(tx, userId, elsewhere)).some((way) => way !== id)
}

async function listWaysIn(
  ctx: ReadCtx,
  userId: string,
  elsewhere: Pick<Elsewhere, 'findWaysIn'>,
): Promise<readonly string[]> {
  const password = await findPasswordHash(ctx, userId)
  const own = await ctx.db
    .select({ id: passkeys.id })
    .from(passkeys)
    .where(eq(passkeys.userId, userId))
  return [
    ...(password === null ? [] : ['password']),
    ...own.map(({ id }) => id),
    ...(await elsewhere.findWaysIn(ctx, userId)),
  ]
}
