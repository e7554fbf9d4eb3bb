/**
 * Attempts: a browser is sent to a provider and comes back, once, within ten minutes. What both halves must agree on is
 * bound to the row, the row to the browser by a cookie, and to the provider (RFC 9700, 2.1).
 */
import { and, eq, gt, isNotNull, isNull, sql } from 'drizzle-orm'
import type { ReadCtx, TxCtx } from '../../platform/context.ts'
import { one } from '../../platform/db/one.ts'
import type { Attempt as Wire } from '../../platform/identity/index.ts'
import { deriveKey, hashToken, isSame, rowOfToken, tokenOfRow } from '../../platform/secrets.ts'
import { type Attempt, attempts, identities } from './tables.ts'

const openMinutes = 10
/** Between coming back and fetching the tokens lies one redirect. */
const exchangeSeconds = 60
const codeLabel = 'ash_o_'

export type NewAttempt = Pick<Attempt, 'providerId' | 'purpose' | 'mode' | 'redirectTo'> & {
  /** The cookie of the browser. */
  readonly browser: string
  readonly codeChallenge?: string | undefined
  /** Who adds an identity. */
  readonly userId?: string | null
  readonly sessionId?: string | null
}

export async function startAttempt(
  tx: TxCtx,
  { browser, codeChallenge, userId, sessionId, ...input }: NewAttempt,
): Promise<Attempt> {
  return one(
    await tx.db
      .insert(attempts)
      .values({
        ...input,
        browserHash: hashToken(browser),
        codeChallenge: codeChallenge ?? null,
        userId: userId ?? null,
        sessionId: sessionId ?? null,
        expiresAt: sql`now() + make_interval(mins => ${openMinutes})`,
      })
      .returning(),
  )
}

/** State, nonce and verifier of an attempt. None is stored: each is computed with a key of its own. */
export function wireOf(ctx: ReadCtx, { id, providerId }: Attempt): Wire {
  return {
    redirectUri: redirectUriOf(ctx, providerId),
    state: tokenOfRow(keyOf(ctx, 'state'), id),
    nonce: tokenOfRow(keyOf(ctx, 'nonce'), id),
    verifier: tokenOfRow(keyOf(ctx, 'verifier'), id),
  }
}

/** Where the provider sends the browser: registered there, and compared there as an exact string. */
export const redirectUriOf = (ctx: ReadCtx, providerId: string): string =>
  `${ctx.settings.publicUrl}/api/v1/oidc/${providerId}/callback`

/**
 * Uses up the attempt that this state belongs to; null when there is none for this browser and provider. One that comes
 * from elsewhere uses nothing up.
 */
export async function useAttempt(
  tx: TxCtx,
  given: { state: string; providerId: string; browser: string },
): Promise<Attempt | null> {
  const id = rowOfToken(keyOf(tx, 'state'), given.state)
  if (id === null) return null
  const [used] = await tx.db
    .update(attempts)
    .set({ usedAt: sql`clock_timestamp()` })
    .where(
      and(
        eq(attempts.id, id),
        eq(attempts.providerId, given.providerId),
        eq(attempts.browserHash, hashToken(given.browser)),
        isNull(attempts.usedAt),
        gt(attempts.expiresAt, sql`clock_timestamp()`),
      ),
    )
    .returning()
  return used ?? null
}

/** Notes who came back; returns the code that fetches the tokens, once and within a minute. */
export async function completeAttempt(tx: TxCtx, id: string, identityId: string): Promise<string> {
  await tx.db
    .update(attempts)
    .set({ identityId, completedAt: sql`clock_timestamp()` })
    .where(eq(attempts.id, id))
  return codeLabel + tokenOfRow(keyOf(tx, 'code'), id)
}

/**
 * Uses up a code; null when it is not one that works, or the verifier is not the one of whoever started. A wrong
 * verifier uses it up too: the caller must commit whatever the outcome.
 */
export async function useCode(
  tx: TxCtx,
  given: { code: string; codeVerifier: string },
): Promise<{ userId: string; identityId: string } | null> {
  const { code, codeVerifier } = given
  const id = code.startsWith(codeLabel)
    ? rowOfToken(keyOf(tx, 'code'), code.slice(codeLabel.length))
    : null
  if (id === null) return null
  const [used] = await tx.db
    .update(attempts)
    .set({ exchangedAt: sql`clock_timestamp()` })
    .where(
      and(
        eq(attempts.id, id),
        isNotNull(attempts.identityId),
        isNull(attempts.exchangedAt),
        gt(
          attempts.completedAt,
          sql`clock_timestamp() - make_interval(secs => ${exchangeSeconds})`,
        ),
      ),
    )
    .returning({ identityId: attempts.identityId, codeChallenge: attempts.codeChallenge })
  const challenge = hashToken(codeVerifier).toString('base64url')
  if (!used?.identityId || !isSame(Buffer.from(used.codeChallenge ?? ''), Buffer.from(challenge)))
    return null
  const [owner] = await tx.db
    .select({ userId: identities.userId, identityId: identities.id })
    .from(identities)
    .where(and(eq(identities.id, used.identityId), isNull(identities.removedAt)))
  return owner ?? null
}

const keyOf = (ctx: ReadCtx, part: 'state' | 'nonce' | 'verifier' | 'code') =>
  deriveKey(ctx.settings.secretKey, `oidc-${part}`)
