/** Jobs of the refunds room. */
import { and, asc, eq, gt, ne, or, sql } from 'drizzle-orm'
import type { Ctx, TxCtx } from '../../platform/context.ts'
import { crashPoint } from '../../platform/crash-points.ts'
import { AppError } from '../../platform/errors.ts'
import { type Tick, defineJob } from '../../platform/jobs/define.ts'
import { listSurplus, paymentsErrors, providerOf } from '../payments/index.ts'
import { refundNeedsReview } from './events.ts'
import { aboutOf } from './refunds.ts'
import { keyHours, note, send } from './sending.ts'
import { keepSurplusRefund } from './surplus.ts'
import { type Refund, type RefundAttempt, attempts, refunds } from './tables.ts'

/** Whoever made the request is still at it. */
const rested = sql`interval '1 minute'`
/** What is older is only looked for. */
const keyIsKept = sql`now() - make_interval(hours => ${keyHours})`
/** Between the two looks that find nothing: what is on its way has arrived by then. */
const betweenLooks = sql`interval '1 hour'`
const sweepSize = 100
/** Until the fee is known, and whoever is at the provider's dashboard already has been heard of. */
const surplusRestsMs = 5 * 60 * 1000

/** Another process was faster. */
const surplusReturned = paymentsErrors.surplus_returned.code

type Open = { readonly attempt: RefundAttempt; readonly refund: Refund }

/** Sends again what may not have arrived, exactly as it was; what is too old for that is looked for. */
export const resendRefunds = defineJob(
  'refunds.resend_attempts',
  { cron: '* * * * *', queue: 'maintenance', attempts: 1, timeoutSeconds: 55 },
  async (ctx, _tick: Tick, signal) => {
    if (!ctx.ports.payments) return
    for (const { attempt } of await findOpen(ctx, gt(attempts.createdAt, keyIsKept))) {
      if (signal.aborted) return
      const { id: attemptId, refundId, key, request } = attempt
      await send(ctx, { refundId, attemptId, attempt: { key, body: request } })
    }
    const isOld = sql`${attempts.createdAt} <= ${keyIsKept}
      and (${attempts.missedAt} is null or ${attempts.missedAt} < now() - ${betweenLooks})`
    for (const open of await findOpen(ctx, isOld)) {
      if (signal.aborted) return
      await lookUp(ctx, open, signal)
    }
  },
)

/** Gives back what came in twice. What is refused is an alert, and waits for somebody: it is not asked for again. */
export const returnSurplus = defineJob(
  'refunds.return_surplus',
  { cron: '* * * * *', queue: 'maintenance', attempts: 1, timeoutSeconds: 55 },
  async (ctx, _tick: Tick, signal) => {
    if (!ctx.ports.payments) return
    const { rows } = await listSurplus(ctx, { limit: sweepSize, isRefused: false })
    for (const surplus of rows) {
      if (signal.aborted) return
      if (ctx.now.getTime() - surplus.createdAt.getTime() < surplusRestsMs) continue
      const kept = await ctx
        .tx((tx) => keepSurplusRefund(tx, surplus))
        .catch((error: unknown) => {
          if (error instanceof AppError && error.code === surplusReturned) return null
          throw error
        })
      crashPoint('refunds.after_surplus')
      if (kept) await send(ctx, kept)
    }
  },
)

async function lookUp(ctx: Ctx, { attempt, refund }: Open, signal: AbortSignal): Promise<void> {
  const { id: attemptId, refundId, request } = attempt
  const all = await providerOf(ctx)
    .listRefunds(request.of, signal)
    // It cannot say: asked again a minute later.
    .catch(() => null)
  if (!all) return
  const found = all.find((each) => each.refundId === refundId)
  await ctx.tx(async (tx) => {
    if (found) await note(tx, { refundId, attemptId }, { kind: 'done', value: found })
    else await miss(tx, { attempt, refund })
  })
}

/** The first time it may be on its way yet. The second time only a person can tell: under a new key it could be paid twice. */
async function miss(tx: TxCtx, { attempt, refund }: Open): Promise<void> {
  if (attempt.missedAt === null) {
    await tx.db.update(attempts).set({ missedAt: tx.now }).where(eq(attempts.id, attempt.id))
    return
  }
  const reviewed = await tx.db
    .update(refunds)
    .set({ state: 'needs_review', updatedAt: sql`now()` })
    .where(and(eq(refunds.id, refund.id), eq(refunds.state, refund.state)))
    .returning({ id: refunds.id })
  if (reviewed.length > 0) await tx.record(refundNeedsReview, refund.id, aboutOf(refund))
}

const findOpen = ({ db }: Ctx, condition: ReturnType<typeof gt>): Promise<Open[]> =>
  db
    .select({ attempt: attempts, refund: refunds })
    .from(attempts)
    .innerJoin(refunds, eq(refunds.id, attempts.refundId))
    .where(
      and(
        or(sql`${attempts.outcome} is null`, eq(attempts.outcome, 'unknown')),
        sql`${attempts.updatedAt} < now() - ${rested}`,
        ne(refunds.state, 'needs_review'),
        condition,
      ),
    )
    // Those that were asked for longest ago: none keeps the others from their turn.
    .orderBy(asc(attempts.updatedAt))
    .limit(sweepSize)
