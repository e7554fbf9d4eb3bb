/** The door to telemetry: the log, the metrics, traces, error reports, and what happens when nobody caught it. */
export { watchEventLoop, type EventLoopWatch } from './event-loop.ts'
export { openErrorSink, type ErrorPlace, type ErrorSink } from './errors-sink.ts'
export { openLog, type Log, type LogContext, type LogLevel, type LogOptions } from './log.ts'
export type { RequestLine } from './log-request.ts'
export type { ReconciliationFigures } from './money-metrics.ts'
export {
  createMetrics,
  type AuthOutcome,
  type AuthType,
  type Metrics,
  type RenderedMetrics,
} from './metrics.ts'
export { answerMetricsRequests, collectFromWorkers, type WorkerChannel } from './metrics-cluster.ts'
export { createTokenCheck, serveMetrics, type MetricsServer } from './metrics-server.ts'
export { guardProcess } from './process-guards.ts'
export { redactFields, redactValue } from './redact.ts'
export { redactText } from './redact-text.ts'
export type { HttpRoute } from './request-metrics.ts'
export { childTraceparent, parseTraceparent, type TraceParent } from './trace-context.ts'
export { startTracing, type Tracing } from './tracing.ts'
export type {
  AlertFigures,
  JobFigure,
  JobReader,
  LedgerFigures,
  PoolReader,
} from './watched-metrics.ts'
