/** Jobs of the monitoring room that the clock starts: watching, and forgetting. */
import { lt, sql } from 'drizzle-orm'
import { deleteInBatches } from '../../platform/db/batches.ts'
import { type Tick, defineJob } from '../../platform/jobs/define.ts'
import { alerts, eventCounts, recorders, requestFigures, slowRequests } from './tables.ts'
import { watch } from './watch.ts'

/** A day is the longest window; what is not told from a second one is told by the hour. */
const minutesKept = sql`interval '2 days'`
/** A recorder that has stored nothing for so long has ended. */
const recordersKept = sql`interval '2 days'`

/** A backlog, after hours without a worker, takes longer than a minute: the next one waits for it. */
export const watchFacts = defineJob(
  'monitoring.watch_facts',
  { cron: '* * * * *', queue: 'maintenance', attempts: 2, timeoutSeconds: 300 },
  async (ctx, _tick: Tick, signal) => watch(ctx, signal),
)

export const forgetFigures = defineJob(
  'monitoring.forget_figures',
  { cron: '25 * * * *', queue: 'maintenance', attempts: 2, timeoutSeconds: 600 },
  async (ctx, _tick: Tick) => {
    const { monitoringRetention, alertRetention } = ctx.settings
    const before = (seconds: number) => sql`now() - make_interval(secs => ${seconds})`
    const { spanSeconds, startsAt } = requestFigures
    await deleteInBatches(
      ctx,
      requestFigures,
      sql`${spanSeconds} = 60 and ${startsAt} < now() - ${minutesKept}`,
    )
    await deleteInBatches(
      ctx,
      requestFigures,
      sql`${spanSeconds} = 3600 and ${startsAt} < ${before(monitoringRetention)}`,
    )
    await deleteInBatches(ctx, slowRequests, lt(slowRequests.at, before(monitoringRetention)))
    await deleteInBatches(ctx, eventCounts, lt(eventCounts.minute, sql`now() - ${minutesKept}`))
    await deleteInBatches(ctx, alerts, lt(alerts.lastAt, before(alertRetention)))
    await deleteInBatches(ctx, recorders, lt(recorders.at, sql`now() - ${recordersKept}`))
  },
)
