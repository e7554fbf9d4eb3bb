/** Multipart upload: create, part, list parts, list uploads, complete, abort. */
import { createHash } from 'node:crypto'
import type { Answer } from './answer.ts'
import { checksumHeader, computeChecksum, readAlgorithm, verifyChecksums } from './checksums.ts'
import { readPutCondition } from './conditions.ts'
import { invalidArgument, invalidRequest, notImplemented, S3Error } from './errors.ts'
import { type Call, checksumHeaders, type Operation } from './operation.ts'
import { propertyHeaders, readProperties } from './properties.ts'
import { parameter } from './request.ts'
import type { ObjectRecord } from './store.ts'
import type { Part, Upload } from './uploads.ts'
import { element, group, malformed, parseXml, type XmlElement, xmlDocument } from './xml.ts'

const minimumPartBytes = 5 * 1024 * 1024
const maximumPartNumber = 10_000
const pageSize = 1000

export const multipartOperations: readonly Operation[] = [
  {
    name: 'CreateMultipartUpload',
    method: 'POST',
    target: 'object',
    selectedBy: ['uploads'],
    headers: [...propertyHeaders, 'x-amz-checksum-algorithm', 'x-amz-checksum-type'],
    run: createUpload,
  },
  {
    name: 'UploadPart',
    method: 'PUT',
    target: 'object',
    selectedBy: ['uploadId', 'partNumber'],
    headers: checksumHeaders,
    run: uploadPart,
  },
  {
    name: 'ListParts',
    method: 'GET',
    target: 'object',
    selectedBy: ['uploadId'],
    parameters: ['max-parts', 'part-number-marker'],
    run: listParts,
  },
  {
    name: 'CompleteMultipartUpload',
    method: 'POST',
    target: 'object',
    selectedBy: ['uploadId'],
    headers: ['if-none-match', 'if-match', 'content-md5', 'x-amz-checksum-type'],
    run: completeUpload,
  },
  {
    name: 'AbortMultipartUpload',
    method: 'DELETE',
    target: 'object',
    selectedBy: ['uploadId'],
    run: abortUpload,
  },
  {
    name: 'ListMultipartUploads',
    method: 'GET',
    target: 'bucket',
    selectedBy: ['uploads'],
    run: listUploads,
  },
]

function createUpload(call: Call): Answer {
  const named = call.headers.get('x-amz-checksum-algorithm')
  checkComposite(call)
  const checksumAlgorithm = named === undefined ? null : readAlgorithm(named)
  const upload = call.uploads.start({
    bucket: call.bucket,
    key: call.key,
    properties: readProperties(call.headers),
    checksumAlgorithm,
    startedAtMs: call.now.getTime(),
  })
  const body = xmlDocument('InitiateMultipartUploadResult', [
    element('Bucket', call.bucket),
    element('Key', call.key),
    element('UploadId', upload.id),
  ])
  return { status: 200, body }
}

function uploadPart(call: Call): Answer {
  const upload = getUpload(call)
  const number = readPartNumber(parameter(call.request, 'partNumber') ?? '')
  const checksum = verifyChecksums(call.headers, call.body)
  const expected = upload.checksumAlgorithm
  if (expected !== null && checksum?.algorithm !== expected) {
    throw invalidRequest(
      `Checksum Type mismatch occurred, expected checksum Type: ${expected.toLowerCase()}, actual checksum Type: ${checksum?.algorithm.toLowerCase() ?? 'null'}`,
    )
  }
  const etag = `"${createHash('md5').update(call.body).digest('hex')}"`
  const modifiedAtMs = call.now.getTime()
  upload.parts.set(number, { number, etag, body: call.body, checksum, modifiedAtMs })
  const headers: Record<string, string> = { etag }
  if (checksum) headers[checksumHeader(checksum.algorithm)] = checksum.value
  return { status: 200, headers }
}

function listParts(call: Call): Answer {
  const upload = getUpload(call)
  const after = readCount(parameter(call.request, 'part-number-marker') ?? '0')
  const limit = Math.min(readCount(parameter(call.request, 'max-parts') ?? '1000'), pageSize)
  const rest = [...upload.parts.values()]
    .filter((part) => part.number > after)
    .sort((a, b) => a.number - b.number)
  const page = rest.slice(0, limit)
  const body = xmlDocument('ListPartsResult', [
    element('Bucket', call.bucket),
    element('Key', call.key),
    element('UploadId', upload.id),
    element('PartNumberMarker', after),
    element('NextPartNumberMarker', page.at(-1)?.number ?? 0),
    element('MaxParts', limit),
    element('IsTruncated', rest.length > page.length),
    ...page.map(describePart),
  ])
  return { status: 200, body }
}

async function completeUpload(call: Call): Promise<Answer> {
  const upload = getUpload(call)
  verifyChecksums(call.headers, call.body)
  checkComposite(call)
  const parts = chooseParts(upload, parseXml(call.body.toString('utf8'), 'CompleteMultipartUpload'))
  const md5s = parts.map((part) => Buffer.from(part.etag.slice(1, -1), 'hex'))
  const digest = createHash('md5').update(Buffer.concat(md5s)).digest('hex')
  const record = await call.store.put(
    call.bucket,
    {
      key: call.key,
      ...upload.properties,
      etag: `"${digest}-${parts.length}"`,
      checksum: compositeChecksum(upload, parts),
      modifiedAtMs: call.now.getTime(),
    },
    Buffer.concat(parts.map((part) => part.body)),
    readPutCondition(call.headers),
  )
  call.uploads.end(upload.id)
  const checksum = record.checksum
  const body = xmlDocument('CompleteMultipartUploadResult', [
    element('Location', `/${call.bucket}/${call.key}`),
    element('Bucket', call.bucket),
    element('Key', call.key),
    element('ETag', record.etag),
    ...(checksum
      ? [
          element(`Checksum${checksum.algorithm}`, checksum.value),
          element('ChecksumType', checksum.type),
        ]
      : []),
  ])
  return { status: 200, body }
}

function abortUpload(call: Call): Answer {
  call.uploads.end(getUpload(call).id)
  return { status: 204 }
}

function listUploads(call: Call): Answer {
  const uploads = call.uploads.list(call.bucket)
  if (uploads.length > pageSize) throw notImplemented('more than one page of uploads')
  const body = xmlDocument('ListMultipartUploadsResult', [
    element('Bucket', call.bucket),
    element('MaxUploads', pageSize),
    element('IsTruncated', false),
    ...uploads.map((upload) =>
      group('Upload', [
        element('Key', upload.key),
        element('UploadId', upload.id),
        element('Initiated', new Date(upload.startedAtMs).toISOString()),
      ]),
    ),
  ])
  return { status: 200, body }
}

function chooseParts(upload: Upload, root: XmlElement): Part[] {
  const wanted = root.children.filter((child) => child.name === 'Part')
  if (wanted.length === 0 || wanted.length !== root.children.length) throw malformed()
  const parts = wanted.map((child) => findPart(upload, child))
  checkOrder(parts)
  checkSizes(parts)
  return parts
}

function findPart(upload: Upload, wanted: XmlElement): Part {
  const fields = new Map(wanted.children.map((field) => [field.name, field.text]))
  const number = readPartNumber(fields.get('PartNumber') ?? '')
  const part = upload.parts.get(number)
  const etag = (fields.get('ETag') ?? '').replaceAll('"', '')
  if (part && `"${etag}"` === part.etag && hasSameChecksum(part, fields)) return part
  throw new S3Error(
    'InvalidPart',
    400,
    "One or more of the specified parts could not be found. The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
    { UploadId: upload.id, PartNumber: String(number), ETag: etag },
  )
}

function checkOrder(parts: readonly Part[]): void {
  const isAscending = parts.every((part, index) => part.number > (parts[index - 1]?.number ?? 0))
  if (isAscending) return
  throw new S3Error(
    'InvalidPartOrder',
    400,
    'The list of parts was not in ascending order. Parts must be ordered by part number.',
  )
}

function checkSizes(parts: readonly Part[]): void {
  const tooSmall = parts.slice(0, -1).find((part) => part.body.length < minimumPartBytes)
  if (!tooSmall) return
  throw new S3Error(
    'EntityTooSmall',
    400,
    'Your proposed upload is smaller than the minimum allowed size',
    {
      ProposedSize: String(tooSmall.body.length),
      MinSizeAllowed: String(minimumPartBytes),
    },
  )
}

function hasSameChecksum(part: Part, fields: ReadonlyMap<string, string>): boolean {
  const given = [...fields].filter(([name]) => name.startsWith('Checksum'))
  return given.every(
    ([name, value]) =>
      part.checksum &&
      name === `Checksum${part.checksum.algorithm}` &&
      value === part.checksum.value,
  )
}

function compositeChecksum(upload: Upload, parts: readonly Part[]): ObjectRecord['checksum'] {
  const algorithm = upload.checksumAlgorithm
  if (algorithm === null) return null
  const values = parts.map((part) => Buffer.from(part.checksum?.value ?? '', 'base64'))
  const value = `${computeChecksum(algorithm, Buffer.concat(values))}-${parts.length}`
  return { algorithm, value, type: 'COMPOSITE' }
}

function describePart(part: Part): string {
  return group('Part', [
    element('PartNumber', part.number),
    element('LastModified', new Date(part.modifiedAtMs).toISOString()),
    element('ETag', part.etag),
    element('Size', part.body.length),
    ...(part.checksum ? [element(`Checksum${part.checksum.algorithm}`, part.checksum.value)] : []),
  ])
}

function getUpload(call: Call): Upload {
  return call.uploads.get(call.bucket, call.key, parameter(call.request, 'uploadId') ?? '')
}

function checkComposite(call: Call): void {
  const type = call.headers.get('x-amz-checksum-type')
  if (type !== undefined && type !== 'COMPOSITE') throw notImplemented(`checksum type ${type}`)
}

function readPartNumber(text: string): number {
  const number = /^\d{1,5}$/.test(text) ? Number(text) : 0
  if (number >= 1 && number <= maximumPartNumber) return number
  throw invalidArgument(
    'Part number must be an integer between 1 and 10000, inclusive',
    'partNumber',
    text,
  )
}

function readCount(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw invalidArgument('Provided value is not an integer', 'max-parts', text)
}
