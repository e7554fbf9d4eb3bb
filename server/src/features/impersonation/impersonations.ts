/** Impersonations: asked for with a reason, begun with a token that works once, ended by whoever began it or by time. */
import { and, desc, eq, gt, inArray, isNotNull, isNull, lt, sql } from 'drizzle-orm'
import type { Ctx, ReadCtx, TxCtx } from '../../platform/context.ts'
import { one } from '../../platform/db/one.ts'
import { refused } from '../../platform/events/index.ts'
import { accessErrors } from '../../platform/http/errors.ts'
import { countUpTo } from '../../platform/db/count-up-to.ts'
import { type Page, idCursor, pageOf } from '../../platform/http/index.ts'
import { deriveKey, rowOfToken, tokenOfRow } from '../../platform/secrets.ts'
import {
  type Impersonated,
  findSuccessors,
  isBackedBy,
  revokeSession,
  startImpersonated,
  withAccessToken,
} from '../auth/index.ts'
import { lockUser } from '../users/index.ts'
import { errors } from './errors.ts'
import { begun, ended, impersonationRefused, requested } from './events.ts'
import { withEnds } from './endings.ts'
import { sendNotice } from './jobs.ts'
import { type Impersonation, impersonations } from './tables.ts'

/** From one window to the next, and no longer. */
const tokenSeconds = 60
const usualMinutes = 30
const label = 'ash_x_'
const minuteSeconds = 60

export type Requested = {
  readonly token: string
  readonly expiresAt: Date
  readonly minutes: number
}

/** When somebody acted in a user's account, newest first. */
export async function listImpersonations(
  ctx: ReadCtx,
  userId: string,
  { limit, cursor: given }: { limit: number; cursor?: string },
): Promise<Page<Impersonation>> {
  const isOwn = and(eq(impersonations.userId, userId), isNotNull(impersonations.begunAt))
  const after = given === undefined ? undefined : lt(impersonations.id, idCursor.decode(given))
  const rows = await ctx.db
    .select()
    .from(impersonations)
    .where(and(isOwn, after))
    .orderBy(desc(impersonations.id))
    .limit(limit + 1)
  const page = pageOf(rows, limit, (last) => idCursor.encode(last.id))
  const total = await countUpTo(ctx.db, impersonations, isOwn)
  return { ...page, rows: await withEnds(ctx, page.rows), ...total }
}

/**
 * Asks to act in somebody's account; the token begins it. Throws `users.user_not_found` (404),
 * `impersonation.not_below` (403) and `impersonation.account_inactive` (409).
 */
export async function request(
  tx: TxCtx,
  {
    userId,
    reason,
    minutes = usualMinutes,
  }: { userId: string; reason: string; minutes?: number | undefined },
): Promise<Requested> {
  const { id: impersonatorId, sessionId } = tx.actor
  if (impersonatorId === null || sessionId === null) throw accessErrors.session_required()
  const user = await lockUser(tx, userId)
  if (!(await isBackedBy(tx, sessionId, userId)))
    throw errors
      .not_below()
      .recording(refused(impersonationRefused, userId, { reason: 'not_below' }))
  if (user.status !== 'active') throw errors.account_inactive()
  const { id, tokenExpiresAt } = one(
    await tx.db
      .insert(impersonations)
      .values({
        userId,
        impersonatorId,
        impersonatorSessionId: sessionId,
        reason,
        minutes,
        tokenExpiresAt: sql`clock_timestamp() + make_interval(secs => ${tokenSeconds})`,
      })
      .returning(),
  )
  await tx.record(requested, userId, { impersonationId: id, minutes })
  return { token: label + tokenOfRow(keyOf(tx), id), expiresAt: tokenExpiresAt, minutes }
}

/** Trades a token for a session in the user's account, once. Throws `impersonation.invalid_token` (401). */
export async function exchange(
  ctx: Ctx,
  { token, mode }: { token: string; mode: 'cookie' | 'token' },
): Promise<Impersonated> {
  const id = token.startsWith(label) ? rowOfToken(keyOf(ctx), token.slice(label.length)) : null
  if (id === null) throw invalid('forged', null)
  const { started, seconds } = await ctx.tx((tx) => begin(tx, id, mode))
  return withAccessToken(ctx, started, seconds)
}

/**
 * Ends the impersonation that this session is, or those that were begun from it. Throws
 * `impersonation.none_running` (409).
 */
export async function end(tx: TxCtx): Promise<void> {
  const { sessionId, impersonatorId } = tx.actor
  const reason = 'impersonation_ended'
  if (sessionId === null) throw errors.none_running()
  const isMeant =
    impersonatorId === null
      ? inArray(impersonations.id, await findBegunFrom(tx, sessionId))
      : eq(impersonations.sessionId, sessionId)
  const found = await tx.db
    .update(impersonations)
    .set({ endedAt: tx.now })
    .where(and(isMeant, isRunning))
    .returning()
  if (found.length === 0) throw errors.none_running()
  for (const each of found) {
    if (each.sessionId !== null) await revokeSession(tx, each.sessionId, reason)
    await tx.record(ended, each.userId, { impersonationId: each.id, reason })
  }
}

const isRunning = and(
  isNotNull(impersonations.begunAt),
  isNull(impersonations.endedAt),
  gt(impersonations.endsAt, sql`clock_timestamp()`),
)

/** The caller's own that stand on this session, also from before it went on under this id. */
async function findBegunFrom(tx: TxCtx, sessionId: string): Promise<string[]> {
  const isOwn = eq(impersonations.impersonatorId, tx.actor.id ?? '')
  const running = await tx.db.select().from(impersonations).where(and(isOwn, isRunning))
  const behind = await findSuccessors(
    tx,
    running.map(({ impersonatorSessionId }) => impersonatorSessionId),
  )
  return running
    .filter(({ impersonatorSessionId }) => behind.get(impersonatorSessionId)?.id === sessionId)
    .map(({ id }) => id)
}

async function begin(tx: TxCtx, id: string, kind: 'cookie' | 'token') {
  const [spent] = await tx.db
    .update(impersonations)
    .set({ begunAt: sql`clock_timestamp()` })
    .where(
      and(
        eq(impersonations.id, id),
        isNull(impersonations.begunAt),
        gt(impersonations.tokenExpiresAt, sql`clock_timestamp()`),
      ),
    )
    .returning()
  if (!spent) throw invalid('spent', await findImpersonation(tx, id))
  const { userId, impersonatorSessionId, reason } = spent
  const seconds = spent.minutes * minuteSeconds
  const impersonator = { sessionId: impersonatorSessionId, reason, seconds }
  const started = await startImpersonated(tx, { userId, kind, impersonator })
  if (!started) throw invalid('not_backed', spent)
  const { sessionId, expiresAt } = started
  await tx.db
    .update(impersonations)
    .set({ sessionId, endsAt: expiresAt })
    .where(eq(impersonations.id, id))
  await tx.record(begun, userId, { impersonationId: id, sessionId }, { by: byToken(spent) })
  await tx.enqueue(sendNotice, { impersonationId: id })
  return { started, seconds }
}

async function findImpersonation(ctx: ReadCtx, id: string): Promise<Impersonation | null> {
  const [found] = await ctx.db.select().from(impersonations).where(eq(impersonations.id, id))
  return found ?? null
}

/** The token came from nobody, and proves who asked for it. */
const byToken = ({ impersonatorId, userId }: Impersonation) => ({
  userId: impersonatorId,
  onBehalfOf: userId,
})

/** Of a token that was ours it is known which account was to be entered; where from is the administrator's business. */
function invalid(reason: string, of: Impersonation | null) {
  if (of === null)
    return errors.invalid_token().recording(refused(impersonationRefused, null, { reason }))
  const { id: impersonationId, userId } = of
  const fact = refused(impersonationRefused, userId, { reason, impersonationId })
  return errors.invalid_token().recording({ ...fact, by: byToken(of) })
}

const keyOf = ({ settings }: ReadCtx) =>
  deriveKey(settings.adminImpersonationSecret ?? settings.secretKey, 'impersonation')
