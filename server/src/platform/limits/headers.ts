/** The header fields in which a limit is announced. */
import type { Decision } from './policy.ts'

/**
 * `RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers-11, sections 3 and 4: structured fields,
 * RFC 9651), and with a refusal `Retry-After` in whole seconds, at least 1 (RFC 9110, 10.2.3; RFC 6585, 4).
 */
export function rateLimitHeaders(decision: Decision): Record<string, string> {
  const { policy, limit, windowSeconds, remaining, resetSeconds, isAllowed } = decision
  // Names of policies hold nothing that a structured string would have to escape.
  const headers: Record<string, string> = {
    'ratelimit-policy': `"${policy}";q=${limit};w=${windowSeconds}`,
    ratelimit: `"${policy}";r=${remaining};t=${resetSeconds}`,
  }
  if (!isAllowed) headers['retry-after'] = String(Math.max(1, resetSeconds))
  return headers
}
