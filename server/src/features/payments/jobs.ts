/** Jobs of the payments room. */
import { type SQL, type SQLWrapper, and, asc, gt, lte, sql } from 'drizzle-orm'
import type { Ctx } from '../../platform/context.ts'
import { crashPoint } from '../../platform/crash-points.ts'
import { type Tick, defineJob } from '../../platform/jobs/define.ts'
import { findLiveAttempt, keyHours, note, sendAttempt } from './attempts.ts'
import { endCancelling, finishClosing } from './closing.ts'
import { type Attempt, attempts, isCancelling, isStray, payments } from './tables.ts'

/** Whoever made the request is still at it, or has just sent it again. */
const restMinutes = 1
const sweepSize = 100

/** Sends again what may not have arrived, exactly as it was. */
export const resendAttempts = defineJob(
  'payments.resend_attempts',
  { cron: '* * * * *', queue: 'maintenance', attempts: 1, timeoutSeconds: 55 },
  async (ctx, _tick: Tick, signal) => {
    if (!ctx.ports.payments) return
    const keyIsKept = sql`now() - make_interval(hours => ${keyHours})`
    for (const attempt of await findOpen(
      ctx,
      and(rested(attempts.updatedAt), gt(attempts.createdAt, keyIsKept)),
    )) {
      if (signal.aborted) return
      const outcome = await sendAttempt(ctx, attempt)
      crashPoint('payments.after_resend')
      await ctx.tx((tx) => note(tx, attempt.paymentId, attempt.id, outcome))
    }
    // Nobody has its client secret, so nobody can have paid it, and nobody will.
    for (const attempt of await findOpen(ctx, lte(attempts.createdAt, keyIsKept)))
      await ctx.tx((tx) =>
        note(tx, attempt.paymentId, attempt.id, { kind: 'rejected', code: 'expired' }),
      )
  },
)

/** Ends what has to be over at the provider, too: payments that somebody cancelled, and attempts that were given up. */
export const closeAttempts = defineJob(
  'payments.close_attempts',
  { cron: '* * * * *', queue: 'maintenance', attempts: 1, timeoutSeconds: 55 },
  async (ctx, _tick: Tick, signal) => {
    if (!ctx.ports.payments) return
    const failures: unknown[] = []
    const tried = (work: Promise<void>) => work.catch((error: unknown) => failures.push(error))
    for (const { id } of await findCancelling(ctx)) {
      if (signal.aborted) break
      const live = await findLiveAttempt(ctx, id)
      await tried(live ? finishClosing(ctx, live.id) : endCancelling(ctx, id))
    }
    for (const { id } of await findStrays(ctx)) {
      if (signal.aborted) break
      await tried(finishClosing(ctx, id))
    }
    // One that the provider does not answer for keeps no other waiting.
    if (failures.length > 0) throw new AggregateError(failures, 'attempts could not be closed')
  },
)

const rested = (column: SQLWrapper) =>
  sql`${column} < now() - make_interval(mins => ${restMinutes})`

const findOpen = ({ db }: Ctx, condition: SQL | undefined): Promise<Attempt[]> =>
  db
    .select()
    .from(attempts)
    .where(and(sql`(${attempts.outcome} is null or ${attempts.outcome} = 'unknown')`, condition))
    .orderBy(asc(attempts.createdAt))
    .limit(sweepSize)

const findCancelling = ({ db }: Ctx) =>
  db
    .select({ id: payments.id })
    .from(payments)
    .where(and(isCancelling(payments), rested(payments.cancelWantedAt)))
    .orderBy(asc(payments.cancelWantedAt))
    .limit(sweepSize)

const findStrays = ({ db }: Ctx) =>
  db
    .select({ id: attempts.id })
    .from(attempts)
    .where(and(isStray(attempts), rested(attempts.updatedAt)))
    .orderBy(asc(attempts.createdAt))
    .limit(sweepSize)
