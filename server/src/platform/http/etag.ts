/** Conditional changes: a resource's version as its ETag, and `If-Match` (RFC 9110, section 13). */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { httpErrors } from './errors.ts'

/** Sets the strong ETag of a resource with this version number. */
export function sendEtag(reply: FastifyReply, version: number): void {
  void reply.header('etag', `"${version}"`)
}

/**
 * The version a change is meant for; null when the client does not say. Throws `http.precondition_failed` for an
 * `If-Match` that can never match. `*` asks only that the resource exists.
 */
export function expectedVersion(request: FastifyRequest): number | null {
  const header = request.headers['if-match']
  if (header === undefined || header === '*') return null
  const match = /^"(\d{1,9})"$/.exec(header)
  if (!match) throw httpErrors.precondition_failed()
  return Number(match[1])
}
