/**
 * Refresh tokens: each is spent once and has one child. Spending it again within the grace period answers the same
 * child (two tabs, a lost reply); any other second use means that it was stolen, and ends the whole session
 * (RFC 9700, section 4.14).
 */
import { and, eq, gt, isNull, sql } from 'drizzle-orm'
import { v7 as uuidv7 } from 'uuid'
import type { ReadCtx, TxCtx } from '../../platform/context.ts'
import type { Tx } from '../../platform/db/index.ts'
import { statement } from '../../platform/db/prepared.ts'
import { deriveKey, rowOfToken, tokenOfRow } from '../../platform/secrets.ts'
import { subjects } from '../access/index.ts'
import { refreshTokenReused } from './events.ts'
import { isAlive, revokeSession, touchSession } from './sessions.ts'
import { refreshTokens, sessions } from './tables.ts'

const label = 'ash_r_'

export type Rotation =
  | { readonly outcome: 'rotated'; readonly token: string }
  | { readonly outcome: 'refused' }

/** Whose live session a token belongs to, spent or not; null for any other text. */
export async function findRefreshOwner(
  ctx: ReadCtx,
  token: string,
): Promise<{ sessionId: string; userId: string } | null> {
  const id = idOf(ctx, token)
  if (id === null) return null
  const [owner] = await ctx.db
    .select({ sessionId: sessions.id, userId: sessions.userId })
    .from(refreshTokens)
    .innerJoin(sessions, eq(sessions.id, refreshTokens.sessionId))
    .where(and(eq(refreshTokens.id, id), isAlive(ctx)))
  return owner ?? null
}

/** The first token of a session, for `startSession` to keep the row of. */
export function newRefreshToken(tx: TxCtx): { id: string; token: string } {
  const id = uuidv7()
  return { id, token: tokenOf(tx, id) }
}

/** The first token of a session that goes on under a new id. */
export async function issueRefreshToken(tx: TxCtx, sessionId: string): Promise<string> {
  return insertChild(tx, sessionId, null)
}

/**
 * Spends a token for its child. The caller must commit whatever the outcome: a reuse revokes the session in this
 * transaction.
 */
export async function rotateRefreshToken(tx: TxCtx, token: string): Promise<Rotation> {
  const id = idOf(tx, token)
  if (id === null) return { outcome: 'refused' }
  const owner = await findOwner(tx, id)
  if (!owner) return { outcome: 'refused' }
  const [spent] = await tx.db
    .update(refreshTokens)
    .set({ spentAt: sql`clock_timestamp()` })
    .where(
      and(
        eq(refreshTokens.id, id),
        isNull(refreshTokens.spentAt),
        gt(refreshTokens.expiresAt, sql`now()`),
      ),
    )
    .returning({ id: refreshTokens.id })
  if (spent) {
    const child = await insertChild(tx, owner.sessionId, id)
    await touchSession(tx, owner.sessionId)
    return { outcome: 'rotated', token: child }
  }
  const child = await findGraceChild(tx, id)
  if (child !== null) return { outcome: 'rotated', token: tokenOf(tx, child) }
  if (await isSpent(tx, id)) {
    await revokeSession(tx, owner.sessionId, 'refresh_token_reused')
    await tx.record(refreshTokenReused, owner.userId, { sessionId: owner.sessionId })
  }
  return { outcome: 'refused' }
}

/** The session's row is locked: rotation and revocation of one family wait for each other. */
async function findOwner(
  tx: TxCtx,
  id: string,
): Promise<{ sessionId: string; userId: string } | null> {
  const [row] = await tx.db
    .select({ sessionId: sessions.id, userId: sessions.userId })
    .from(sessions)
    .where(
      and(
        eq(
          sessions.id,
          tx.db
            .select({ id: refreshTokens.sessionId })
            .from(refreshTokens)
            .where(eq(refreshTokens.id, id)),
        ),
        isAlive(tx),
      ),
    )
    .for('update')
  if (!row) return null
  const [subject] = await tx.db
    .select({ status: subjects.status })
    .from(subjects)
    .where(eq(subjects.userId, row.userId))
  return subject?.status === 'active' ? row : null
}

/** The child of a parent spent a moment ago, as long as the child itself is unspent: a grandparent has none. */
async function findGraceChild(tx: TxCtx, parentId: string): Promise<string | null> {
  const grace = sql`clock_timestamp() - make_interval(secs => ${tx.settings.refreshGrace})`
  const [parent] = await tx.db
    .select({ id: refreshTokens.id })
    .from(refreshTokens)
    .where(and(eq(refreshTokens.id, parentId), gt(refreshTokens.spentAt, grace)))
  if (!parent) return null
  const [child] = await tx.db
    .select({ id: refreshTokens.id })
    .from(refreshTokens)
    .where(and(eq(refreshTokens.parentId, parentId), isNull(refreshTokens.spentAt)))
  return child?.id ?? null
}

async function isSpent(tx: TxCtx, id: string): Promise<boolean> {
  const [row] = await tx.db
    .select({ spentAt: refreshTokens.spentAt })
    .from(refreshTokens)
    .where(eq(refreshTokens.id, id))
  return row !== undefined && row.spentAt !== null
}

async function insertChild(tx: TxCtx, sessionId: string, parentId: string | null): Promise<string> {
  const { id, token } = newRefreshToken(tx)
  await insertRow(tx.db, { id, sessionId, parentId, lastsSeconds: tx.settings.refreshTokenExpiry })
  return token
}

const keyOf = (ctx: ReadCtx) => deriveKey(ctx.settings.secretKey, 'refresh-token')

/** Computed from the row's id, so that the grace period can answer the same child without storing it. */
const tokenOf = (ctx: ReadCtx, id: string) => label + tokenOfRow(keyOf(ctx), id)

function idOf(ctx: ReadCtx, token: string): string | null {
  return token.startsWith(label) ? rowOfToken(keyOf(ctx), token.slice(label.length)) : null
}

type NewToken = { id: string; sessionId: string; parentId: string | null; lastsSeconds: number }

const insertRow = statement<NewToken>()((db: Tx, given) =>
  db.insert(refreshTokens).values({
    id: given('id'),
    sessionId: given('sessionId'),
    parentId: given('parentId'),
    expiresAt: sql`now() + make_interval(secs => ${given('lastsSeconds')})`,
  }),
)
