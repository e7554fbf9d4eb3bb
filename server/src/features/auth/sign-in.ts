/** Signing in and out: from a name and a password to a session, and back. */
import type { Ctx, ReadCtx, TxCtx } from '../../platform/context.ts'
import type { ErrorType } from '../../platform/errors.ts'
import { refused } from '../../platform/events/index.ts'
import { rolesOf } from '../access/index.ts'
import { type HeldLogin, holdLogin } from '../twofa/index.ts'
import { type User, lockUser, markSignedIn } from '../users/index.ts'
import { rehashIfOutdated } from './credentials.ts'
import { errors } from './errors.ts'
import { signInFailed } from './events.ts'
import { meetDevice, tellIfNew } from './known-devices.ts'
import { type NamedAccount, findNamedAccount } from './named-accounts.ts'
import { hasPasskey } from './passkeys.ts'
import { findRefreshOwner, newRefreshToken, rotateRefreshToken } from './refresh-tokens.ts'
import { sendSignInPaused } from './safety-jobs.ts'
import { type Device, type Shown, revokeSession, startSession } from './sessions.ts'
import { countFailure, findStanding, forgetFailures } from './sign-in-failures.ts'

export type SignedIn = {
  readonly user: User
  readonly roles: readonly string[]
  readonly sessionId: string
  /** The cookie's secret in cookie mode; null in token mode. */
  readonly cookie: string | null
  /** For the cookie of a browser that is known from now on; null in token mode. */
  readonly deviceToken: string | null
  readonly tokens: Tokens | null
}

/** How a door answers: with a session, or with the request for a second factor and no session of any kind. */
export type Opened = SignedIn | { readonly held: HeldLogin }

/** A session as the transaction leaves it: its access token is still to be signed. */
export type Begun = Omit<SignedIn, 'tokens'> & { readonly refreshToken: string | null }

export type Tokens = {
  readonly accessToken: string
  readonly refreshToken: string
  /** Seconds until the access token expires. */
  readonly expiresIn: number
}

export type Opening = {
  readonly mode: 'cookie' | 'token'
  readonly device: Device
  /** The session whose cookie this browser sent along; a new cookie takes its place, and it ends. */
  readonly replaces: string | null
  /** The cookie of a device that its user trusts to need no second factor. */
  readonly trustToken: string | null
  /** The cookie of a browser that somebody has signed in from before. */
  readonly deviceToken: string | null
}

/** Signs in with a password; throws `auth.invalid_credentials` (401), the same for every reason. */
export async function signIn(
  ctx: Ctx,
  input: Opening & { login: string; password: string },
): Promise<Opened> {
  const { login, password, deviceToken } = input
  const account = await findNamedAccount(ctx, login, deviceToken)
  const { userId, passwordHash } = account
  // Verified even when there is nobody, or nothing to verify against.
  const isRight = await ctx.ports.passwords.verify(passwordHash, password)
  const reason = reasonToRefuse(account, isRight)
  if (userId === null || reason !== null) {
    await ctx.tx((tx) => countRefusal(tx, account))
    throw refusedSignIn(userId, reason ?? 'unknown_account')
  }
  if (passwordHash !== null)
    await rehashIfOutdated(ctx, userId, { verified: passwordHash, password })
  const lockedOut = refusedSignIn(userId, 'locked')
  try {
    return await openSession(
      ctx,
      { id: userId },
      input,
      { firstFactor: 'password' },
      async (tx) => {
        // Asked again after the slow part: of many guesses at once, the right one finds the wrong ones counted.
        const standing = await findStanding(tx, account)
        if (standing === 'locked') throw lockedOut
        if (standing === 'failing') await forgetFailures(tx, account)
      },
    )
  } catch (error) {
    if (error === lockedOut) await ctx.tx((tx) => countRefusal(tx, account))
    throw error
  }
}

/** Whatever the reason was: who guesses right while it is locked has guessed, too. */
async function countRefusal(tx: TxCtx, account: NamedAccount): Promise<void> {
  const { userId } = account
  const isLocked = await countFailure(tx, account)
  // One mail a day: a stranger must not be able to fill the owner's mailbox.
  const at = tx.now.toISOString()
  const key = `${userId}:${at.slice(0, 'yyyy-mm-dd'.length)}`
  if (userId !== null && isLocked) await tx.enqueue(sendSignInPaused, { userId, at }, { key })
}

/**
 * The one gate: every door that has found out who somebody is ends here. A user with a second factor gets no session
 * but is asked for it, unless they trust this device, or what they have shown was two factors already. `confirm` looks at
 * what was shown once more, when nothing about the user can change any more, and throws if it is worth nothing by now.
 */
export async function openSession(
  ctx: Ctx,
  user: Pick<User, 'id'>,
  input: Opening,
  shown: Shown,
  confirm?: (tx: TxCtx) => Promise<void>,
): Promise<Opened> {
  const opened = await ctx.tx(async (tx) => {
    // Locked: a factor that is turned on, or a suspension, comes before or after, never in between. What is asked behind
    // the lock goes along without waiting for it; what is written is taken back if the account may not sign in.
    const [{ status }, gate] = await Promise.all([
      lockUser(tx, user.id),
      shown.secondFactor ? null : holdLogin(tx, user.id, { ...input, ...shown }),
      confirm?.(tx),
    ])
    if (status !== 'active') throw refusedSignIn(user.id, status, refusalOf(shown))
    if (gate?.outcome === 'held') return { held: await withPasskeys(tx, user.id, gate.held) }
    const trusted = gate?.outcome === 'trusted' ? { secondFactor: 'trusted_device' } : {}
    return beginSession(tx, user, input, { ...shown, ...trusted })
  })
  return 'held' in opened ? opened : withTokens(ctx, opened)
}

/** Passkeys are kept here, so it is here that they are offered as a second factor. */
async function withPasskeys(tx: TxCtx, userId: string, held: HeldLogin): Promise<HeldLogin> {
  if (!(await hasPasskey(tx, userId))) return held
  return { ...held, methods: [...held.methods, 'passkey'] }
}

/** Makes the session of somebody who has given every factor they have; called by the gate and the second step alone. */
export async function beginSession(
  tx: TxCtx,
  { id: userId }: Pick<User, 'id'>,
  input: Opening,
  shown: Shown,
): Promise<Begun> {
  const { mode, device, replaces } = input
  const refreshToken = mode === 'token' ? newRefreshToken(tx) : null
  // None needs what another finds, so they share one way to the database.
  const [started, met, user, roles] = await Promise.all([
    startSession(tx, {
      userId,
      kind: mode,
      device,
      shown,
      refreshTokenId: refreshToken?.id ?? null,
    }),
    meetDevice(tx, { userId, kind: mode }, input.deviceToken),
    markSignedIn(tx, userId),
    rolesOf(tx, userId),
    mode === 'cookie' && replaces !== null && revokeSession(tx, replaces, 'replaced'),
  ])
  await tellIfNew(tx, userId, started, met.isKnown)
  return {
    user,
    roles,
    sessionId: started.id,
    cookie: started.cookie,
    deviceToken: met.token,
    refreshToken: refreshToken?.token ?? null,
  }
}

/**
 * Signs the access token of a session that has a refresh token, outside of the transaction that made it. When it cannot be
 * signed the session ends: nobody will ever hold it.
 */
export async function withTokens(
  ctx: Ctx,
  { refreshToken, ...signedIn }: Begun,
): Promise<SignedIn> {
  const { user, sessionId } = signedIn
  if (refreshToken === null) return { ...signedIn, tokens: null }
  try {
    const accessToken = await signAccessToken(ctx, { userId: user.id, sessionId })
    return { ...signedIn, tokens: tokensOf(ctx, accessToken, refreshToken) }
  } catch (error) {
    await ctx.tx((tx) => revokeSession(tx, sessionId, 'token_unsigned'))
    throw error
  }
}

/**
 * Trades a refresh token for the next pair; throws `auth.invalid_refresh_token` (401). The access token is signed first:
 * a refresh token that was spent for nothing would look stolen when it is sent again.
 */
export async function refresh(ctx: Ctx, refreshToken: string): Promise<Tokens> {
  const owner = await findRefreshOwner(ctx, refreshToken)
  const accessToken = owner ? await signAccessToken(ctx, owner) : null
  const rotation = await ctx.tx((tx) => rotateRefreshToken(tx, refreshToken))
  if (rotation.outcome === 'refused' || accessToken === null) throw errors.invalid_refresh_token()
  return tokensOf(ctx, accessToken, rotation.token)
}

export function signAccessToken(
  ctx: Ctx,
  claims: { userId: string; sessionId: string },
): Promise<string> {
  return ctx.ports.tokens.sign(claims, ctx.settings.accessTokenExpiry)
}

export const tokensOf = (ctx: ReadCtx, accessToken: string, refreshToken: string): Tokens => ({
  accessToken,
  refreshToken,
  expiresIn: ctx.settings.accessTokenExpiry,
})

const refusedSignIn = (
  userId: string | null,
  reason: string,
  refusal: ErrorType = errors.invalid_credentials,
) => refusal().recording(refused(signInFailed, userId, { reason }))

/** Each door says no in its own words, and in the same for every reason. */
const refusalOf = ({ firstFactor }: Shown): ErrorType =>
  firstFactor === 'passkey' ? errors.sign_in_passkey_refused : errors.invalid_credentials

function reasonToRefuse(
  { userId, isLocked, isVerified, status }: NamedAccount,
  isRight: boolean,
): string | null {
  if (isLocked) return 'locked'
  if (userId === null) return 'unknown_account'
  // Before the password: it only becomes the account's once the address is proven.
  if (!isVerified) return 'unverified'
  if (!isRight) return 'wrong_password'
  return status === 'active' ? null : status
}
