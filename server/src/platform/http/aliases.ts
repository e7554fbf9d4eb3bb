/**
 * One spelling for every path, decided before routing: `/api/…` without a version and `/v1/…` are rewritten to
 * `/api/v1/…`, so that guards, limits and metrics see a single address.
 */

export const basePath = '/api/v1'
/** Since when the aliases are deprecated (RFC 9745: a date as seconds). */
const deprecatedSince = '@1795219200'

export type Rewritten = { readonly url: string; readonly isAlias: boolean }

/** The real path of a request target; query and everything behind it stay as they are. */
export function canonicalUrl(url: string): Rewritten {
  if (isBelow(url, basePath)) return { url, isAlias: false }
  if (isBelow(url, '/api')) return { url: basePath + url.slice('/api'.length), isAlias: true }
  if (isBelow(url, '/v1')) return { url: basePath + url.slice('/v1'.length), isAlias: true }
  return { url, isAlias: false }
}

/** Headers that tell a client of an alias where the real path is (RFC 9745, RFC 8288). */
export function deprecationHeaders(url: string): Record<string, string> {
  const end = url.indexOf('?')
  const path = end === -1 ? url : url.slice(0, end)
  // A path is put into a header: only characters that cannot end the quoted part get there.
  const safe = path.replace(/[^\w\-./~%:@!$&'()*+,;=]/g, '')
  return { deprecation: deprecatedSince, link: `<${safe}>; rel="successor-version"` }
}

function isBelow(url: string, prefix: string): boolean {
  if (!url.startsWith(prefix)) return false
  const next = url[prefix.length]
  return next === undefined || next === '/' || next === '?'
}
