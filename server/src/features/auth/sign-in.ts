/** Signing in and out: from a name and a password to a session, and back. */
import type { Ctx, ReadCtx, TxCtx } from '../../platform/context.ts'
import type { ErrorType } from '../../platform/errors.ts'
import { refused } from '../../platform/events/index.ts'
import { rolesOf } from '../access/index.ts'
import { type HeldLogin, holdLogin } from '../twofa/index.ts'
import {
  type User,
  findCanonicalEmail,
  findUserByEmail,
  findUserByUsername,
  lockUser,
  markSignedIn,
} from '../users/index.ts'
import { findPasswordHash, rehashIfOutdated } from './credentials.ts'
import { errors } from './errors.ts'
import { signInFailed } from './events.ts'
import { findKnownDevice, meetDevice } from './known-devices.ts'
import { hasPasskey } from './passkeys.ts'
import { findRefreshOwner, issueRefreshToken, rotateRefreshToken } from './refresh-tokens.ts'
import { sendSignInPaused } from './safety-jobs.ts'
import { type Device, type Shown, revokeSession, startSession } from './sessions.ts'
import {
  type Counted,
  countFailure,
  countedAs,
  findStanding,
  forgetFailures,
} from './sign-in-failures.ts'

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

/** Whose password is looked up when there is nobody, so that the answer takes as long. */
const nobody = '00000000-0000-0000-0000-000000000000'

/** Signs in with a password; throws `auth.invalid_credentials` (401), the same for every reason. */
export async function signIn(
  ctx: Ctx,
  input: Opening & { login: string; password: string },
): Promise<Opened> {
  const { login } = input
  const user = await findByLogin(ctx, login)
  const stored = await findPasswordHash(ctx, user?.id ?? nobody)
  const deviceId = await findKnownDevice(ctx, user?.id ?? nobody, input.deviceToken)
  const counted = countedAs(ctx, { userId: user?.id ?? null, deviceId, login })
  // Verified even when there is nobody, or nothing to verify against.
  const isRight = await ctx.ports.passwords.verify(stored, input.password)
  // Asked after the slow part: of many guesses at once, the right one finds the wrong ones counted.
  const standing = await findStanding(ctx, counted)
  const reason = standing === 'locked' ? 'locked' : reasonToRefuse(user, isRight)
  if (!user || reason !== null) {
    await ctx.tx((tx) => countRefusal(tx, user, counted))
    throw refusedSignIn(user?.id ?? null, reason ?? 'unknown_account')
  }
  if (standing !== 'clean') await ctx.tx((tx) => forgetFailures(tx, counted))
  if (stored !== null)
    await rehashIfOutdated(ctx, user.id, { verified: stored, password: input.password })
  return openSession(ctx, user, input, { firstFactor: 'password' })
}

/** Whatever the reason was: who guesses right while it is locked has guessed, too. */
async function countRefusal(tx: TxCtx, user: User | null, counted: Counted): Promise<void> {
  const isLocked = await countFailure(tx, counted)
  // One mail a day: a stranger must not be able to fill the owner's mailbox.
  const at = tx.now.toISOString()
  const key = `${user?.id}:${at.slice(0, 'yyyy-mm-dd'.length)}`
  if (user && isLocked) await tx.enqueue(sendSignInPaused, { userId: user.id, at }, { key })
}

/**
 * The one gate: every door that has found out who somebody is ends here. A user with a second factor gets no session
 * but is asked for it, unless they trust this device, or what they have shown was two factors already. `confirm` looks at
 * what was shown once more, when nothing about the user can change any more, and throws if it is worth nothing by now.
 */
export async function openSession(
  ctx: Ctx,
  user: User,
  input: Opening,
  shown: Shown,
  confirm?: (tx: TxCtx) => Promise<void>,
): Promise<Opened> {
  const opened = await ctx.tx(async (tx) => {
    // Locked: a factor that is turned on, or a suspension, comes before or after, never in between.
    const { status } = await lockUser(tx, user.id)
    if (status !== 'active') throw refusedSignIn(user.id, status, refusalOf(shown))
    await confirm?.(tx)
    if (shown.secondFactor) return beginSession(tx, user, input, shown)
    const gate = await holdLogin(tx, user.id, { ...input, ...shown })
    if (gate.outcome === 'held') return { held: await withPasskeys(tx, user.id, gate.held) }
    const secondFactor = gate.outcome === 'trusted' ? 'trusted_device' : null
    return beginSession(tx, user, input, { ...shown, secondFactor })
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
  user: User,
  input: Opening,
  shown: Shown,
): Promise<Begun> {
  if (input.mode === 'cookie' && input.replaces !== null)
    await revokeSession(tx, input.replaces, 'replaced')
  const { session, cookie } = await startSession(tx, {
    userId: user.id,
    kind: input.mode,
    device: input.device,
    shown,
  })
  const refreshToken = cookie === null ? await issueRefreshToken(tx, session.id) : null
  const deviceToken = await meetDevice(tx, session, input.deviceToken)
  return {
    deviceToken,
    user: await markSignedIn(tx, user.id),
    roles: await rolesOf(tx, user.id),
    sessionId: session.id,
    cookie,
    refreshToken,
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

async function findByLogin(ctx: ReadCtx, login: string): Promise<User | null> {
  if (!login.includes('@')) return findUserByUsername(ctx, login)
  const email = findCanonicalEmail(login)
  return email === null ? null : findUserByEmail(ctx, email)
}

const refusedSignIn = (
  userId: string | null,
  reason: string,
  refusal: ErrorType = errors.invalid_credentials,
) => refusal().recording(refused(signInFailed, userId, { reason }))

/** Each door says no in its own words, and in the same for every reason. */
const refusalOf = ({ firstFactor }: Shown): ErrorType =>
  firstFactor === 'passkey' ? errors.sign_in_passkey_refused : errors.invalid_credentials

function reasonToRefuse(user: User | null, isRight: boolean): string | null {
  if (!user) return 'unknown_account'
  // Before the password: it only becomes the account's once the address is proven.
  if (user.emailVerifiedAt === null) return 'unverified'
  if (!isRight) return 'wrong_password'
  return user.status === 'active' ? null : user.status
}
