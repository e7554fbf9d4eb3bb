/** What makes two requests the same one, whatever the order of keys and the white space in their bodies. */
import { createHmac } from 'node:crypto'

export type Fingerprinted = {
  readonly method: string
  /** The real path with its query. */
  readonly url: string
  readonly body: unknown
  readonly apiVersion: string
}

/** Keyed: a body that is easy to guess, such as a password, cannot be found by trying. */
export function fingerprintOf(request: Fingerprinted, secret: Buffer): Buffer {
  return createHmac('sha256', secret)
    .update(
      `${request.method}\n${request.url}\n${request.apiVersion}\n${canonicalJson(request.body)}`,
    )
    .digest()
}

function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (value !== null && typeof value === 'object') {
    const fields = Object.entries(value)
      .toSorted(([left], [right]) => (left < right ? -1 : 1))
      .map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`)
    return `{${fields.join(',')}}`
  }
  return JSON.stringify(value) ?? 'null'
}
