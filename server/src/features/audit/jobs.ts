/** Jobs of the audit room: sealing by the minute, verifying by night, dropping what is old. */
import { dropTips, prepareMonths } from '../../platform/events/retention.ts'
import { type Tick, defineJob } from '../../platform/jobs/define.ts'
import { dropOldFacts } from './retention.ts'
import { seal } from './sealing.ts'
import { verify } from './verifications.ts'

/** Long enough for what a day without workers left behind. */
const sealTimeoutSeconds = 600
/** A thousand facts take some ten milliseconds; ten million are read in this time. */
const verifyTimeoutSeconds = 3_600

export const sealLog = defineJob(
  'audit.seal',
  { cron: '* * * * *', queue: 'maintenance', attempts: 1, timeoutSeconds: sealTimeoutSeconds },
  (ctx, _tick: Tick, signal) => seal(ctx, signal),
)

export const verifyLog = defineJob(
  'audit.verify',
  { cron: '23 3 * * *', queue: 'maintenance', attempts: 2, timeoutSeconds: verifyTimeoutSeconds },
  async (ctx, _tick: Tick) => {
    await verify(ctx)
  },
)

/** Partitions are made and dropped by the owner of the database: the application's role cannot. */
export const tendLog = (ownerUrl: string) =>
  defineJob(
    'audit.tend_months',
    { cron: '47 2 * * *', queue: 'maintenance', attempts: 5, timeoutSeconds: 600 },
    async (ctx, _tick: Tick) => {
      await prepareMonths(ownerUrl, ctx.now)
      await dropTips(ownerUrl)
      await dropOldFacts(ctx, ownerUrl)
    },
  )
