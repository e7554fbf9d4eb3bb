/** Operations on one object: put, get, head, delete, copy. */
import { createHash } from 'node:crypto'
import type { Answer } from './answer.ts'
import { computeChecksum, readAlgorithm, verifyChecksums } from './checksums.ts'
import { checkReadConditions, readPutCondition, readRange } from './conditions.ts'
import { invalidArgument, invalidRequest, noSuchKey, notImplemented } from './errors.ts'
import { type Call, checksumHeaders, type Operation } from './operation.ts'
import {
  describe,
  describeChecksum,
  overrides,
  propertyHeaders,
  readOverrides,
  readProperties,
} from './properties.ts'
import type { ObjectRecord } from './store.ts'
import { element, xmlDocument } from './xml.ts'

const readHeaders = [
  'range',
  'if-match',
  'if-none-match',
  'if-modified-since',
  'if-unmodified-since',
  'x-amz-checksum-mode',
]
const writeConditions = ['if-none-match', 'if-match']

export const objectOperations: readonly Operation[] = [
  {
    name: 'PutObject',
    method: 'PUT',
    target: 'object',
    headers: [...checksumHeaders, ...propertyHeaders, ...writeConditions],
    run: putObject,
  },
  {
    name: 'CopyObject',
    method: 'PUT',
    target: 'object',
    selectedByHeader: 'x-amz-copy-source',
    headers: [
      ...propertyHeaders,
      'x-amz-metadata-directive',
      'x-amz-checksum-algorithm',
      'if-none-match',
    ],
    run: copyObject,
  },
  {
    name: 'GetObject',
    method: 'GET',
    target: 'object',
    parameters: Object.keys(overrides),
    headers: readHeaders,
    run: getObject,
  },
  {
    name: 'HeadObject',
    method: 'HEAD',
    target: 'object',
    parameters: Object.keys(overrides),
    headers: readHeaders,
    run: headObject,
  },
  { name: 'DeleteObject', method: 'DELETE', target: 'object', run: deleteObject },
]

async function putObject(call: Call): Promise<Answer> {
  const verified = verifyChecksums(call.headers, call.body)
  const checksum = verified && { ...verified, type: 'FULL_OBJECT' as const }
  const record = await call.store.put(
    call.bucket,
    {
      key: call.key,
      ...readProperties(call.headers),
      etag: etagOf(call.body),
      checksum,
      modifiedAtMs: call.now.getTime(),
    },
    call.body,
    readPutCondition(call.headers),
  )
  return { status: 200, headers: { etag: record.etag, ...describeChecksum(record) } }
}

async function copyObject(call: Call): Promise<Answer> {
  const source = findSource(call)
  const directive = call.headers.get('x-amz-metadata-directive') ?? 'COPY'
  if (directive !== 'COPY' && directive !== 'REPLACE') {
    throw invalidArgument('Unknown metadata directive.', 'x-amz-metadata-directive', directive)
  }
  const isOntoItself = source.bucket === call.bucket && source.record.key === call.key
  if (isOntoItself && directive === 'COPY') {
    throw invalidRequest(
      "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
    )
  }
  const body = await call.store.read(source.record)
  const named = call.headers.get('x-amz-checksum-algorithm') ?? source.record.checksum?.algorithm
  const algorithm = named === undefined ? null : readAlgorithm(named)
  const { headers, metadata, storageClass } =
    directive === 'COPY' ? source.record : readProperties(call.headers)
  const copy = await call.store.put(
    call.bucket,
    {
      key: call.key,
      headers,
      metadata,
      storageClass,
      etag: etagOf(body),
      modifiedAtMs: call.now.getTime(),
      checksum: algorithm && {
        algorithm,
        value: computeChecksum(algorithm, body),
        type: 'FULL_OBJECT',
      },
    },
    body,
    readPutCondition(call.headers),
  )
  const result = xmlDocument('CopyObjectResult', [
    element('LastModified', new Date(copy.modifiedAtMs).toISOString()),
    element('ETag', copy.etag),
    ...(copy.checksum ? [element(`Checksum${copy.checksum.algorithm}`, copy.checksum.value)] : []),
  ])
  return { status: 200, body: result }
}

async function getObject(call: Call): Promise<Answer> {
  const { record, range, headers } = prepareRead(call)
  const whole = await call.store.read(record)
  const body = range ? whole.subarray(range.start, range.end + 1) : whole
  return { status: range ? 206 : 200, headers, body: call.plan.damage(body) }
}

function headObject(call: Call): Answer {
  const { range, headers } = prepareRead(call)
  return { status: range ? 206 : 200, headers }
}

async function deleteObject(call: Call): Promise<Answer> {
  await call.store.remove(call.bucket, call.key)
  return { status: 204 }
}

function prepareRead(call: Call) {
  const record = call.store.find(call.bucket, call.key)
  if (!record) throw noSuchKey(call.key)
  checkReadConditions(call.headers, record)
  const range = readRange(call.headers, record.sizeBytes)
  const mode = call.headers.get('x-amz-checksum-mode')
  if (mode !== undefined && mode !== 'ENABLED') {
    throw invalidArgument('Unknown checksum mode.', 'x-amz-checksum-mode', mode)
  }
  const length = range ? range.end - range.start + 1 : record.sizeBytes
  const headers: Record<string, string> = {
    ...describe(record),
    ...readOverrides(call.request.query),
    ...(mode !== undefined && !range && describeChecksum(record)),
    ...(range && { 'content-range': `bytes ${range.start}-${range.end}/${record.sizeBytes}` }),
    'content-length': String(length),
  }
  return { record, range, headers }
}

function findSource(call: Call): { bucket: string; record: ObjectRecord } {
  const header = call.headers.get('x-amz-copy-source') ?? ''
  if (header.includes('?')) throw notImplemented('copying a version')
  const [, bucket, key] = /^\/?([^/]+)\/(.+)$/s.exec(decodeSource(header)) ?? []
  if (bucket === undefined || key === undefined) {
    throw invalidArgument(
      'Copy Source must mention the source bucket and key',
      'x-amz-copy-source',
      header,
    )
  }
  const record = call.store.find(bucket, key)
  if (!record) throw noSuchKey(key)
  return { bucket, record }
}

function decodeSource(header: string): string {
  try {
    return decodeURIComponent(header)
  } catch {
    throw invalidArgument('Invalid copy source encoding.', 'x-amz-copy-source', header)
  }
}

function etagOf(body: Uint8Array): string {
  return `"${createHash('md5').update(body).digest('hex')}"`
}
