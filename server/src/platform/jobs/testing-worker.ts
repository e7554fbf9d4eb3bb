/** A worker process for tests, for the jobs of one queue: `node testing-worker.ts QUEUE DATABASE_URL [REDIS_URL]`. */
import { startHeartbeat } from './heartbeat.ts'
import { processJobs } from './testing-jobs.ts'
import { openSystem } from './testing-system.ts'

const [, , queue = '', databaseUrl = '', redisUrl] = process.argv
const types = processJobs.filter((type) => type.policy.queue === queue)
const system = openSystem(
  { databaseUrl, redisUrl: redisUrl ?? null },
  types,
  // The others hear soon of a process that was killed.
  { lockSeconds: 1 },
)

async function end(): Promise<void> {
  await system.jobs.drain(1)
  await system.close()
  process.exit(0)
}
const stop = () => void end()
startHeartbeat(stop)
process.once('SIGTERM', stop)
system.jobs.startRelay()
await system.jobs.startWorkers()
