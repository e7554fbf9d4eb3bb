/** What has ended is kept for a while, for whoever asks what happened, and then forgotten. */
import { and, inArray, lt, or, sql } from 'drizzle-orm'
import { deleteInBatches } from '../../platform/db/batches.ts'
import { type Tick, defineJob } from '../../platform/jobs/define.ts'
import { apiKeys, emailChanges, refreshTokens, sessions, verifications } from './tables.ts'

/** Long enough to look into a theft that is noticed late. */
const endedKeptDays = 30
/** How an address was proven. Those of sign-ups that nobody proves are erased with them, sooner (room privacy). */
const verificationsKeptDays = 90
/** Former addresses: who takes an account over changes its address first. */
const emailChangesKeptDays = 180

export const forgetEnded = defineJob(
  'auth.forget_ended',
  { cron: '45 * * * *', queue: 'maintenance', attempts: 2, timeoutSeconds: 600 },
  async (ctx, _tick: Tick) => {
    const before = (days: number) => sql`now() - make_interval(days => ${days})`
    const hasEnded = or(
      lt(sessions.revokedAt, before(endedKeptDays)),
      lt(sessions.expiresAt, before(endedKeptDays)),
    )
    const ended = ctx.db.select({ id: sessions.id }).from(sessions).where(hasEnded)
    await deleteInBatches(ctx, refreshTokens, inArray(refreshTokens.sessionId, ended))
    await deleteInBatches(
      ctx,
      sessions,
      // One whose tokens the batches did not reach waits for the next run.
      and(
        hasEnded,
        sql`not exists (select 1 from auth_refresh_tokens t where t.session_id = auth_sessions.id)`,
      ),
    )
    await deleteInBatches(
      ctx,
      apiKeys,
      or(
        lt(apiKeys.revokedAt, before(endedKeptDays)),
        lt(apiKeys.expiresAt, before(endedKeptDays)),
      ),
    )
    await deleteInBatches(
      ctx,
      verifications,
      lt(verifications.createdAt, before(verificationsKeptDays)),
    )
    // Also one that nobody answered: it has long expired.
    await deleteInBatches(
      ctx,
      emailChanges,
      lt(emailChanges.createdAt, before(emailChangesKeptDays)),
    )
  },
)
