/** Changing a password: by its owner, who knows the old one, or by whoever reads the mail of the account's address. */
import type { Ctx, TxCtx } from '../../platform/context.ts'
import { refused } from '../../platform/events/index.ts'
import { type User, getUser, hasProvenEmail, lockUser, markEmailVerified } from '../users/index.ts'
import { endTrust } from '../twofa/index.ts'
import { findPasswordHash, replacePassword, setPassword } from './credentials.ts'
import { errors } from './errors.ts'
import { passwordChangeRefused, passwordChanged, passwordResetRefused } from './events.ts'
import { forgetDevices } from './known-devices.ts'
import { endRequests } from './mail-requests.ts'
import { sendPasswordChanged } from './password-jobs.ts'
import { requireGoodPassword } from './password-policy.ts'
import { type Reset, findReset, isOpenReset, resetIdOf } from './reset-proofs.ts'
import { forgetAllFailures } from './sign-in-failures.ts'
import { signOutEverywhere } from './sign-outs.ts'
import { mailRequests } from './tables.ts'
import { endUnprovenWaysIn } from './unproven-claims.ts'
import { endVerifications } from './verifications.ts'
import type { Elsewhere } from './ways-in.ts'

/** Why sessions end here, in the words of their rows. */
const sessionsEndBy = 'password_changed'

/**
 * Changes one's own password and ends every other session. Throws `auth.wrong_password` (403), `auth.weak_password`
 * (422), and `auth.sign_in_required` (403) for an API key.
 */
export async function changePassword(
  ctx: Ctx,
  input: { currentPassword: string; newPassword: string },
): Promise<void> {
  const { id, sessionId } = ctx.actor
  if (id === null || sessionId === null) throw errors.sign_in_required()
  const wrong = () =>
    errors
      .wrong_password()
      .recording(refused(passwordChangeRefused, id, { reason: 'wrong_password' }))
  const verified = await findPasswordHash(ctx, id)
  const isRight = await ctx.ports.passwords.verify(verified, input.currentPassword)
  if (!isRight || verified === null) throw wrong()
  const pointer = '/newPassword'
  if (input.newPassword === input.currentPassword)
    throw errors.weak_password({ errors: [{ pointer, message: 'is the one you have already' }] })
  await requireGoodPassword(ctx, input.newPassword, await getUser(ctx, id), pointer)
  const passwordHash = await ctx.ports.passwords.hash(input.newPassword)
  const isReplaced = await ctx.tx(async (tx) => {
    const user = await lockUser(tx, id)
    // Of two changes at once, or a change and a reset, the later one was made with a password that is gone.
    if (!(await replacePassword(tx, id, { verified, passwordHash }))) return false
    const ended = await signOutEverywhere(tx, id, { reason: sessionsEndBy, except: sessionId })
    await tx.record(passwordChanged, id, { by: 'owner', ...ended })
    await settle(tx, user)
    return true
  })
  if (!isReplaced) throw wrong()
}

/**
 * Sets a new password by the token of a reset mail, once. Ends everything that could have been signed in with the old
 * one, and signs nobody in. The address is proven by it: the mail went there, and what was added to the account before
 * anybody had proven it goes. Throws `auth.invalid_reset_token` (400) and `auth.weak_password` (422), which leaves the
 * token as it is.
 */
export async function resetPassword(
  ctx: Ctx,
  input: { token: string; password: string },
  elsewhere: Elsewhere,
): Promise<void> {
  const invalid = (reason: string, userId: string | null = null) =>
    errors.invalid_reset_token().recording(refused(passwordResetRefused, userId, { reason }))
  const id = resetIdOf(ctx, input.token)
  const reset = id === null ? null : await findReset(ctx, id)
  if (!reset) throw invalid(id === null ? 'forged' : 'not_open')
  const owner = await getUser(ctx, reset.userId)
  if (!isFor(reset, owner)) throw invalid('not_theirs', owner.id)
  await requireGoodPassword(ctx, input.password, owner)
  const passwordHash = await ctx.ports.passwords.hash(input.password)
  const isReset = await ctx.tx((tx) => useReset(tx, reset, passwordHash, elsewhere))
  if (!isReset) throw invalid('not_open', owner.id)
}

async function useReset(
  tx: TxCtx,
  reset: Reset,
  passwordHash: string,
  elsewhere: Elsewhere,
): Promise<boolean> {
  const user = await lockUser(tx, reset.userId)
  if (!isFor(reset, user)) return false
  const used = await tx.db
    .update(mailRequests)
    .set({ usedAt: tx.now })
    .where(isOpenReset(reset.id))
    .returning({ id: mailRequests.id })
  if (used.length === 0) return false
  await setPassword(tx, user.id, passwordHash)
  // A sign-up that waits for its proof would bring its own password along.
  await endVerifications(tx, user.id)
  const isFirstProof = !hasProvenEmail(user)
  const waysRemoved = isFirstProof ? await endUnprovenWaysIn(tx, user.id, elsewhere) : 0
  if (isFirstProof) await markEmailVerified(tx, user.id)
  // Who had the account may have made keys, and would come back with them.
  const ended = await signOutEverywhere(tx, user.id, { reason: sessionsEndBy, keys: true })
  await endTrust(tx, user.id)
  // Before the devices: whoever guessed from one of them starts anew, as everybody does.
  await forgetAllFailures(tx, user.id)
  await forgetDevices(tx, user.id)
  await tx.record(passwordChanged, user.id, { by: 'reset', ...ended }, { by: { userId: user.id } })
  await settle(tx, user, waysRemoved)
  return true
}

const isFor = (reset: Reset, user: User) => user.status === 'active' && user.email === reset.email

/** What every change brings along: no older link works, the owner is told. */
async function settle(tx: TxCtx, user: User, waysRemoved = 0): Promise<void> {
  await endRequests(tx, user.email, 'password_reset')
  const at = tx.now.toISOString()
  await tx.enqueue(sendPasswordChanged, { userId: user.id, at, waysRemoved })
}
