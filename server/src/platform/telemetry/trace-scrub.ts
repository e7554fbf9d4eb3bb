/** Takes secrets out of spans before they leave the process: instruments copy URLs and error messages as they are. */
import type { Attributes } from '@opentelemetry/api'
import type { SpanProcessor } from '@opentelemetry/sdk-trace-node'
import { redactPath, redactText } from './redact-text.ts'

const addresses = new Set(['url.full', 'url.path', 'http.url', 'http.target', 'url.query'])

/** A processor that scrubs each finished span and hands it on to `next`. */
export function scrubbed(next: SpanProcessor): SpanProcessor {
  return {
    onStart: (span, parent) => next.onStart(span, parent),
    onEnd(span) {
      scrub(span.attributes)
      for (const event of span.events) if (event.attributes) scrub(event.attributes)
      if (span.status.message) span.status.message = redactText(span.status.message)
      next.onEnd(span)
    },
    forceFlush: () => next.forceFlush(),
    shutdown: () => next.shutdown(),
  }
}

function scrub(attributes: Attributes): void {
  for (const [key, value] of Object.entries(attributes)) {
    if (key === 'url.query') delete attributes[key]
    else if (typeof value === 'string') {
      attributes[key] = addresses.has(key) ? safeAddress(value) : redactText(value)
    } else if (Array.isArray(value)) {
      attributes[key] = value.map((item) => redactText(String(item)))
    }
  }
}

/** The address without its query; segments that long are tokens more often than names. */
export function safeAddress(address: string): string {
  const end = address.search(/[?#]/)
  const path = end === -1 ? address : address.slice(0, end)
  return redactPath(path)
}
