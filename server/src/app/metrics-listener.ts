/** `/metrics` on its own port: the figures of this process and of those it started, added up. */
import type { Worker } from 'node:cluster'
import type { Settings } from '../platform/context.ts'
import {
  type MetricsServer,
  collectFromWorkers,
  serveMetrics,
} from '../platform/telemetry/index.ts'
import type { Observation } from './observe.ts'

/** Starts listening. Outside production a taken port is only worth a warning: a second server may run beside. */
export async function startMetricsListener(
  settings: Settings,
  { metrics, log }: Observation,
  workers: () => readonly Worker[],
): Promise<MetricsServer | null> {
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
