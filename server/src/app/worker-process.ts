/** Entry of the process that runs jobs. */
import {
  EvictingRedisError,
  startHeartbeat,
  unusableStoreExitCode,
} from '../platform/jobs/index.ts'
import { answerMetricsRequests } from '../platform/telemetry/index.ts'
import { runChild } from './child.ts'
import { openProcess } from './process.ts'
import { version } from './version.ts'

startHeartbeat(() => process.kill(process.pid, 'SIGTERM'))
await runChild('worker', version, async ({ settings, location, seen }) => {
  const { log, metrics } = seen
  answerMetricsRequests(metrics, process)
  const opened = await openProcess({ settings, location, log, metrics, eventLoopLagMs: () => 0 })
  opened.jobs.startRelay()
  try {
    await opened.jobs.startWorkers()
  } catch (error) {
    if (!(error instanceof EvictingRedisError)) throw error
    log.fatal(error.message)
    log.flush()
    process.exit(unusableStoreExitCode)
  }
  log.info('workers started')
  return {
    stop: async () => {
      const { isDrained, left } = await opened.jobs.drain(settings.shutdownTimeout / 2)
      if (!isDrained) log.warn('jobs were left running; they run again elsewhere', { left })
      await opened.close()
    },
  }
})
