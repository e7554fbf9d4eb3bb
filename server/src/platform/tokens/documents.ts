/** Documents that were signed to last (JWS, RFC 7515): read long after, when their keys sign no more. */
import { createHmac, verify } from 'node:crypto'
import { isSame } from '../secrets.ts'
import type { Verifier } from './ring.ts'

/** The content of a document, and the key that signed it; null for what is no document of this type and ours. */
export type DocumentReader = (
  type: string,
  document: string,
) => { readonly kid: string; readonly content: unknown; readonly retiredAt: Date | null } | null

/** Longer ones are refused unread. */
const maxLength = 8_192

export function documentReader(verifiers: readonly Verifier[]): DocumentReader {
  const byId = new Map(verifiers.map((verifier) => [verifier.kid, verifier]))
  return (type, document) => {
    const [head = '', body = '', signature = '', ...more] = document.split('.')
    if (document.length > maxLength || more.length > 0) return null
    const header = parse(head) as { alg?: unknown; kid?: unknown; typ?: unknown } | null
    const verifier = typeof header?.kid === 'string' ? byId.get(header.kid) : undefined
    if (!verifier || header?.alg !== verifier.algorithm || header.typ !== type) return null
    if (!isSigned(verifier, `${head}.${body}`, Buffer.from(signature, 'base64url'))) return null
    return { kid: verifier.kid, content: parse(body), retiredAt: verifier.retiredAt }
  }
}

function isSigned({ algorithm, key }: Verifier, text: string, signature: Buffer): boolean {
  if (algorithm === 'HS256')
    return isSame(createHmac('sha256', key).update(text).digest(), signature)
  return verify(algorithm === 'EdDSA' ? null : 'sha256', Buffer.from(text), key, signature)
}

function parse(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))
  } catch {
    return null
  }
}
