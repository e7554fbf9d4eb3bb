/** What somebody who signed up with an address, and never proved it, has left behind: it dies when its owner turns up. */
import type { TxCtx } from '../../platform/context.ts'
import { removePassword } from './credentials.ts'
import { removePasskeys } from './passkeys.ts'
import { signOutEverywhere } from './sign-outs.ts'
import { endVerifications } from './verifications.ts'
import type { Elsewhere } from './ways-in.ts'

/** Ends a password, proofs that wait, and whatever is signed in. The user's row must be locked. */
export async function endUnprovenClaims(tx: TxCtx, userId: string): Promise<void> {
  await endVerifications(tx, userId)
  await removePassword(tx, userId)
  await signOutEverywhere(tx, userId, { reason: 'address_proven', keys: true })
}

/**
 * Takes off what was added beside the password while the address was taken on trust: whoever signed up may be anybody.
 * Returns how much it was. The user's row must be locked.
 */
export async function endUnprovenWaysIn(
  tx: TxCtx,
  userId: string,
  elsewhere: Elsewhere,
): Promise<number> {
  const passkeys = await removePasskeys(tx, userId)
  return passkeys + (await elsewhere.removeIdentities(tx, userId))
}
