/** Signing in and out: from a name and a password to a session, and back. */
import type { Ctx, ReadCtx } from '../../platform/context.ts'
import { refused } from '../../platform/events/index.ts'
import { rolesOf } from '../access/index.ts'
import {
  type User,
  findCanonicalEmail,
  findUserByEmail,
  findUserByUsername,
  markSignedIn,
} from '../users/index.ts'
import { findPasswordHash } from './credentials.ts'
import { errors } from './errors.ts'
import { signInFailed } from './events.ts'
import { maxPasswordLength } from './password-policy.ts'
import { issueRefreshToken, rotateRefreshToken } from './refresh-tokens.ts'
import { type Device, startSession } from './sessions.ts'

export type SignedIn = {
  readonly user: User
  readonly roles: readonly string[]
  readonly sessionId: string
  /** The cookie's secret in cookie mode; null in token mode. */
  readonly cookie: string | null
  readonly tokens: Tokens | null
}

export type Tokens = {
  readonly accessToken: string
  readonly refreshToken: string
  /** Seconds until the access token expires. */
  readonly expiresIn: number
}

/** Signs in with a password; throws `auth.invalid_credentials` (401), the same for every reason. */
export async function signIn(
  ctx: Ctx,
  input: { login: string; password: string; mode: 'cookie' | 'token'; device: Device },
): Promise<SignedIn> {
  const user = await findByLogin(ctx, input.login)
  const stored = user ? await findPasswordHash(ctx, user.id) : null
  const password = input.password.slice(0, maxPasswordLength + 1)
  // Verified even when there is nobody: the answer takes as long.
  const isRight = await ctx.ports.passwords.verify(stored, password)
  const reason = reasonToRefuse(user, isRight)
  if (!user || reason !== null)
    throw errors
      .invalid_credentials()
      .recording(refused(signInFailed, user?.id ?? null, { reason: reason ?? 'unknown_account' }))
  return openSession(ctx, user, input)
}

/** Starts a session for a user who has proven who they are. */
export async function openSession(
  ctx: Ctx,
  user: User,
  input: { mode: 'cookie' | 'token'; device: Device },
): Promise<SignedIn> {
  const started = await ctx.tx(async (tx) => {
    const { session, cookie } = await startSession(tx, {
      userId: user.id,
      kind: input.mode,
      device: input.device,
    })
    const refreshToken = cookie === null ? await issueRefreshToken(tx, session.id) : null
    return {
      user: await markSignedIn(tx, user.id),
      roles: await rolesOf(tx, user.id),
      sessionId: session.id,
      cookie,
      refreshToken,
    }
  })
  const { refreshToken, ...signedIn } = started
  const tokens =
    refreshToken === null
      ? null
      : await withAccessToken(ctx, { userId: user.id, sessionId: started.sessionId, refreshToken })
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

function reasonToRefuse(user: User | null, isRight: boolean): string | null {
  if (!user) return 'unknown_account'
  if (!isRight) return 'wrong_password'
  if (user.status !== 'active') return user.status
  return user.emailVerifiedAt === null ? 'unverified' : null
}
