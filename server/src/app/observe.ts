/** What one process tells about itself: log, metrics, traces and error reports, by the settings. */
import type { Settings } from '../platform/context.ts'
import {
  type ErrorSink,
  type Log,
  type Metrics,
  type Tracing,
  createMetrics,
  guardProcess,
  openErrorSink,
  openLog,
  startTracing,
} from '../platform/telemetry/index.ts'

export type Observation = {
  readonly log: Log
  readonly metrics: Metrics
  readonly tracing: Tracing | null
  readonly sink: ErrorSink | null
  /** Calls `drain` when something fails that nobody caught, then ends the process with code 1. */
  guard(drain: () => Promise<void>): void
  close(): Promise<void>
}

/** Time for the last reports to leave. */
const flushTimeoutMs = 2_000

export async function observe(
  settings: Settings,
  version: string,
  name: string,
): Promise<Observation> {
  const endpoint = settings.otelExporterOtlpEndpoint
  const tracing =
    endpoint === undefined
      ? null
      : await startTracing({
          endpoint,
          serviceName: settings.otelServiceName,
          version,
          environment: settings.nodeEnv,
        })
  const sink =
    settings.sentryDsn === undefined
      ? null
      : await openErrorSink({
          dsn: settings.sentryDsn,
          environment: settings.sentryEnvironment ?? settings.nodeEnv,
          release: version,
        })
  const log = openLog({
    level: settings.logLevel,
    name,
    version,
    logDir: settings.logDir,
    pretty: process.stdout.isTTY === true,
    traceIdOf: tracing ? () => tracing.traceIdOf() : undefined,
  })
  const metrics = createMetrics({ version, hasProcessMetrics: true })
  let unguard: (() => void) | null = null
  return {
    log,
    metrics,
    tracing,
    sink,
    guard: (drain) => {
      unguard = guardProcess({
        log,
        onFatal: async (error) => {
          sink?.capture(error)
          await drain()
        },
      })
    },
    close: async () => {
      await tracing?.shutdown(flushTimeoutMs)
      await sink?.close(flushTimeoutMs)
      unguard?.()
      await log.close()
    },
  }
}
