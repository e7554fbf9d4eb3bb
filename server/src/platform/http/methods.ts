/** Which methods an address answers to: only asked once nothing matched, to tell 405 from 404. */

export type RoutePattern = { readonly url: string; readonly methods: readonly string[] }

/** The methods of every pattern that matches this path, for the `Allow` header. */
export function methodsOf(patterns: readonly RoutePattern[], path: string): readonly string[] {
  const parts = path.split('/')
  const found = patterns
    .filter(({ url }) => matches(url.split('/'), parts))
    .flatMap(({ methods }) => methods)
  return [...new Set(found)].toSorted()
}

function matches(pattern: readonly string[], parts: readonly string[]): boolean {
  if (pattern.at(-1) === '*') {
    const fixed = pattern.slice(0, -1)
    return parts.length >= pattern.length && matches(fixed, parts.slice(0, fixed.length))
  }
  return (
    pattern.length === parts.length &&
    pattern.every((part, index) =>
      part.startsWith(':') ? parts[index] !== '' : part === parts[index],
    )
  )
}
