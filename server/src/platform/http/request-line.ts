/** The first line of a request: its path, and whether it can have a meaning at all. */
import type { FastifyRequest } from 'fastify'
import { hasOddCharacters } from './body.ts'

const maxUrlLength = 8_192

/** Too long, not decodable, with characters nobody may send, or without a host. */
export function isOdd(request: FastifyRequest): boolean {
  return request.url.length > maxUrlLength || hasOddPath(request.url) || lacksHost(request)
}

/** The path without its query. */
export function pathOf(url: string): string {
  const end = url.indexOf('?')
  return end === -1 ? url : url.slice(0, end)
}

/** RFC 9112, section 3.2: since HTTP/1.1 a request names its host. */
const lacksHost = ({ headers, raw }: FastifyRequest) =>
  headers.host === undefined && raw.httpVersion === '1.1'

/** PostgreSQL cannot hold U+0000, and a path that does not decode has no second reading. */
function hasOddPath(url: string): boolean {
  if (!url.includes('%')) return false
  try {
    return hasOddCharacters(decodeURIComponent(url.replaceAll('+', ' ')))
  } catch {
    return true
  }
}
