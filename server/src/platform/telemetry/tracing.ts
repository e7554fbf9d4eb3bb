/**
 * OpenTelemetry tracing. Its packages are loaded when tracing starts and not before: a process without a collector
 * pays nothing for it.
 */
import type { FastifyPluginCallback } from 'fastify'
import { createRequire } from 'node:module'
import { traceFetch } from './trace-fetch.ts'
import { scrubbed } from './trace-scrub.ts'

export type TracingOptions = {
  /** Base URL of an OTLP collector, to which `/v1/traces` is added (OTLP over HTTP, JSON). */
  readonly endpoint: string
  readonly serviceName: string
  readonly version: string
  readonly environment?: string
  /** Share of the traces begun here that is recorded, 0 to 1; a caller's decision is followed. */
  readonly sampleRatio?: number
}

export type Tracing = {
  /** The trace that the running code belongs to. */
  traceIdOf(): string | null
  /** To be registered on the application before any route: names the request's span after its route. */
  readonly fastifyPlugin: FastifyPluginCallback
  /** Sends what is left, waiting `timeoutMs` at most, and takes every instrument off again. */
  shutdown(timeoutMs?: number): Promise<void>
}

/** Spans wait this long for others to be sent along. */
const batchDelayMs = 2_000
const maxWaitingSpans = 4_096
const exportTimeoutMs = 10_000

/**
 * Starts tracing of incoming and outgoing HTTP, fetch and PostgreSQL, in this process, until `shutdown`. Modules that
 * are loaded already are traced too. A collector that does not answer loses spans and disturbs nothing else.
 */
export async function startTracing(options: TracingOptions): Promise<Tracing> {
  const [api, sdk, { resourceFromAttributes }, { OTLPTraceExporter }, instruments] =
    await Promise.all([
      import('@opentelemetry/api'),
      import('@opentelemetry/sdk-trace-node'),
      import('@opentelemetry/resources'),
      import('@opentelemetry/exporter-trace-otlp-http'),
      loadInstruments(),
    ])
  const exporter = new OTLPTraceExporter({
    url: tracesUrl(options.endpoint),
    timeoutMillis: exportTimeoutMs,
  })
  const batch = new sdk.BatchSpanProcessor(exporter, {
    scheduledDelayMillis: batchDelayMs,
    maxQueueSize: maxWaitingSpans,
    exportTimeoutMillis: exportTimeoutMs,
  })
  const provider = new sdk.NodeTracerProvider({
    resource: resourceFromAttributes({
      'service.name': options.serviceName,
      'service.version': options.version,
      'deployment.environment.name': options.environment ?? 'development',
    }),
    sampler: new sdk.ParentBasedSampler({
      root: new sdk.TraceIdRatioBasedSampler(options.sampleRatio ?? 1),
    }),
    spanProcessors: [scrubbed(batch)],
  })
  provider.register()
  for (const instrument of instruments.all) {
    instrument.setTracerProvider(provider)
    instrument.enable()
  }
  patchLoadedModules()
  const stopFetch = traceFetch(api, provider.getTracer('ashlar'))

  return {
    traceIdOf: () => api.trace.getActiveSpan()?.spanContext().traceId ?? null,
    fastifyPlugin: instruments.fastify.plugin(),
    async shutdown(timeoutMs = 5_000) {
      stopFetch()
      for (const instrument of instruments.all) instrument.disable()
      api.trace.disable()
      api.context.disable()
      api.propagation.disable()
      await inTime(provider.shutdown(), timeoutMs)
    },
  }
}

async function loadInstruments() {
  const [{ HttpInstrumentation }, { PgInstrumentation }, { FastifyOtelInstrumentation }] =
    await Promise.all([
      import('@opentelemetry/instrumentation-http'),
      import('@opentelemetry/instrumentation-pg'),
      import('@fastify/otel'),
    ])
  const fastify = new FastifyOtelInstrumentation({
    // A span per hook and handler costs more than it tells.
    instrumentHooks: false,
    instrumentHandler: false,
    recordExceptions: true,
  })
  const http = new HttpInstrumentation()
  // A statement outside any request or job is the platform polling.
  const pg = new PgInstrumentation({ requireParentSpan: true })
  return { fastify, all: [http, pg, fastify] }
}

/** Instruments act when a module is asked for, so it is asked for, whether or not somebody had it before. */
function patchLoadedModules(): void {
  const require = createRequire(import.meta.url)
  for (const name of ['node:http', 'node:https', 'pg']) require(name)
}

function tracesUrl(endpoint: string): string {
  const base = endpoint.replace(/\/+$/, '')
  return base.endsWith('/v1/traces') ? base : `${base}/v1/traces`
}

/** What is not done by then is given up, and so is a failure to send: there is nobody left to tell. */
async function inTime(work: Promise<void>, timeoutMs: number): Promise<void> {
  const timeout = Promise.withResolvers<void>()
  const timer = setTimeout(timeout.resolve, timeoutMs)
  await Promise.race([work.catch(() => undefined), timeout.promise])
  clearTimeout(timer)
}
