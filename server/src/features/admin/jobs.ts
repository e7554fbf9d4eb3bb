/** Jobs of the admin room: what is done to an account is told to its owner, and forgotten in the end. */
import { eq, lt, sql } from 'drizzle-orm'
import { type Tick, defineJob } from '../../platform/jobs/define.ts'
import { mailPolicy, renderingFor, sendMail } from '../auth/index.ts'
import { getUser } from '../users/index.ts'
import { factorsReset } from './mails.ts'
import { interventions, serviceTokens } from './tables.ts'

export const sendFactorsReset = defineJob(
  'admin.send_factors_reset',
  mailPolicy,
  async (ctx, { interventionId }: { interventionId: string }) => {
    const [intervention] = await ctx.db
      .select()
      .from(interventions)
      .where(eq(interventions.id, interventionId))
    // Erased meanwhile, with its account.
    if (!intervention) return
    const user = await getUser(ctx, intervention.userId)
    if (user.erasedAt !== null) return
    const mail = factorsReset.render(
      {
        name: user.name,
        at: intervention.createdAt.toISOString(),
        resetLink: `${ctx.settings.publicUrl}/forgot-password`,
      },
      renderingFor(ctx, user.locale),
    )
    await sendMail(ctx, user.email, mail, `admin.send_factors_reset:${interventionId}`)
  },
)

/** Tokens that ended half a year ago; what became of them is in the facts. */
export const forgetServiceTokens = defineJob(
  'admin.forget_service_tokens',
  { cron: '41 3 * * *', queue: 'maintenance', attempts: 2, timeoutSeconds: 120 },
  async (ctx, _tick: Tick) => {
    const longAgo = sql`now() - interval '180 days'`
    await ctx.tx(({ db }) =>
      db
        .delete(serviceTokens)
        .where(lt(sql`least(${serviceTokens.expiresAt}, ${serviceTokens.revokedAt})`, longAgo)),
    )
  },
)
