/** Jobs of the ledger that the clock starts: checking, and letting go of what is held too long. */
import { type Tick, defineJob } from '../../platform/jobs/define.ts'
import { checkAndRecord } from './checks.ts'
import { expireDueHolds } from './holds.ts'

export const checkByClock = defineJob(
  'ledger.check',
  { cron: '*/15 * * * *', queue: 'maintenance', attempts: 2, timeoutSeconds: 600 },
  async (ctx, _tick: Tick) => {
    await checkAndRecord(ctx)
  },
)

export const expireHolds = defineJob(
  'ledger.expire_holds',
  { cron: '* * * * *', queue: 'maintenance', attempts: 2, timeoutSeconds: 300 },
  async (ctx, _tick: Tick, signal) => {
    await expireDueHolds(ctx, signal)
  },
)
