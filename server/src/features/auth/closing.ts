/** Closing an account: nothing that was signed in, made or mailed for it opens anything any more. */
import type { TxCtx } from '../../platform/context.ts'
import { endTrust } from '../twofa/index.ts'
import type { User } from '../users/index.ts'
import { endChanges } from './email-changes.ts'
import { endRequests } from './mail-requests.ts'
import { signOutEverywhere } from './sign-outs.ts'
import { endVerifications } from './verifications.ts'

/** Ends every credential of an account, its API keys and trusted devices too. The user's row must be locked. */
export async function endCredentials(tx: TxCtx, user: User, reason: string): Promise<void> {
  await signOutEverywhere(tx, user.id, { reason, keys: true })
  await endTrust(tx, user.id)
  await endVerifications(tx, user.id)
  await endChanges(tx, user.id, 'cancelled')
  for (const purpose of ['password_reset', 'verification', 'sign_in'] as const)
    await endRequests(tx, user.email, purpose)
}
