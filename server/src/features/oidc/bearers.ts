/**
 * Access tokens of providers as bearer: the first one of a sign-in elsewhere makes the session behind it, the others
 * find it. When that session is ended, the tokens of that sign-in are worth nothing here.
 */
import { and, eq } from 'drizzle-orm'
import type { Invalidations } from '../../platform/cache/index.ts'
import type { Ctx, ReadCtx, TxCtx } from '../../platform/context.ts'
import { AppError } from '../../platform/errors.ts'
import { type Fact, refused } from '../../platform/events/index.ts'
import { type ForeignToken, IdentityFailure } from '../../platform/identity/index.ts'
import { type ForeignBearer, authErrors, openExternalSession } from '../auth/index.ts'
import { tokenRefused } from './events.ts'
import { admit, findIdentity } from './identities.ts'
import { identities, tokenSessions } from './tables.ts'

type Device = Parameters<ForeignBearer>[2]
type Behind = { readonly sessionId: string; readonly userId: string }

/** Who was turned away is not asked about again for this long: neither the provider nor the database. */
const turnedAwayMs = 30_000
const maxTurnedAway = 10_000

/** Makes the function that sign-in asks about a token that is not ours. */
export function openForeignBearer(invalidations: Invalidations): ForeignBearer {
  const sessions = invalidations.cache<Behind>('external_session')
  const turnedAway = new Map<string, number>()
  const opening = new Map<string, Promise<Behind | null>>()

  async function load(
    ctx: Ctx,
    key: string,
    verified: ForeignToken,
    ask: () => Promise<Behind>,
  ): Promise<Behind | null> {
    const known = await findBehind(ctx, verified)
    if (known) return known
    if ((turnedAway.get(key) ?? 0) > Date.now()) return null
    turnedAway.delete(key)
    try {
      return await ask()
    } catch (error) {
      const refusal = refusalOf(error, verified)
      if (turnedAway.size >= maxTurnedAway) turnedAway.clear()
      turnedAway.set(key, Date.now() + turnedAwayMs)
      await ctx.recordRefusal(refusal)
      return null
    }
  }

  return async (ctx, token, device) => {
    const verified = await ctx.ports.identity.verifyAccessToken(token)
    if (!verified) return null
    const { issuer, subject, signInId } = verified
    const key = JSON.stringify([issuer, subject, signInId])
    const found = await sessions.get(
      key,
      async () => {
        // Twenty first requests at once ask the provider once.
        const running =
          opening.get(key) ??
          load(ctx, key, verified, () => openBehind(ctx, verified, token, device)).finally(() =>
            opening.delete(key),
          )
        opening.set(key, running)
        return running
      },
      (behind) => [`session:${behind.sessionId}`, `user:${behind.userId}`],
    )
    return found?.sessionId ?? null
  }
}

async function findBehind(ctx: ReadCtx, verified: ForeignToken): Promise<Behind | null> {
  const [found] = await ctx.db
    .select({ sessionId: tokenSessions.sessionId, userId: identities.userId })
    .from(tokenSessions)
    .innerJoin(identities, eq(identities.id, tokenSessions.identityId))
    .where(
      and(
        eq(identities.issuer, verified.issuer),
        eq(identities.subject, verified.subject),
        eq(tokenSessions.signInId, verified.signInId),
      ),
    )
  return found ?? null
}

/** The provider is asked who it is at first sight alone. */
async function openBehind(
  ctx: Ctx,
  verified: ForeignToken,
  token: string,
  device: Device,
): Promise<Behind> {
  const { issuer, subject, providerId } = verified
  const isKnown = (await findIdentity(ctx, verified)) !== null
  const identity = isKnown
    ? { issuer, subject, email: null, isEmailVerified: false, name: null }
    : await ctx.ports.identity.findOwner(verified, token)
  return ctx.tx(async (tx) => {
    const { userId, identityId } = await admit(tx, identity, providerId)
    // Whoever came first holds the identity's lock until now.
    return (await findBehind(tx, verified)) ?? begin(tx, verified, { userId, identityId, device })
  })
}

async function begin(
  tx: TxCtx,
  { signInId, forgetAt }: ForeignToken,
  input: { userId: string; identityId: string; device: Device },
): Promise<Behind> {
  const sessionId = await openExternalSession(tx, input)
  if (sessionId === null) throw authErrors.invalid_credentials()
  const { userId, identityId } = input
  await tx.db.insert(tokenSessions).values({ identityId, signInId, sessionId, forgetAt })
  return { sessionId, userId }
}

/** The fact of a token that was good and opened nothing; anything else that was thrown is our failure. */
function refusalOf(thrown: unknown, { providerId: provider }: ForeignToken): Fact {
  if (thrown instanceof IdentityFailure)
    return refused(tokenRefused, null, { provider, reason: `provider_${thrown.reason}` })
  if (!(thrown instanceof AppError) || thrown.status >= 500) throw thrown
  return refused(tokenRefused, thrown.refusal?.subjectId ?? null, { provider, reason: thrown.code })
}
