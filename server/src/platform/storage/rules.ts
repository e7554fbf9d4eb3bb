/** Rules that hold for every driver, so that what works on local disk also works on S3: keys, types, sizes, lives. */
import { storageErrors } from './errors.ts'
import type { ByteRange, SignPutOptions } from './storage.ts'

/** S3's own limit, in UTF-8 bytes. */
const maximumKeyBytes = 1024
/** A segment becomes one file name, of which file systems take 255 bytes. */
const maximumSegmentCharacters = 240
/** S3's own limit for an upload in one request. */
const maximumSignedBytes = 5 * 1024 ** 3
/** Long enough for a slow line, short enough for a leaked address (our choice). */
const maximumPutTtlSeconds = 60 * 60
const maximumGetTtlSeconds = 5 * 60
const maximumPage = 1000
/** RFC 9110, 8.3.1: token "/" token, with parameters; no control characters, so no header can be split. */
const contentTypePattern =
  /^[\w!#$&^.+-]{1,127}\/[\w!#$&^.+-]{1,127}(?: *; *[\w!#$&^.+-]+=(?:[\w!#$&'*^.+-]+|"[\x20\x21\x23-\x5b\x5d-\x7e]*"))*$/
const maximumContentTypeCharacters = 255

export function checkKey(key: string): void {
  const segments = key.split('/')
  const isValid =
    key.isWellFormed() &&
    Buffer.byteLength(key) <= maximumKeyBytes &&
    !/[\p{Cc}\\]/u.test(key) &&
    segments.every(isSegment)
  if (!isValid) throw storageErrors.invalid_key()
}

/** The beginning of a key: whole segments, or part of one. */
export function checkPrefix(prefix: string): void {
  if (prefix === '') return
  checkKey(prefix.endsWith('/') ? prefix.slice(0, -1) : prefix)
}

/**
 * A file name for a segment, the same on every file system: those that ignore case or normalise Unicode see
 * lower-case ASCII only, and a last dot, which Windows drops, is spelt out.
 */
export function encodeSegment(segment: string): string {
  return Buffer.from(segment)
    .toString('latin1')
    .replaceAll(/[^a-z0-9._-]|\.$/g, (byte) => {
      const hex = byte.charCodeAt(0).toString(16).toUpperCase()
      return `%${hex.padStart(2, '0')}`
    })
}

export function checkContentType(contentType: string): void {
  if (contentType.length <= maximumContentTypeCharacters && contentTypePattern.test(contentType)) {
    return
  }
  throw storageErrors.invalid_content_type()
}

export function checkRange(range: ByteRange | undefined): void {
  if (!range) return
  const { start, end = start } = range
  if (Number.isSafeInteger(start) && Number.isSafeInteger(end) && start >= 0 && end >= start) return
  throw storageErrors.range_not_satisfiable()
}

/** Throws a RangeError for a life the caller may not give: that is a mistake in our code, not of a user. */
export function checkSignPut(options: SignPutOptions): void {
  checkContentType(options.contentType)
  const { sizeBytes, checksumSha256, ttlSeconds } = options
  if (!Number.isSafeInteger(sizeBytes) || sizeBytes < 0 || sizeBytes > maximumSignedBytes) {
    throw storageErrors.invalid_size()
  }
  if (checksumSha256 !== undefined && !/^[0-9a-f]{64}$/.test(checksumSha256)) {
    throw storageErrors.invalid_checksum()
  }
  checkTtl(ttlSeconds, maximumPutTtlSeconds)
}

export function checkGetTtl(ttlSeconds: number): void {
  checkTtl(ttlSeconds, maximumGetTtlSeconds)
}

export function pageLimit(limit: number | undefined): number {
  const wanted = limit ?? maximumPage
  if (!Number.isSafeInteger(wanted) || wanted < 1)
    throw new RangeError('A page has 1 to 1000 objects.')
  return Math.min(wanted, maximumPage)
}

function isSegment(segment: string): boolean {
  if (segment === '' || segment === '.' || segment === '..') return false
  return encodeSegment(segment).length <= maximumSegmentCharacters
}

function checkTtl(ttlSeconds: number, maximumSeconds: number): void {
  if (Number.isSafeInteger(ttlSeconds) && ttlSeconds >= 1 && ttlSeconds <= maximumSeconds) return
  throw new RangeError(`ttlSeconds must be a whole number from 1 to ${maximumSeconds}.`)
}
