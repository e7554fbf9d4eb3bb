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
import { hasPasskey } from './passkeys.ts'
import { issueRefreshToken, rotateRefreshToken } from './refresh-tokens.ts'
import { type Device, type Shown, revokeSession, startSession } from './sessions.ts'

export type SignedIn = {
  readonly user: User
  readonly roles: readonly string[]
  readonly sessionId: string
  /** The cookie's secret in cookie mode; null in token mode. */
  readonly cookie: string | null
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
}

/** Whose password is looked up when there is nobody, so that the answer takes as long. */
const nobody = '00000000-0000-0000-0000-000000000000'

/** Signs in with a password; throws `auth.invalid_credentials` (401), the same for every reason. */
export async function signIn(
  ctx: Ctx,
  input: Opening & { login: string; password: string },
): Promise<Opened> {
  const user = await findByLogin(ctx, input.login)
  const stored = await findPasswordHash(ctx, user?.id ?? nobody)
  // Verified even when there is nobody, or nothing to verify against.
  const isRight = await ctx.ports.passwords.verify(stored, input.password)
  const reason = reasonToRefuse(user, isRight)
  if (!user || reason !== null) throw refusedSignIn(user?.id ?? null, reason ?? 'unknown_account')
  if (stored !== null)
    await rehashIfOutdated(ctx, user.id, { verified: stored, password: input.password })
  return openSession(ctx, user, input, { firstFactor: 'password' })
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
  return {
    user: await markSignedIn(tx, user.id),
    roles: await rolesOf(tx, user.id),
    sessionId: session.id,
    cookie,
    refreshToken,
  }
}

/** Signs the access token of a session that has a refresh token, outside of the transaction that made it. */
export async function withTokens(
  ctx: Ctx,
  { refreshToken, ...signedIn }: Begun,
): Promise<SignedIn> {
  const { user, sessionId } = signedIn
  const tokens =
    refreshToken === null
      ? null
      : await withAccessToken(ctx, { userId: user.id, sessionId, refreshToken })
  return { ...signedIn, tokens }
}

/** Trades a refresh token for the next pair; throws `auth.invalid_refresh_token` (401). */
export async function refresh(ctx: Ctx, refreshToken: string): Promise<Tokens> {
  const rotation = await ctx.tx((tx) => rotateRefreshToken(tx, refreshToken))
  if (rotation.outcome === 'refused') throw errors.invalid_refresh_token()
  const { userId, sessionId, token } = rotation
  return withAccessToken(ctx, { userId, sessionId, refreshToken: token })
}

async function withAccessToken(
  ctx: Ctx,
  { refreshToken, ...claims }: { userId: string; sessionId: string; refreshToken: string },
): Promise<Tokens> {
  const expiresIn = ctx.settings.accessTokenExpiry
  return { accessToken: await ctx.ports.tokens.sign(claims, expiresIn), refreshToken, expiresIn }
}

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
