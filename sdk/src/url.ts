/** Addresses: the parts of a path and the fields of a query, written so that no value can become another path. */

/** `/users/{id}` with the id in its place. */
export function urlOf(
  baseUrl: string,
  path: string,
  values: Readonly<Record<string, string>> = {},
): string {
  const filled = path.replace(/\{(\w+)\}/g, (_part, name: string) => {
    const value = values[name]
    // Dots alone would be taken for a step up, by the browser, before anything is sent.
    if (value === undefined || /^\.{0,2}$/.test(value))
      throw new TypeError(`"${name}" of ${path} must be a text that is a part of a path`)
    return encodeURIComponent(value)
  })
  return baseUrl + filled
}

/** `?limit=20&role=a&role=b`; fields without a value are left out. */
export function queryOf(query: Readonly<Record<string, unknown>> = {}): string {
  const fields = new URLSearchParams()
  for (const [name, value] of Object.entries(query))
    for (const one of Array.isArray(value) ? value : [value])
      if (one !== undefined && one !== null) fields.append(name, String(one))
  const text = fields.toString()
  return text === '' ? '' : `?${text}`
}
