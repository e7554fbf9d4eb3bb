/** One process that answers requests: opened, listening, and drained in order. */
import { setTimeout as pause } from 'node:timers/promises'
import type { Settings } from '../platform/context.ts'
import type { App } from '../platform/http/index.ts'
import { type EventLoopWatch, watchEventLoop } from '../platform/telemetry/index.ts'
import type { Location } from './database.ts'
import type { Observation } from './observe.ts'
import { type Process, openProcess } from './process.ts'

export type Serving = {
  /** Stops taking requests, finishes those under way, and lets go of everything. */
  stop(): Promise<void>
}

/**
 * In production a balancer needs a moment to read `/readyz` before the door closes: two probes a second apart, and
 * a margin. Elsewhere nobody probes.
 */
const drainNoticeMs = { production: 3_000, otherwise: 0 } as const

export async function serve(
  settings: Settings,
  location: Location,
  seen: Observation,
): Promise<Serving> {
  const { log, metrics, tracing, sink } = seen
  let eventLoop: EventLoopWatch | null = null
  const opened = await openProcess({
    settings,
    location,
    log,
    metrics,
    eventLoopLagMs: () => eventLoop?.lagMs() ?? 0,
    onFailure: (error, requestId) => sink?.capture(error, { requestId }),
    ...(tracing
      ? {
          traceIdOf: () => tracing.traceIdOf(),
          instrument: async (app) => {
            await app.register(tracing.fastifyPlugin)
          },
        }
      : {}),
  })
  const app = await listen(opened, settings).catch(async (error: unknown) => {
    // What is held open would keep the process that says why it did not start.
    await opened.close()
    throw error
  })
  // Only now: what the start computed keeps no request waiting.
  eventLoop = watchEventLoop()
  // Jobs that a request wanted are handed over from here; they run in the worker process.
  opened.jobs.startRelay()
  log.info('listening', { host: settings.host, port: settings.port })
  return {
    stop: async () => {
      opened.startDraining()
      await pause(settings.isProduction ? drainNoticeMs.production : drainNoticeMs.otherwise)
      await app.close()
      eventLoop?.close()
      await opened.close()
      log.info('drained')
    },
  }
}

async function listen(opened: Process, settings: Settings): Promise<App> {
  const app = await opened.openApp()
  await app.listen({ host: settings.host, port: settings.port })
  return app
}
