/** What somebody is let in by, for administrators: looked at in all, and ended one by one. */
import type { ReadCtx, TxCtx } from '../../platform/context.ts'
import { endSessionOf, listPasskeys, revokeApiKey } from '../auth/index.ts'
import { findSecondFactor, listTrustedDevices } from '../twofa/index.ts'
import { keyRevoked, sessionEnded } from './events.ts'
import { requireReadable } from './accounts.ts'
import { lockTarget } from './standing.ts'

export async function listFactors(ctx: ReadCtx, userId: string) {
  await requireReadable(ctx, userId)
  return {
    authenticator: await findSecondFactor(ctx, userId),
    passkeys: await listPasskeys(ctx, userId),
    trustedDevices: await listTrustedDevices(ctx, userId),
  }
}
export type Factors = Awaited<ReturnType<typeof listFactors>>

/** Throws what `lockTarget` does, and `auth.session_not_found` (404). */
export async function endOneSession(
  tx: TxCtx,
  { userId, sessionId }: { userId: string; sessionId: string },
): Promise<void> {
  await lockTarget(tx, userId, 'admin.sign_out_users')
  await endSessionOf(tx, { id: sessionId, userId }, 'signed_out_by_admin')
  await tx.record(sessionEnded, userId, { sessionId })
}

/** Throws what `lockTarget` does, and `auth.api_key_not_found` (404). */
export async function revokeKey(
  tx: TxCtx,
  { userId, keyId }: { userId: string; keyId: string },
): Promise<void> {
  await lockTarget(tx, userId, 'admin.revoke_keys')
  await revokeApiKey(tx, { id: keyId, userId })
  await tx.record(keyRevoked, userId, { keyId })
}
