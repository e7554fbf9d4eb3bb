/** Checksums that a client declares for its body, and Content-MD5. */
import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { invalidRequest, notImplemented, S3Error } from './errors.ts'

export type ChecksumAlgorithm = 'CRC32' | 'SHA1' | 'SHA256'
export type Checksum = { algorithm: ChecksumAlgorithm; value: string }

type Headers = ReadonlyMap<string, string>

const prefix = 'x-amz-checksum-'
const notValues = ['x-amz-checksum-mode', 'x-amz-checksum-algorithm', 'x-amz-checksum-type']
const sizes: Record<ChecksumAlgorithm, number> = { CRC32: 4, SHA1: 20, SHA256: 32 }

export function readAlgorithm(name: string): ChecksumAlgorithm {
  const algorithm = name.toUpperCase()
  if (algorithm === 'CRC32' || algorithm === 'SHA1' || algorithm === 'SHA256') return algorithm
  throw notImplemented(`checksum algorithm ${name}`)
}

export function checksumHeader(algorithm: ChecksumAlgorithm): string {
  return `${prefix}${algorithm.toLowerCase()}`
}

export function computeChecksum(algorithm: ChecksumAlgorithm, body: Uint8Array): string {
  if (algorithm !== 'CRC32') {
    return createHash(algorithm.toLowerCase()).update(body).digest('base64')
  }
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(crc32(body))
  return bytes.toString('base64')
}

/** Checks Content-MD5 and the one declared checksum, if any, against the body. */
export function verifyChecksums(headers: Headers, body: Uint8Array): Checksum | null {
  verifyMd5(headers, body)
  const declared = [...headers].filter(
    ([name]) => name.startsWith(prefix) && !notValues.includes(name),
  )
  if (declared.length > 1) throw invalidRequest('Expecting a single x-amz-checksum- header')
  const named = headers.get('x-amz-sdk-checksum-algorithm')
  const [header] = declared
  if (!header) {
    if (named === undefined) return null
    throw invalidRequest(
      'x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.',
    )
  }
  const [name, value] = header
  const algorithm = readAlgorithm(name.slice(prefix.length))
  if (named !== undefined && named.toUpperCase() !== algorithm) {
    throw invalidRequest('Value for x-amz-sdk-checksum-algorithm header is invalid.')
  }
  if (!isBase64Of(value, sizes[algorithm])) {
    throw invalidRequest(`Value for ${name} header is invalid.`)
  }
  if (computeChecksum(algorithm, body) !== value) {
    throw new S3Error(
      'BadDigest',
      400,
      `The ${algorithm} you specified did not match the calculated checksum.`,
    )
  }
  return { algorithm, value }
}

export function hasDeclaredChecksum(headers: Headers): boolean {
  if (headers.has('content-md5')) return true
  return [...headers.keys()].some((name) => name.startsWith(prefix) && !notValues.includes(name))
}

function verifyMd5(headers: Headers, body: Uint8Array): void {
  const declared = headers.get('content-md5')
  if (declared === undefined) return
  if (!isBase64Of(declared, 16)) {
    throw new S3Error('InvalidDigest', 400, 'The Content-MD5 you specified was invalid.')
  }
  if (createHash('md5').update(body).digest('base64') !== declared) {
    throw new S3Error(
      'BadDigest',
      400,
      'The Content-MD5 you specified did not match what we received.',
      { ExpectedDigest: declared },
    )
  }
}

function isBase64Of(text: string, bytes: number): boolean {
  const decoded = Buffer.from(text, 'base64')
  return decoded.length === bytes && decoded.toString('base64') === text
}
