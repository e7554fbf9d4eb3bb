/** Jobs of the impersonation room: the mail to the account's owner, the note of an end, the removal of what is long over. */
import { eq, lt, sql } from 'drizzle-orm'
import { type Tick, defineJob } from '../../platform/jobs/define.ts'
import { mailPolicy, renderingFor, sendMail } from '../auth/index.ts'
import { getUser } from '../users/index.ts'
import { settle } from './endings.ts'
import { begunNotice } from './mails.ts'
import { impersonations } from './tables.ts'

/** As long as it is known from which address a fact came. */
const keptDays = 180

export const sendNotice = defineJob(
  'impersonation.send_notice',
  mailPolicy,
  async (ctx, { impersonationId }: { impersonationId: string }) => {
    const [found] = await ctx.db
      .select()
      .from(impersonations)
      .where(eq(impersonations.id, impersonationId))
    // Erased meanwhile, with its account.
    if (!found?.begunAt) return
    const user = await getUser(ctx, found.userId)
    if (user.erasedAt !== null) return
    const impersonator = await getUser(ctx, found.impersonatorId)
    const mail = begunNotice.render(
      {
        name: user.name,
        by: impersonator.name,
        reason: found.reason,
        at: found.begunAt.toISOString(),
        minutes: found.minutes,
      },
      renderingFor(ctx, user.locale),
    )
    await sendMail(ctx, user.email, mail, `impersonation.send_notice:${impersonationId}`)
  },
)

export const settleImpersonations = defineJob(
  'impersonation.settle_impersonations',
  { cron: '* * * * *', queue: 'maintenance', attempts: 2, timeoutSeconds: 120 },
  async (ctx, _tick: Tick) => settle(ctx),
)

export const forgetImpersonations = defineJob(
  'impersonation.forget_impersonations',
  { cron: '47 3 * * *', queue: 'maintenance', attempts: 2, timeoutSeconds: 120 },
  async (ctx, _tick: Tick) => {
    await ctx.tx(({ db }) =>
      db
        .delete(impersonations)
        .where(lt(impersonations.createdAt, sql`now() - make_interval(days => ${keptDays})`)),
    )
  },
)
