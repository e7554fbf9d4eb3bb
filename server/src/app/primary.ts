/**
 * The first process: prepares the database, starts the others, watches them, and ends them in order.
 * With `WEB_CONCURRENCY` 1 it serves the API itself; with more, that many processes share the port. Jobs always run
 * in a process of their own, so that one that spins or eats all memory takes no request with it.
 */
import type { ChildProcess } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { offerInstaller } from '../features/admin/index.ts'
import { type Settings, createCtx } from '../platform/context.ts'
import {
  EvictingRedisError,
  type Supervised,
  lookAtRedis,
  superviseWorker,
} from '../platform/jobs/index.ts'
import type { Log, WorkerChannel } from '../platform/telemetry/index.ts'
import { systemActor } from './actors.ts'
import { announce } from './announce.ts'
import { type ApiCluster, startCluster } from './api-cluster.ts'
import { environmentFor } from './child.ts'
import { type Location, locateDatabase, prepareDatabase } from './database.ts'
import { startMetricsListener } from './metrics-listener.ts'
import { observe } from './observe.ts'
import { preload } from './preload.ts'
import { openProcess } from './process.ts'
import { serve } from './serve.ts'
import { version } from './version.ts'

/** Share of `SHUTDOWN_TIMEOUT` after which the worker process is killed; it lets its jobs run for half of it. */
const workerShare = 0.75
/** What ends a start whose Redis came up after the first look and turned out to drop jobs. */
const workerRefused =
  'the worker process refuses this Redis: it would drop jobs, set `maxmemory-policy noeviction`'
const workerEntry = fileURLToPath(new URL('./worker-process.ts', import.meta.url))

/** Runs until SIGTERM or SIGINT, then drains. Rejects when the start fails. `say` speaks to the person who started it. */
export async function runPrimary(settings: Settings, say: (line: string) => void): Promise<void> {
  const seen = await observe(settings, version, 'ashlar')
  const { log } = seen
  const stopping = waitForSignal()
  const refused = Promise.withResolvers<never>()
  // Only whoever waits for the end wants to know of it.
  refused.promise.catch(() => {})
  const closers: (() => Promise<void>)[] = [() => seen.close()]
  try {
    if (settings.redisUrl !== undefined && (await lookAtRedis(settings.redisUrl)) !== 'usable')
      log.warn('Redis does not answer yet; jobs wait in the database')
    const { location, embedded } = await locateDatabase(settings, {
      progress: say,
      log: (line) => log.info(line),
    })
    if (embedded) closers.push(() => embedded.stop())
    await prepareDatabase(settings, location)
    const installer = settings.roles.includes('api')
      ? await findInstaller(settings, location, log)
      : null
    const worker = settings.roles.includes('worker')
      ? startWorker(location, log, () => refused.reject(new EvictingRedisError(workerRefused)))
      : null
    if (worker) closers.push(() => worker.stop(settings.shutdownTimeout * workerShare))
    const api = settings.roles.includes('api') ? await startApi() : null
    if (api) closers.push(api.stop)
    const listener = await startMetricsListener(settings, seen, () => [
      ...(api?.workers() ?? []),
      ...channelTo(worker?.child() ?? null),
    ])
    if (listener) closers.push(listener.close)
    await embedded?.recordUrl(settings.publicUrl)
    announce(settings, { installer, hasEmbedded: embedded !== null }, say)
    log.info('started', { signal_to_stop: 'SIGTERM' })
    log.info('stopping', { signal: await Promise.race([stopping, refused.promise]) })

    async function startApi(): Promise<ApiCluster> {
      if (settings.webConcurrency > 1) return startCluster(settings, environmentFor(location), log)
      const serving = await serve(settings, location, seen)
      seen.guard(serving.stop)
      return { stop: serving.stop, workers: () => [] }
    }
  } finally {
    await endWithin(settings.shutdownTimeout, closers)
  }
}

/** A new installer link as long as there is no super admin. */
async function findInstaller(
  settings: Settings,
  location: Location,
  log: Log,
): Promise<string | null> {
  const { createMetrics } = await import('../platform/telemetry/index.ts')
  const opened = await openProcess({
    settings,
    location,
    log,
    metrics: createMetrics({ version }),
    eventLoopLagMs: () => 0,
  })
  try {
    const ctx = createCtx(opened.context, { actor: systemActor('start'), requestId: randomUUID() })
    const token = await ctx.tx(offerInstaller)
    return token === null ? null : `${settings.publicUrl}/setup#token=${token}`
  } finally {
    await opened.close()
  }
}

function startWorker(location: Location, log: Log, onRefused: () => void): Supervised {
  return superviseWorker({
    entry: workerEntry,
    execArgv: preload,
    env: environmentFor(location),
    onRefused,
    log: {
      info: (fields, message) => log.info(message, fields),
      warn: (fields, message) => log.warn(message, fields),
      error: (fields, message) => log.error(message, fields),
    },
  })
}

/** The worker process as the metrics listener asks it; its ids stay apart from those of the API processes. */
function channelTo(child: ChildProcess | null): WorkerChannel[] {
  if (!child?.pid) return []
  return [
    {
      id: -child.pid,
      isConnected: () => child.connected,
      send: (message) => child.send(message),
      on: (event, listener) => child.on(event, listener),
      off: (event, listener) => child.off(event, listener),
    },
  ]
}

function waitForSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve(signal))
  })
}

/** Closes in reverse order. What hangs is left behind after the time: the process ends either way. */
async function endWithin(
  seconds: number,
  closers: readonly (() => Promise<void>)[],
): Promise<void> {
  const deadline = setTimeout(() => process.exit(1), seconds * 1000)
  try {
    for (const close of closers.toReversed()) await close()
  } finally {
    clearTimeout(deadline)
  }
}
