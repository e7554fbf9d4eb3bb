/** Several API processes on one port: started, replaced when they die, drained together. */
import cluster, { type Worker } from 'node:cluster'
import { fileURLToPath } from 'node:url'
import { setTimeout as pause } from 'node:timers/promises'
import type { Settings } from '../platform/context.ts'
import type { Log } from '../platform/telemetry/index.ts'
import { preload } from './preload.ts'

export type ApiCluster = {
  readonly workers: () => readonly Worker[]
  readonly stop: () => Promise<void>
}

const entry = fileURLToPath(new URL('./api-process.ts', import.meta.url))
/** Pause before a dead process is replaced; doubles up to the second number while they keep dying. */
const restartMs = 500
const restartMaxMs = 30_000

/** Resolves when all of them listen; rejects when one dies before. */
export async function startCluster(
  settings: Settings,
  env: NodeJS.ProcessEnv,
  log: Log,
): Promise<ApiCluster> {
  cluster.setupPrimary({ exec: entry, execArgv: [...process.execArgv, ...preload], args: [] })
  const living = new Set<Worker>()
  let isStopping = false
  let deaths = 0

  const start = () =>
    new Promise<void>((resolve, reject) => {
      const worker = cluster.fork(env)
      living.add(worker)
      worker.once('listening', () => {
        deaths = 0
        resolve()
      })
      worker.once('exit', (code, signal) => {
        living.delete(worker)
        reject(new Error(`an API process ended before it listened (${signal ?? `code ${code}`})`))
        if (!isStopping) void replace(worker, signal ?? `code ${code}`)
      })
    })
  const replace = async (worker: Worker, reason: string) => {
    deaths += 1
    const restartInMs = Math.min(restartMs * 2 ** (deaths - 1), restartMaxMs)
    log.error('an API process ended; starting another', {
      pid: worker.process.pid,
      reason,
      restartInMs,
    })
    await pause(restartInMs)
    // Its own end is handled like this one's.
    if (!isStopping) await start().catch(() => {})
  }

  try {
    await Promise.all(Array.from({ length: settings.webConcurrency }, start))
  } catch (error) {
    isStopping = true
    for (const worker of living) worker.kill('SIGTERM')
    throw error
  }
  return {
    workers: () => [...living],
    stop: async () => {
      isStopping = true
      await Promise.all(
        [...living].map(
          (worker) =>
            new Promise<void>((resolve) => {
              worker.once('exit', () => resolve())
              worker.process.kill('SIGTERM')
            }),
        ),
      )
    },
  }
}
