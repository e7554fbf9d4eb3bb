/** Entry of an API process: one of `WEB_CONCURRENCY` that share the port. */
import { answerMetricsRequests } from '../platform/telemetry/index.ts'
import { runChild } from './child.ts'
import { serve } from './serve.ts'
import { version } from './version.ts'

await runChild('api', version, async ({ settings, location, seen }) => {
  answerMetricsRequests(seen.metrics, process)
  return serve(settings, location, seen)
})
