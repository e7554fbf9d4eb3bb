/** Spans and the `traceparent` header for `fetch`, told by the diagnostics channels of Node's HTTP client (undici). */
import type { Span, Tracer } from '@opentelemetry/api'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { safeAddress } from './trace-scrub.ts'

type Api = typeof import('@opentelemetry/api')

/** What undici says about a request that is about to be sent. */
type OutgoingRequest = {
  readonly origin: string | URL
  readonly path: string
  readonly method: string
  addHeader(name: string, value: string): unknown
}

/** Traces every `fetch` of the process until the returned function is called. */
export function traceFetch(api: Api, tracer: Tracer): () => void {
  const open = new WeakMap<object, Span>()

  const onCreate = (message: unknown) => {
    const request = requestOf(message)
    if (!request || !isOutgoing(request)) return
    const { origin, path, method } = request
    const span = tracer.startSpan(method, {
      kind: api.SpanKind.CLIENT,
      attributes: {
        'http.request.method': method,
        'url.full': safeAddress(`${String(origin)}${path}`),
        'server.address': new URL(origin).hostname,
      },
    })
    open.set(request, span)
    if (hasTraceparent(request)) return
    const context = api.trace.setSpan(api.context.active(), span)
    const headers: Record<string, string> = {}
    api.propagation.inject(context, headers)
    for (const [name, value] of Object.entries(headers)) request.addHeader(name, value)
  }
  const onHeaders = (message: unknown) => {
    const status = statusOf(message)
    const span = spanOf(message)
    span?.setAttribute('http.response.status_code', status)
    if (status >= 400) span?.setStatus({ code: api.SpanStatusCode.ERROR })
  }
  const onEnd = (message: unknown) => {
    spanOf(message)?.end()
  }
  const onError = (message: unknown) => {
    const span = spanOf(message)
    const error = field(message, 'error')
    if (error instanceof Error) span?.recordException(error)
    span?.setStatus({ code: api.SpanStatusCode.ERROR })
    span?.end()
  }
  const spanOf = (message: unknown) => {
    const request = requestOf(message)
    return request ? open.get(request) : undefined
  }

  const listeners = {
    'undici:request:create': onCreate,
    'undici:request:headers': onHeaders,
    'undici:request:trailers': onEnd,
    'undici:request:error': onError,
  }
  for (const [channel, listener] of Object.entries(listeners)) subscribe(channel, listener)
  return () => {
    for (const [channel, listener] of Object.entries(listeners)) unsubscribe(channel, listener)
  }
}

function requestOf(message: unknown): object | null {
  const request = field(message, 'request')
  return typeof request === 'object' ? request : null
}

function statusOf(message: unknown): number {
  return Number(field(field(message, 'response'), 'statusCode'))
}

/** A second header would make both invalid (W3C Trace Context §3.2). */
function hasTraceparent(request: object): boolean {
  return String(field(request, 'headers')).toLowerCase().includes('traceparent')
}

function isOutgoing(request: object): request is OutgoingRequest {
  return (
    typeof field(request, 'addHeader') === 'function' &&
    typeof field(request, 'path') === 'string' &&
    typeof field(request, 'method') === 'string' &&
    URL.canParse(String(field(request, 'origin')))
  )
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}
