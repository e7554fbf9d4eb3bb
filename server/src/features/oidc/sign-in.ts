/** Signing in with a provider: sending the browser there, and what becomes of it when it is back. */
import type { Ctx } from '../../platform/context.ts'
import { AppError } from '../../platform/errors.ts'
import { refused } from '../../platform/events/index.ts'
import { type Identity, IdentityFailure } from '../../platform/identity/index.ts'
import { type Opened, endSessionsOf, findIdentityBySession, openSession } from '../auth/index.ts'
import { getUser, lockUser } from '../users/index.ts'
import {
  type NewAttempt,
  completeAttempt,
  startAttempt,
  useAttempt,
  useCode,
  wireOf,
} from './attempts.ts'
import { errors } from './errors.ts'
import { signInRefused } from './events.ts'
import { type Admitted, admit, isLinked, linkIdentity } from './identities.ts'
import type { Attempt } from './tables.ts'

type Opening = Parameters<typeof openSession>[2]

/** How the browser comes home: an address, what is in its fragment, and what was opened for it. */
export type Landing = {
  readonly redirectTo: string
  readonly fragment: Readonly<Record<string, string>>
  readonly opened: Opened | null
  readonly isSuccess: boolean
}

export type Return = {
  readonly providerId: string
  /** The cookie of this browser; null when it brought none. */
  readonly browser: string | null
  readonly answer: URLSearchParams
  /** Who the browser is signed in as; null for nobody. */
  readonly callerId: string | null
  readonly opening: Opening
}

/** Longer ones are not ours. */
const maxParameterLength = 4_096

/** Throws `oidc.provider_not_found` (404). */
export function requireProvider(ctx: Ctx, id: string): void {
  if (!ctx.ports.identity.list.some((provider) => provider.id === id))
    throw errors.provider_not_found()
}

/** Where the browser goes; throws `oidc.provider_unavailable` (424) when the provider does not answer. */
export async function start(ctx: Ctx, input: NewAttempt): Promise<URL> {
  requireProvider(ctx, input.providerId)
  const attempt = await ctx.tx((tx) => startAttempt(tx, input))
  try {
    return await ctx.ports.identity.begin(input.providerId, wireOf(ctx, attempt))
  } catch (error) {
    throw errorOf(error)
  }
}

/**
 * What a browser that comes back from a provider gets. Never throws for what a provider, or whoever plays one, can
 * cause: that ends in a redirect with the error's code, and without a session.
 */
export async function finish(ctx: Ctx, input: Return): Promise<Landing> {
  const { providerId, answer, browser } = input
  const state = answer.get('state') ?? ''
  const isShort = [...answer.values()].every((value) => value.length <= maxParameterLength)
  const attempt =
    browser === null || !isShort
      ? null
      : await ctx.tx((tx) => useAttempt(tx, { state, providerId, browser }))
  // Where an unknown browser wanted to go is nobody's word.
  const redirectTo = attempt?.redirectTo ?? ctx.settings.frontendUrl
  try {
    if (!attempt) throw errors.invalid_state()
    const identity = await ctx.ports.identity.finish(providerId, wireOf(ctx, attempt), answer)
    return attempt.purpose === 'link'
      ? await finishLink(ctx, attempt, identity, input)
      : await finishSignIn(ctx, attempt, identity, input)
  } catch (thrown) {
    const error = errorOf(thrown)
    const reason = { provider: providerId, reason: error.code }
    await ctx.recordRefusal(
      error.refusal ?? refused(signInRefused, attempt?.userId ?? null, reason),
    )
    return { redirectTo, fragment: { error: error.code }, opened: null, isSuccess: false }
  }
}

/** Trades the code of a return in token mode for a session; throws `oidc.invalid_code` (401). */
export async function exchange(
  ctx: Ctx,
  given: { code: string; codeVerifier: string },
  opening: Opening,
): Promise<Opened> {
  const owner = await ctx.tx((tx) => useCode(tx, given))
  if (!owner)
    throw errors
      .invalid_code()
      .recording(refused(signInRefused, null, { provider: '', reason: 'invalid_code' }))
  return open(ctx, owner, opening)
}

async function finishSignIn(
  ctx: Ctx,
  { id, mode, redirectTo, providerId }: Attempt,
  identity: Identity,
  { opening }: Return,
): Promise<Landing> {
  const admitted = await ctx.tx((tx) => admit(tx, identity, providerId))
  if (mode === 'token') {
    const code = await ctx.tx((tx) => completeAttempt(tx, id, admitted.identityId))
    return { redirectTo, fragment: { code }, opened: null, isSuccess: true }
  }
  const opened = await open(ctx, admitted, opening)
  return { redirectTo, fragment: fragmentOf(opened), opened, isSuccess: true }
}

/** The account is the one of whoever asked, in the session they asked in, and of nobody else who is signed in here. */
async function finishLink(
  ctx: Ctx,
  { redirectTo, userId, sessionId, providerId }: Attempt,
  identity: Identity,
  { callerId }: Return,
): Promise<Landing> {
  const asker = await findIdentityBySession(ctx, sessionId ?? '')
  if (!asker || asker.userId !== userId || (callerId !== null && callerId !== userId))
    throw errors.invalid_state()
  await ctx.tx((tx) => linkIdentity(tx, identity, asker.userId))
  return { redirectTo, fragment: { linked: providerId }, opened: null, isSuccess: true }
}

/** A removal ends the sessions there are; one that was being opened at that moment is ended here. */
async function open(ctx: Ctx, admitted: Admitted, opening: Opening): Promise<Opened> {
  const { userId, identityId } = admitted
  const shown = { firstFactor: 'oidc', credentialId: identityId } as const
  const opened = await openSession(ctx, await getUser(ctx, userId), opening, shown)
  if (await isLinked(ctx, admitted)) return opened
  await ctx.tx(async (tx) => {
    await lockUser(tx, userId)
    await endSessionsOf(tx, userId, { id: identityId, reason: 'identity_removed' })
  })
  throw errors.identity_removed()
}

/** A second factor is asked for as at every door; its ticket goes where neither servers nor logs see it. */
function fragmentOf(opened: Opened): Record<string, string> {
  if (!('held' in opened)) return {}
  const { pendingToken, methods, expiresAt } = opened.held
  return { pendingToken, methods: methods.join(','), expiresAt: expiresAt.toISOString() }
}

function errorOf(thrown: unknown): AppError {
  if (thrown instanceof AppError && thrown.status < 500) return thrown
  if (!(thrown instanceof IdentityFailure)) throw thrown
  const type = {
    denied: errors.access_denied,
    unavailable: errors.provider_unavailable,
    refused: errors.provider_refused,
  }[thrown.reason]
  return type({}, { cause: thrown })
}
