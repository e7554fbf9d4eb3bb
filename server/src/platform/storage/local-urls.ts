/** Signed, expiring addresses of the local driver: an HMAC-SHA256 over everything the address permits. */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { contentDisposition } from './content-disposition.ts'
import { storageErrors } from './errors.ts'
import { checkGetTtl, checkKey, checkSignPut } from './rules.ts'
import type { SignedGet, SignedPut, SignGetOptions, SignPutOptions } from './storage.ts'

export type LocalUrls = {
  signPut(key: string, options: SignPutOptions): SignedPut
  signGet(key: string, options: SignGetOptions): SignedGet
  /** Both throw storage.url_invalid, storage.url_expired; `target` is path and query as received. */
  verifyPut(target: string): PermittedPut
  verifyGet(target: string): PermittedGet
}

type PermittedPut = {
  key: string
  contentType: string
  sizeBytes: number
  checksumSha256: string | null
}
export type PermittedGet = { key: string; disposition: 'attachment' | 'inline'; filename: string }

type Parameters = Record<string, string>

const putParameters = ['expires', 'type', 'length', 'checksum']
const getParameters = ['expires', 'disposition', 'filename']

export function createLocalUrls(options: {
  publicUrl: string
  mountPath: string
  signingKey: Buffer | string
  clock: () => Date
}): LocalUrls {
  const { mountPath, signingKey, clock } = options
  const top = `${options.publicUrl.replace(/\/+$/, '')}${mountPath}`

  function write(method: 'PUT' | 'GET', key: string, ttlSeconds: number, permitted: Parameters) {
    checkKey(key)
    const expires = Math.floor(clock().getTime() / 1000) + ttlSeconds
    const parameters = { expires: String(expires), ...permitted }
    const signature = seal(signingKey, method, key, parameters)
    const path = key.split('/').map(encodeURIComponent).join('/')
    const query = new URLSearchParams({ ...parameters, signature }).toString()
    return { url: `${top}/${path}?${query}`, expiresAt: new Date(expires * 1000) }
  }

  function verify(method: 'PUT' | 'GET', target: string, names: readonly string[]) {
    const { key, query } = readTarget(target, mountPath)
    const parameters = readParameters(query, names)
    const expected = Buffer.from(seal(signingKey, method, key, parameters))
    const given = Buffer.from(query.get('signature') ?? '')
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
      throw storageErrors.url_invalid()
    }
    // Only a genuine address is told that it is too old.
    if (clock().getTime() >= Number(parameters['expires']) * 1000) throw storageErrors.url_expired()
    return { key, parameters }
  }

  return {
    signPut(key, put) {
      checkSignPut(put)
      const permitted = {
        type: put.contentType,
        length: String(put.sizeBytes),
        checksum: put.checksumSha256 ?? '',
      }
      const headers = { 'content-type': put.contentType }
      return { ...write('PUT', key, put.ttlSeconds, permitted), method: 'PUT', headers }
    },
    signGet(key, { ttlSeconds, filename = '', disposition = 'attachment' }) {
      checkGetTtl(ttlSeconds)
      return write('GET', key, ttlSeconds, { disposition, filename: filename.toWellFormed() })
    },
    verifyPut(target) {
      const { key, parameters } = verify('PUT', target, putParameters)
      return {
        key,
        contentType: parameters['type'] ?? '',
        sizeBytes: Number(parameters['length']),
        checksumSha256: parameters['checksum'] || null,
      }
    },
    verifyGet(target) {
      const { key, parameters } = verify('GET', target, getParameters)
      const disposition = parameters['disposition'] === 'inline' ? 'inline' : 'attachment'
      return { key, disposition, filename: parameters['filename'] ?? '' }
    },
  }
}

export function dispositionOf(permitted: PermittedGet, isInlineSafe: boolean): string {
  return contentDisposition(isInlineSafe ? permitted.disposition : 'attachment', permitted.filename)
}

function seal(
  signingKey: Buffer | string,
  method: string,
  key: string,
  parameters: Parameters,
): string {
  const named = Object.entries(parameters).sort(([a], [b]) => (a < b ? -1 : 1))
  const text = JSON.stringify(['storage-url-1', method, key, named])
  return createHmac('sha256', signingKey).update(text).digest('base64url')
}

function readTarget(target: string, mountPath: string): { key: string; query: URLSearchParams } {
  const mark = target.indexOf('?')
  const path = mark < 0 ? target : target.slice(0, mark)
  if (!path.startsWith(`${mountPath}/`)) throw storageErrors.url_invalid()
  const query = new URLSearchParams(mark < 0 ? '' : target.slice(mark + 1))
  try {
    const key = decodeURIComponent(path.slice(mountPath.length + 1))
    checkKey(key)
    return { key, query }
  } catch (error) {
    throw storageErrors.url_invalid({}, { cause: error })
  }
}

/** Exactly the expected names, each once: a second reading of the address could otherwise differ from ours. */
function readParameters(query: URLSearchParams, names: readonly string[]): Parameters {
  const given = [...query.keys()].sort()
  const expected = [...names, 'signature'].sort()
  if (given.join('&') !== expected.join('&')) throw storageErrors.url_invalid()
  return Object.fromEntries(names.map((name) => [name, query.get(name) ?? '']))
}
