/** The fixed headers of every answer, and CORS by allow-list (Fetch standard, section 3.2). */
import type { FastifyReply, FastifyRequest } from 'fastify'

/** An API answers with data: nothing in it may load, frame or run anything. */
const apiPolicy =
  "default-src 'none'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'none'"

/** Security headers of every answer, errors included (OWASP ASVS 5.0, 3.4). */
export const securityHeaders: Readonly<Record<string, string>> = {
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'content-security-policy': apiPolicy,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'x-permitted-cross-domain-policies': 'none',
  'cache-control': 'no-store',
  vary: 'Origin',
}

/** Seconds for which a browser may remember a preflight. */
const preflightMaxAgeSeconds = 600
const allowedMethods = 'GET, POST, PUT, PATCH, DELETE'
const allowedHeaders =
  'authorization, content-type, idempotency-key, if-match, x-csrf-token, x-request-id, traceparent, x-admin-mfa-code'
const exposedHeaders =
  'x-request-id, etag, link, retry-after, ratelimit, ratelimit-policy, idempotent-replayed, deprecation, traceparent'

/** Adds CORS headers for an allowed origin. Returns true when the request was a preflight and is now answered. */
export function answerCors(
  request: FastifyRequest,
  reply: FastifyReply,
  allowed: ReadonlySet<string>,
): boolean {
  const { origin } = request.headers
  if (origin === undefined) return false
  const isAllowed = allowed.has(origin)
  if (isAllowed)
    void reply.headers({
      'access-control-allow-origin': origin,
      'access-control-allow-credentials': 'true',
      'access-control-expose-headers': exposedHeaders,
      'cross-origin-resource-policy': 'cross-origin',
    })
  if (
    request.method !== 'OPTIONS' ||
    request.headers['access-control-request-method'] === undefined
  )
    return false
  if (isAllowed)
    void reply.headers({
      'access-control-allow-methods': allowedMethods,
      'access-control-allow-headers': allowedHeaders,
      'access-control-max-age': String(preflightMaxAgeSeconds),
    })
  void reply.code(204).send()
  return true
}
