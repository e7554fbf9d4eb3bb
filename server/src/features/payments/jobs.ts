/** Jobs of the payments room. */
import { type SQL, and, asc, gt, lte, sql } from 'drizzle-orm'
import type { Ctx } from '../../platform/context.ts'
import { crashPoint } from '../../platform/crash-points.ts'
import { type Tick, defineJob } from '../../platform/jobs/define.ts'
import { note, providerOf } from './payments.ts'
import { attempts } from './tables.ts'

/** Whoever made the request is still at it, or has just sent it again. */
const restMinutes = 1
/** Stripe forgets a key after 24 hours, and would make a second payment of it. */
const keyHours = 23
const sweepSize = 100

/** Sends again what may not have arrived, exactly as it was. */
export const resendAttempts = defineJob(
  'payments.resend_attempts',
  { cron: '* * * * *', queue: 'maintenance', attempts: 1, timeoutSeconds: 55 },
  async (ctx, _tick: Tick, signal) => {
    if (!ctx.ports.payments) return
    const rested = sql`${attempts.updatedAt} < now() - make_interval(mins => ${restMinutes})`
    const keyIsKept = sql`now() - make_interval(hours => ${keyHours})`
    for (const attempt of await findOpen(ctx, and(rested, gt(attempts.createdAt, keyIsKept)))) {
      if (signal.aborted) return
      const { key, request } = attempt
      const outcome = await providerOf(ctx).startCollection({ key, body: request })
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

const findOpen = ({ db }: Ctx, condition: SQL | undefined) =>
  db
    .select()
    .from(attempts)
    .where(and(sql`(${attempts.outcome} is null or ${attempts.outcome} = 'unknown')`, condition))
    .orderBy(asc(attempts.createdAt))
    .limit(sweepSize)
