/** The `traceparent` header: which trace a call belongs to (W3C Trace Context level 1). */

export type TraceParent = {
  /** 32 lower-case hexadecimal digits, not all zero. */
  readonly traceId: string
  /** 16 lower-case hexadecimal digits, not all zero: the caller's span. */
  readonly parentId: string
  /** 0 to 255; bit 0 says that the caller records this trace. */
  readonly flags: number
}

const format = /^([\da-f]{2})-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})(-.*)?$/
const zeroTrace = '0'.repeat(32)
const zeroParent = '0'.repeat(16)
const sampled = 1

/**
 * Reads the header; null when it is missing, repeated or malformed, and then a new trace is to be started (§3.2.2).
 * Versions that do not exist yet are read like version 00, whatever follows.
 */
export function parseTraceparent(
  header: string | readonly string[] | undefined,
): TraceParent | null {
  if (typeof header !== 'string') return null
  const match = format.exec(header)
  if (!match) return null
  const [, version, traceId, parentId, flags, rest] = match
  if (!traceId || !parentId || !flags) return null
  if (version === 'ff' || (version === '00' && rest !== undefined)) return null
  if (traceId === zeroTrace || parentId === zeroParent) return null
  return { traceId, parentId, flags: Number.parseInt(flags, 16) }
}

/**
 * The header for what happens on behalf of `parent`: the same trace and a new span. Without a parent, the trace that
 * this process records, or else a new one that nobody does. Flags that this version does not define are not passed on
 * (§4.3).
 */
export function childTraceparent(
  parent: TraceParent | null,
  recordedTraceId: string | null = null,
): { readonly header: string; readonly traceId: string } {
  const traceId = recordedTraceId ?? parent?.traceId ?? randomHex() + randomHex()
  const flags = parent && (parent.flags & sampled) === sampled ? '01' : '00'
  return { header: `00-${traceId}-${randomHex()}-${flags}`, traceId }
}

const hexOfByte = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/** 16 digits, never all zero. Ids must be unique, not secret, so the fast generator will do. */
function randomHex(): string {
  return (
    hexOf((Math.random() * 0x1_0000_0000) | 0 || 1) + hexOf((Math.random() * 0x1_0000_0000) | 0)
  )
}

function hexOf(bits: number): string {
  const [a, b, c, d] = [bits >>> 24, (bits >>> 16) & 255, (bits >>> 8) & 255, bits & 255]
  return `${hexOfByte[a]}${hexOfByte[b]}${hexOfByte[c]}${hexOfByte[d]}`
}
