/** What is stored beside the bytes: content headers, user metadata, storage class; and how they return. */
import { checksumHeader } from './checksums.ts'
import { invalidArgument, S3Error } from './errors.ts'
import type { ObjectRecord } from './store.ts'

type Headers = ReadonlyMap<string, string>
export type Properties = Pick<ObjectRecord, 'headers' | 'metadata' | 'storageClass'>

/** Understood wherever an object is written. */
export const propertyHeaders = ['x-amz-meta-*', 'x-amz-storage-class', 'x-amz-acl'] as const

/** Query parameters of a signed GET that replace a header of its answer. */
export const overrides: Readonly<Record<string, string>> = {
  'response-cache-control': 'cache-control',
  'response-content-disposition': 'content-disposition',
  'response-content-encoding': 'content-encoding',
  'response-content-language': 'content-language',
  'response-content-type': 'content-type',
  'response-expires': 'expires',
}

const contentHeaders = [
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-type',
  'expires',
]
const metadataPrefix = 'x-amz-meta-'
const maximumMetadataBytes = 2048

export function readProperties(headers: Headers): Properties {
  checkAcl(headers.get('x-amz-acl'))
  const kept: Record<string, string> = { 'content-type': 'binary/octet-stream' }
  for (const name of contentHeaders) {
    const value = withoutFraming(name, headers.get(name))
    if (value) kept[name] = value
  }
  return { headers: kept, metadata: readMetadata(headers), storageClass: readClass(headers) }
}

export function describe(record: ObjectRecord): Record<string, string> {
  return {
    ...record.headers,
    ...Object.fromEntries(
      Object.entries(record.metadata).map(([name, value]) => [`${metadataPrefix}${name}`, value]),
    ),
    ...(record.storageClass !== 'STANDARD' && { 'x-amz-storage-class': record.storageClass }),
    etag: record.etag,
    'last-modified': new Date(record.modifiedAtMs).toUTCString(),
    'accept-ranges': 'bytes',
  }
}

export function describeChecksum(record: Pick<ObjectRecord, 'checksum'>): Record<string, string> {
  if (!record.checksum) return {}
  return {
    [checksumHeader(record.checksum.algorithm)]: record.checksum.value,
    'x-amz-checksum-type': record.checksum.type,
  }
}

export function readOverrides(
  query: readonly (readonly [name: string, value: string])[],
): Record<string, string> {
  const found: Record<string, string> = {}
  for (const [name, value] of query) {
    const header = overrides[name]
    if (header === undefined) continue
    if (!isHeaderValue(value)) {
      throw invalidArgument('Header value cannot be represented using ISO-8859-1.', name, value)
    }
    found[header] = value
  }
  return found
}

export function isHeaderValue(value: string): boolean {
  return /^[\t\u{20}-\u{7e}\u{a0}-\u{ff}]*$/u.test(value)
}

function readMetadata(headers: Headers): Record<string, string> {
  const metadata: Record<string, string> = {}
  let size = 0
  for (const [name, value] of headers) {
    if (!name.startsWith(metadataPrefix)) continue
    metadata[name.slice(metadataPrefix.length)] = value
    size += name.length - metadataPrefix.length + Buffer.byteLength(value)
  }
  if (size > maximumMetadataBytes) {
    throw new S3Error(
      'MetadataTooLarge',
      400,
      'Your metadata headers exceed the maximum allowed metadata size',
      { Size: String(size), MaxSizeAllowed: String(maximumMetadataBytes) },
    )
  }
  return metadata
}

function readClass(headers: Headers): string {
  const storageClass = headers.get('x-amz-storage-class') ?? 'STANDARD'
  if (storageClass === 'STANDARD' || storageClass === 'REDUCED_REDUNDANCY') return storageClass
  throw new S3Error('InvalidStorageClass', 400, 'The storage class you specified is not valid')
}

function checkAcl(acl: string | undefined): void {
  if (acl === undefined || acl === 'private' || acl === 'bucket-owner-full-control') return
  throw new S3Error('AccessControlListNotSupported', 400, 'The bucket does not allow ACLs')
}

/** aws-chunked describes the journey, not the object. */
function withoutFraming(name: string, value: string | undefined): string | undefined {
  if (name !== 'content-encoding') return value
  const encodings = value?.split(',').map((each) => each.trim())
  return encodings?.filter((each) => each !== 'aws-chunked').join(',')
}
