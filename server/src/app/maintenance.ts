/** Housekeeping by the clock: requests left behind are finished, and rows that only matter for a while removed. */
import { lt, sql } from 'drizzle-orm'
import type { Db } from '../platform/db/index.ts'
import { forgetOld } from '../platform/events/forgetting.ts'
import { forgetExpiredKeys } from '../platform/http/index.ts'
import { type JobType, defineJob } from '../platform/jobs/define.ts'
import { invalidations, rateLimitCounts, rateLimitLogs } from '../platform/tables.ts'
import { rotateByAge } from '../platform/tokens/index.ts'

/** More than one batch of requests should ever need; what is left then is for the next minute. */
const completionTimeoutSeconds = 300

export type Maintenance = {
  readonly db: Db
  readonly completeAbandoned: (signal: AbortSignal) => Promise<number>
}

/** The platform's own jobs; they touch only its own tables. */
export function maintenanceJobs(options: Maintenance): readonly JobType<string, never>[] {
  const { db, completeAbandoned } = options
  return [
    defineJob(
      'platform.complete_requests',
      {
        cron: '* * * * *',
        queue: 'maintenance',
        attempts: 2,
        timeoutSeconds: completionTimeoutSeconds,
      },
      async (_ctx, _tick, signal) => {
        await completeAbandoned(signal)
      },
    ),
    defineJob(
      'platform.sweep',
      { cron: '*/10 * * * *', queue: 'maintenance', attempts: 2, timeoutSeconds: 120 },
      async () => {
        await forgetExpiredKeys(db)
        await db.delete(rateLimitLogs).where(lt(rateLimitLogs.expiresAt, sql`now()`))
        await db.delete(rateLimitCounts).where(lt(rateLimitCounts.expiresAt, sql`now()`))
        await db
          .delete(invalidations)
          .where(lt(invalidations.at, sql`now() - interval '10 minutes'`))
      },
    ),
    defineJob(
      'platform.forget_addresses',
      { cron: '17 * * * *', queue: 'maintenance', attempts: 2, timeoutSeconds: 300 },
      async (ctx) => {
        await forgetOld(ctx, ctx.settings.factAddressRetention)
      },
    ),
    defineJob(
      'platform.rotate_signing_keys',
      { cron: '7 * * * *', queue: 'maintenance', attempts: 2, timeoutSeconds: 60 },
      (ctx) => rotateByAge(ctx),
    ),
  ]
}
