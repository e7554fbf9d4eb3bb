/**
 * Cross-site request forgery: a token bound to the session by HMAC, in the `X-CSRF-Token` header only, plus a check
 * of Origin and Sec-Fetch-Site. Requests whose credential a browser does not send by itself need neither.
 */
import { type KeyObject, createHmac, randomBytes } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { isSame } from '../secrets.ts'
import { httpErrors } from './errors.ts'

const nonceBytes = 18
const unsafeMethods = new Set(['POST', 'PUT', 'PATCH', 'DELETE'])

export type CsrfSettings = { readonly key: CsrfKey; readonly allowedOrigins: ReadonlySet<string> }

/** A KeyObject signs several times as fast as a Buffer, which is made into one for each token. */
export type CsrfKey = KeyObject | Buffer

export const isUnsafe = (method: string) => unsafeMethods.has(method)

/** A fresh token for a session (or for the cookie of a visitor who has none yet); any number of them is valid. */
export function issueCsrfToken(key: CsrfKey, binding: string): string {
  const nonce = randomBytes(nonceBytes).toString('base64url')
  return `${nonce}.${mac(key, binding, nonce).toString('base64url')}`
}

/** Throws `http.csrf_token_invalid` unless the header carries a token made for `binding`. */
export function requireCsrfToken(
  request: FastifyRequest,
  key: CsrfKey,
  binding: string | null,
): void {
  const header = request.headers['x-csrf-token']
  if (binding === null || typeof header !== 'string') throw httpErrors.csrf_token_invalid()
  const [nonce, given, ...rest] = header.split('.')
  if (!nonce || !given || rest.length > 0) throw httpErrors.csrf_token_invalid()
  if (!isSame(mac(key, binding, nonce), Buffer.from(given, 'base64url')))
    throw httpErrors.csrf_token_invalid()
}

/**
 * Throws `http.origin_not_allowed` when a browser says that an unsafe request comes from elsewhere.
 * `isRequired`: the request lives on a cookie, so that a missing Origin is no pass.
 */
export function requireAllowedOrigin(
  request: FastifyRequest,
  allowed: ReadonlySet<string>,
  isRequired: boolean,
): void {
  const { origin, 'sec-fetch-site': site } = request.headers
  // No browser sends our cookie across sites: whatever says so is not the page it claims to be.
  if (isRequired && site === 'cross-site') throw httpErrors.origin_not_allowed()
  if (site !== undefined && site !== 'same-origin' && site !== 'none' && origin === undefined)
    throw httpErrors.origin_not_allowed()
  if (origin === undefined) {
    // A browser sends Origin with every unsafe fetch; same-origin is proven by Sec-Fetch-Site alone.
    if (isRequired && site !== 'same-origin') throw httpErrors.origin_not_allowed()
    return
  }
  if (!allowed.has(origin)) throw httpErrors.origin_not_allowed()
}

function mac(key: CsrfKey, binding: string, nonce: string): Buffer {
  return createHmac('sha256', key).update(`${binding}\n${nonce}`).digest()
}
