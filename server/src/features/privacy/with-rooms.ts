/** The privacy room's jobs, complete: app/ brings the rooms, which it alone knows. */
import { lt, sql } from 'drizzle-orm'
import { deleteInBatches } from '../../platform/db/batches.ts'
import { type Tick, defineJob } from '../../platform/jobs/define.ts'
import type { PersonalData } from '../../platform/personal-data.ts'
import { erase, eraseDue, eraseUnproven } from './erasures.ts'
import { expireExports, writeExport } from './exports.ts'
import {
  erasePerson,
  makeExport,
  sendErasureNotice,
  sendExportReady,
  sendRestored,
} from './jobs.ts'
import { exports } from './tables.ts'

/** @param rooms in the order in which they forget a person; the users room is the last */
export function privacyJobs(rooms: readonly PersonalData[]) {
  return [
    {
      ...makeExport,
      run: (ctx, { exportId }) => writeExport(ctx, rooms, exportId),
    } satisfies typeof makeExport,
    {
      ...erasePerson,
      run: (ctx, { erasureId }) => erase(ctx, rooms, erasureId),
    } satisfies typeof erasePerson,
    sendExportReady,
    sendErasureNotice,
    sendRestored,
    defineJob(
      'privacy.erase_due',
      { cron: '*/10 * * * *', queue: 'maintenance', attempts: 2, timeoutSeconds: 120 },
      async (ctx, _tick: Tick) => eraseDue(ctx),
    ),
    defineJob(
      'privacy.erase_unproven',
      { cron: '13 * * * *', queue: 'maintenance', attempts: 2, timeoutSeconds: 600 },
      async (ctx, _tick: Tick) => eraseUnproven(ctx),
    ),
    defineJob(
      'privacy.expire_exports',
      { cron: '37 * * * *', queue: 'maintenance', attempts: 2, timeoutSeconds: 600 },
      async (ctx, _tick: Tick) => {
        await expireExports(ctx)
        await deleteInBatches(ctx, exports, lt(exports.expiresAt, sql`now() - interval '30 days'`))
      },
    ),
  ] as const
}
