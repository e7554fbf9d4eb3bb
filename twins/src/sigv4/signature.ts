/** The arithmetic of AWS Signature Version 4: canonical forms, keys and comparisons. */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto'

export type Scope = { date: string; region: string; service: string }

export type SignedParts = {
  method: string
  /** Decoded; encoded once and never normalised, as S3 wants it; the path of other services is a single slash here. */
  path: string
  query: readonly (readonly [name: string, value: string])[]
  headers: ReadonlyMap<string, string>
  signedHeaders: readonly string[]
  payloadHash: string
}

export function canonicalRequest(parts: SignedParts): string {
  const query = parts.query
    .map(([name, value]) => [encode(name), encode(value)] as const)
    .sort(([a, x], [b, y]) => compare(a, b) || compare(x, y))
    .map(([name, value]) => `${name}=${value}`)
    .join('&')
  const headers = parts.signedHeaders.map(
    (name) => `${name}:${(parts.headers.get(name) ?? '').trim().replaceAll(/[ \t]+/g, ' ')}\n`,
  )
  return [
    parts.method,
    parts.path.split('/').map(encode).join('/'),
    query,
    headers.join(''),
    parts.signedHeaders.join(';'),
    parts.payloadHash,
  ].join('\n')
}

export function requestStringToSign(timestamp: string, scope: Scope, canonical: string): string {
  return ['AWS4-HMAC-SHA256', timestamp, scopeText(scope), sha256Hex(canonical)].join('\n')
}

/** One link in the chain of signatures over an aws-chunked body. */
export function chunkStringToSign(
  timestamp: string,
  scope: Scope,
  previousSignature: string,
  chunk: Uint8Array,
): string {
  const lines = ['AWS4-HMAC-SHA256-PAYLOAD', timestamp, scopeText(scope), previousSignature]
  return [...lines, sha256Hex(''), sha256Hex(chunk)].join('\n')
}

export function trailerStringToSign(
  timestamp: string,
  scope: Scope,
  previousSignature: string,
  trailer: string,
): string {
  const lines = ['AWS4-HMAC-SHA256-TRAILER', timestamp, scopeText(scope), previousSignature]
  return [...lines, sha256Hex(trailer)].join('\n')
}

export function deriveSigningKey(secretAccessKey: string, scope: Scope): Buffer {
  const start = hmac(`AWS4${secretAccessKey}`, scope.date)
  return hmac(hmac(hmac(start, scope.region), scope.service), 'aws4_request')
}

export function sign(key: Buffer, stringToSign: string): string {
  return hmac(key, stringToSign).toString('hex')
}

/** Compares in constant time; a signature of another length is simply wrong. */
export function isSameSignature(expected: string, given: string): boolean {
  const [a, b] = [Buffer.from(expected), Buffer.from(given)]
  return a.length === b.length && timingSafeEqual(a, b)
}

export function sha256Hex(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex')
}

function scopeText(scope: Scope): string {
  return `${scope.date}/${scope.region}/${scope.service}/aws4_request`
}

function hmac(key: string | Buffer, data: string): Buffer {
  return createHmac('sha256', key).update(data).digest()
}

function encode(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

function compare(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
