/** `/metrics` on its own port: the figures of this process and of those it started, added up. */
import type { Settings } from '../platform/context.ts'
import { accessErrors } from '../platform/http/errors.ts'
import type { App } from '../platform/http/index.ts'
import {
  type Metrics,
  type MetricsServer,
  type RenderedMetrics,
  type WorkerChannel,
  collectFromWorkers,
  createTokenCheck,
  serveMetrics,
} from '../platform/telemetry/index.ts'
import type { Observation } from './observe.ts'

export type PublicMetrics = {
  readonly isAllowed: (authorization: string | undefined) => boolean
  readonly render: () => Promise<RenderedMetrics>
}

/** Set when `METRICS_PORT` is `PORT`: then one process serves both, and the token is the lock. */
export function publicMetricsOf(settings: Settings, metrics: Metrics): PublicMetrics | null {
  if (settings.metricsPort !== settings.port) return null
  return { isAllowed: createTokenCheck(settings.metricsToken), render: metrics.render }
}

export async function publicMetricsRoute(app: App, { isAllowed, render }: PublicMetrics) {
  app.get('/metrics', {
    config: { public: true, isBare: true },
    handler: async (request, reply) => {
      if (!isAllowed(request.headers.authorization)) throw accessErrors.unauthenticated()
      const { contentType, body } = await render()
      return reply.type(contentType).send(body)
    },
  })
}

/** Starts listening, unless the API's port serves them. Outside production a taken port is only worth a warning: a second server may run beside. */
export async function startMetricsListener(
  settings: Settings,
  { metrics, log }: Observation,
  workers: () => readonly WorkerChannel[],
): Promise<MetricsServer | null> {
  if (settings.metricsPort === settings.port) return null
  try {
    return await serveMetrics({
      host: settings.metricsHost,
      port: settings.metricsPort,
      token: settings.metricsToken,
      render: collectFromWorkers({ workers, own: metrics }),
    })
  } catch (error) {
    if (settings.isProduction || (error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
    log.warn('metrics are not served: the port is taken', { port: settings.metricsPort })
    return null
  }
}
