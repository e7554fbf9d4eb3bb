/** Housekeeping: rows that only matter for a while are removed by the clock. */
import { lt, sql } from 'drizzle-orm'
import type { Db } from '../platform/db/index.ts'
import { forgetExpiredKeys } from '../platform/http/index.ts'
import { type JobType, defineJob } from '../platform/jobs/define.ts'
import { invalidations, rateLimitCounts, rateLimitLogs } from '../platform/tables.ts'
import { rotateByAge } from '../platform/tokens/index.ts'

/** The cleaning jobs; they touch only the platform's own tables. */
export function maintenanceJobs({ db }: { db: Db }): readonly JobType<string, never>[] {
  return [
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
      'platform.rotate_signing_keys',
      { cron: '7 * * * *', queue: 'maintenance', attempts: 2, timeoutSeconds: 60 },
      (ctx) => rotateByAge(ctx),
    ),
  ]
}
