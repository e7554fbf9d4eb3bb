/** Serves the signed addresses of the local driver over plain node:http, so that any server can mount it. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import { AppError } from '../errors.ts'
import { storageErrors } from './errors.ts'
import { openObject, writeObject } from './local-files.ts'
import { dispositionOf, type LocalUrls, type PermittedGet } from './local-urls.ts'
import type { ByteRange, StoredObject } from './storage.ts'

export type LocalStorageHandler = (
  request: IncomingMessage,
  response: ServerResponse,
) => Promise<void>

type Handled = { directory: string; urls: LocalUrls; prepare: () => Promise<void> }

/** Types that cannot carry script, and so may be shown in place when the address allows it. */
const inlineSafeTypes = [
  'image/png',
  'image/jpeg',
  'image/gif',
  'image/webp',
  'image/avif',
  'video/mp4',
  'video/webm',
  'audio/mpeg',
  'audio/ogg',
  'audio/wav',
  'audio/mp4',
  'text/plain',
]

/** Files come from strangers: whatever they are, they must not act in our origin (ASVS 5.0, 3.2.1). */
const guardHeaders = {
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; sandbox",
  'referrer-policy': 'no-referrer',
  'cache-control': 'private, no-store',
}

/**
 * Answers PUT, GET and HEAD. A refusal is thrown as an AppError before anything is written, for the mounting server
 * to answer in its own shape; after the first byte an error only cuts the connection. Headers already set on the
 * response stay, unless this handler sets the same.
 */
export function createLocalHandler(handled: Handled): LocalStorageHandler {
  return async (request, response) => {
    if (request.method === 'PUT') return receive(handled, request, response)
    if (request.method === 'GET' || request.method === 'HEAD')
      return send(handled, request, response)
    throw storageErrors.method_not_allowed({ headers: { allow: 'GET, HEAD, PUT' } })
  }
}

async function receive(
  { directory, urls, prepare }: Handled,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const permitted = urls.verifyPut(request.url ?? '')
  checkUpload(request, permitted)
  await prepare()
  const { key, contentType, sizeBytes, checksumSha256 } = permitted
  try {
    // The connection stays, so that a refusal still reaches the sender.
    const body = request.iterator({ destroyOnReturn: false })
    const object = await writeObject(directory, key, body, {
      contentType,
      sizeBytes,
      ...(checksumSha256 !== null && { checksumSha256 }),
    })
    response.writeHead(200, { ...guardHeaders, etag: etagOf(object), 'content-length': 0 }).end()
  } catch (error) {
    if (error instanceof AppError) throw error
    throw storageErrors.upload_incomplete({}, { cause: error })
  }
}

async function send(
  { directory, urls }: Handled,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const permitted = urls.verifyGet(request.url ?? '')
  const opened = await openObject(directory, permitted.key)
  if (!opened) throw storageErrors.object_not_found()
  const { object } = opened
  const range = readRange(request, object)
  const headers = describe(object, range, permitted)
  if (request.method === 'HEAD') {
    await opened.close()
    response.writeHead(200, headers).end()
    return
  }
  const body = await opened.read(range ?? undefined)
  response.writeHead(range ? 206 : 200, headers)
  await pipeline(body, response).catch((error: unknown) => {
    // The reader went away, which is theirs to decide.
    if (!response.destroyed || !isPrematureClose(error)) throw error
  })
}

/** Everything the address does not permit is refused before a byte is stored. */
function checkUpload(
  { headers }: IncomingMessage,
  permitted: { contentType: string; sizeBytes: number },
): void {
  if (headers['content-length'] === undefined) throw storageErrors.length_required()
  const isAsSigned =
    headers['content-length'] === String(permitted.sizeBytes) &&
    headers['content-type']?.trim() === permitted.contentType &&
    headers['content-encoding'] === undefined &&
    headers['content-range'] === undefined
  if (!isAsSigned) throw storageErrors.upload_refused()
}

function describe(object: StoredObject, range: ByteRange | null, permitted: PermittedGet) {
  const start = range?.start ?? 0
  const end = Math.min(range?.end ?? Infinity, object.sizeBytes - 1)
  const isInlineSafe = inlineSafeTypes.includes(object.contentType.split(';')[0]?.trim() ?? '')
  return {
    ...guardHeaders,
    'content-type': object.contentType,
    'content-disposition': dispositionOf(permitted, isInlineSafe),
    'content-length': end - start + 1,
    'accept-ranges': 'bytes',
    'last-modified': object.modifiedAt.toUTCString(),
    etag: etagOf(object),
    ...(range && { 'content-range': `bytes ${start}-${end}/${object.sizeBytes}` }),
  }
}

/**
 * One range of RFC 9110, 14.2, for GET only; several ranges, other units and outdated If-Range mean the whole. A
 * suffix longer than the object is all of it; a range without a single byte is left for the reading to refuse.
 */
function readRange({ headers, method }: IncomingMessage, object: StoredObject): ByteRange | null {
  const ifRange = headers['if-range']
  if (method !== 'GET' || (ifRange !== undefined && ifRange !== etagOf(object))) return null
  const [, first, last] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(headers.range ?? '') ?? []
  if (first === undefined || last === undefined || first + last === '') return null
  if (first === '') return { start: Math.max(0, object.sizeBytes - Number(last)) }
  if (last === '') return { start: Number(first) }
  return Number(last) < Number(first) ? null : { start: Number(first), end: Number(last) }
}

function etagOf(object: StoredObject): string {
  return `"${object.checksumSha256}"`
}

function isPrematureClose(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE'
}
