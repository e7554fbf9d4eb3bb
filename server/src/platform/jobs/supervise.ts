/**
 * Runs the worker role in a child process that can be replaced: a job that spins, or eats all memory, ends its child
 * and nothing else. The queue store notices the lost jobs and counts them (`maxStalledCount`).
 */
import { fork, type ChildProcess } from 'node:child_process'
import { setTimeout as pause } from 'node:timers/promises'
import type { JobLog } from './error-log.ts'
import { isHeartbeat } from './heartbeat.ts'
import { unusableStoreExitCode } from './redis-eviction.ts'
import { settlesWithin } from './time-limit.ts'

/** Silence after which the child's event loop counts as stuck; more than any honest piece of computing takes. */
const defaultHeartbeatTimeoutSeconds = 30
/** Until the first sign of life: loading the code may take long on a busy machine. */
const startTimeoutSeconds = 60
const defaultMemoryMb = 1024
/** Resident memory over this multiple of the heap's limit ends the child: buffers live outside the heap. */
const residentFactor = 1.5
const checkMs = 500
/** Pause before a child is started anew; doubles up to the second number while children die young. */
const restartMs = 500
const restartMaxMs = 30_000
/** A child that lived this long was healthy. */
const healthyAfterMs = 60_000

export type SuperviseOptions = {
  /** A file that Node can run; it calls `startHeartbeat` and ends in good order on SIGTERM. */
  readonly entry: string | URL
  readonly args?: readonly string[]
  /** Options of Node itself, besides those of this process. */
  readonly execArgv?: readonly string[]
  /** The child's environment; the parent's unless given. */
  readonly env?: NodeJS.ProcessEnv
  readonly heartbeatTimeoutSeconds?: number
  /** Limit of the child's heap (`--max-old-space-size`); 1024 unless given. */
  readonly memoryMb?: number
  readonly log: JobLog
  /** Called for every end that nobody asked for. */
  readonly onLost?: (reason: string) => void
  /** Called when a child ended because the job store cannot be used as it is; no other is started. */
  readonly onRefused?: () => void
}

export type Supervised = {
  /** The child, to exchange messages with; null between two children. */
  child(): ChildProcess | null
  /** Asks the child to end (SIGTERM), kills it when it does not within the time, and starts no other. */
  stop(timeoutSeconds: number): Promise<void>
}

/** Starts the child and keeps one alive until `stop`. */
export function superviseWorker(options: SuperviseOptions): Supervised {
  const { log } = options
  const stopping = new AbortController()
  let child: ChildProcess | null = null

  async function keepAlive(): Promise<void> {
    let deaths = 0
    while (!stopping.signal.aborted) {
      const started = Date.now()
      child = start(options)
      const reason = await watch(child, options)
      child = null
      if (stopping.signal.aborted) return
      if (reason === `ended with code ${unusableStoreExitCode}`) return options.onRefused?.()
      deaths = Date.now() - started > healthyAfterMs ? 1 : deaths + 1
      const restartInMs = Math.min(restartMs * 2 ** (deaths - 1), restartMaxMs)
      log.error({ reason, restartInMs }, 'the worker process ended; starting another')
      options.onLost?.(reason)
      await pause(restartInMs, null, { signal: stopping.signal }).catch(() => {})
    }
  }

  const running = keepAlive()
  return {
    child: () => child,
    stop: async (timeoutSeconds) => {
      stopping.abort()
      child?.kill('SIGTERM')
      if (await settlesWithin(running, timeoutSeconds * 1000)) return
      child?.kill('SIGKILL')
      await running
    },
  }
}

function start({
  entry,
  args = [],
  execArgv = [],
  env,
  memoryMb = defaultMemoryMb,
}: SuperviseOptions): ChildProcess {
  return fork(entry, args, {
    execArgv: [...process.execArgv, ...execArgv, `--max-old-space-size=${memoryMb}`],
    ...(env ? { env } : {}),
  })
}

/** Resolves with the reason when the child has ended, by itself or by our hand. */
async function watch(child: ChildProcess, options: SuperviseOptions): Promise<string> {
  const timeoutMs = (options.heartbeatTimeoutSeconds ?? defaultHeartbeatTimeoutSeconds) * 1000
  const residentMax = (options.memoryMb ?? defaultMemoryMb) * residentFactor * 1024 * 1024
  let quietUntil = Date.now() + startTimeoutSeconds * 1000
  let verdict: string | null = null
  const kill = (reason: string) => {
    verdict ??= reason
    child.kill('SIGKILL')
  }
  child.on('message', (message) => {
    if (!isHeartbeat(message)) return
    quietUntil = Date.now() + timeoutMs
    if (message.residentBytes > residentMax) kill('used too much memory')
  })
  const timer = setInterval(() => {
    if (Date.now() > quietUntil) kill('its event loop stood still')
  }, checkMs)
  return new Promise((resolve) => {
    const end = (reason: string) => {
      clearInterval(timer)
      resolve(verdict ?? reason)
    }
    child.once('exit', (code, signal) => end(`ended with ${signal ?? `code ${code}`}`))
    child.once('error', (error) => end(`could not be started: ${error.message}`))
  })
}
