/** The body of a request: read within a limit, unpacked from aws-chunked, compared with what was signed. */
import type { IncomingMessage } from 'node:http'
import type { Authentication } from './authentication.ts'
import { signatureDoesNotMatch } from './authentication.ts'
import { S3Error } from './errors.ts'
import type { S3Request } from './request.ts'
import {
  chunkStringToSign,
  isSameSignature,
  sha256Hex,
  sign,
  trailerStringToSign,
} from '../sigv4/signature.ts'

export type Payload = { body: Buffer; trailers: ReadonlyMap<string, string> }

type Chunk = { bytes: Buffer; signature: string | null }

const minimumChunkBytes = 8192
/** Chunk headers and trailers come on top of the body itself. */
const framingAllowance = 1.02
const lineEnd = Buffer.from('\r\n')

/** Reads all of the body; too large is refused after the connection has been read dry. */
export async function readBody(message: IncomingMessage, maximumBytes: number): Promise<Buffer> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of message) {
    const bytes: Buffer = Buffer.from(part)
    size += bytes.length
    if (size <= maximumBytes * framingAllowance + minimumChunkBytes) parts.push(bytes)
    else parts.length = 0
  }
  if (size > maximumBytes * framingAllowance + minimumChunkBytes) throw tooLarge(size, maximumBytes)
  return Buffer.concat(parts)
}

export function decodePayload(
  raw: Buffer,
  request: S3Request,
  authentication: Authentication,
  maximumBytes: number,
): Payload {
  const { payloadHash } = authentication
  if (!payloadHash.startsWith('STREAMING-')) {
    if (raw.length > maximumBytes) throw tooLarge(raw.length, maximumBytes)
    if (payloadHash !== 'UNSIGNED-PAYLOAD' && sha256Hex(raw) !== payloadHash) {
      throw new S3Error(
        'XAmzContentSHA256Mismatch',
        400,
        "The provided 'x-amz-content-sha256' header does not match what was computed.",
        { ClientComputedContentSHA256: payloadHash, S3ComputedContentSHA256: sha256Hex(raw) },
      )
    }
    return { body: raw, trailers: new Map() }
  }
  const payload = unpack(raw, request, authentication)
  if (payload.body.length > maximumBytes) throw tooLarge(payload.body.length, maximumBytes)
  checkDecodedLength(request, payload.body)
  return payload
}

function unpack(raw: Buffer, request: S3Request, authentication: Authentication): Payload {
  const isSigned = authentication.payloadHash.startsWith('STREAMING-AWS4-HMAC-SHA256-PAYLOAD')
  const hasTrailer = authentication.payloadHash.endsWith('-TRAILER')
  const { chunks, rest } = splitChunks(raw)
  checkChunkSizes(chunks)
  if (!isSigned && chunks.some((chunk) => chunk.signature !== null)) throw incomplete()

  const lastSignature = isSigned ? verifyChain(chunks, authentication) : ''
  const body = Buffer.concat(chunks.map((chunk) => chunk.bytes))
  if (!hasTrailer) {
    if (!rest.equals(lineEnd)) throw incomplete()
    return { body, trailers: new Map() }
  }
  const lines = readTrailerLines(rest)
  if (isSigned) verifyTrailer(lines, lastSignature, authentication)
  return { body, trailers: readTrailers(lines, request) }
}

/** Splits `size[;chunk-signature=hex]CRLF bytes CRLF`; `rest` follows the line of the empty chunk. */
function splitChunks(raw: Buffer): { chunks: Chunk[]; rest: Buffer } {
  const chunks: Chunk[] = []
  for (let position = 0; ;) {
    const end = raw.indexOf(lineEnd, position)
    if (end < 0) throw incomplete()
    const line = raw.toString('latin1', position, end)
    const match = /^([0-9a-fA-F]{1,8})(?:;chunk-signature=([0-9a-f]{64}))?$/.exec(line)
    if (!match) throw incomplete()
    const size = Number.parseInt(match[1] ?? '', 16)
    const start = end + lineEnd.length
    const bytes = raw.subarray(start, start + size)
    chunks.push({ bytes, signature: match[2] ?? null })
    if (size === 0) return { chunks, rest: raw.subarray(start) }
    position = start + size + lineEnd.length
    if (bytes.length < size || !raw.subarray(start + size, position).equals(lineEnd)) {
      throw incomplete()
    }
  }
}

function checkChunkSizes(chunks: readonly Chunk[]): void {
  const tooSmall = chunks.slice(0, -2).find((chunk) => chunk.bytes.length < minimumChunkBytes)
  if (!tooSmall) return
  throw new S3Error(
    'InvalidChunkSizeError',
    403,
    'Only the last chunk is allowed to have a size less than 8192 bytes',
    { BadChunkSize: String(tooSmall.bytes.length) },
  )
}

function verifyChain(chunks: readonly Chunk[], authentication: Authentication): string {
  const { timestamp, scope, signingKey } = authentication
  let previous = authentication.signature
  for (const chunk of chunks) {
    const expected = sign(signingKey, chunkStringToSign(timestamp, scope, previous, chunk.bytes))
    if (!isSameSignature(expected, chunk.signature ?? '')) throw signatureDoesNotMatch()
    previous = expected
  }
  return previous
}

function readTrailerLines(rest: Buffer): string[] {
  const text = rest.toString('latin1')
  if (!text.endsWith('\r\n')) throw incomplete()
  return text.split('\r\n').filter((line) => line !== '')
}

function verifyTrailer(
  lines: string[],
  previousSignature: string,
  authentication: Authentication,
): void {
  const given = lines.findIndex((line) => line.startsWith('x-amz-trailer-signature:'))
  const [line] = given < 0 ? [] : lines.splice(given, 1)
  const { timestamp, scope, signingKey } = authentication
  const signed = lines.map((each) => `${each}\n`).join('')
  const text = trailerStringToSign(timestamp, scope, previousSignature, signed)
  const signature = line?.slice('x-amz-trailer-signature:'.length) ?? ''
  if (!isSameSignature(sign(signingKey, text), signature)) throw signatureDoesNotMatch()
}

function readTrailers(lines: readonly string[], request: S3Request): Map<string, string> {
  const trailers = new Map<string, string>()
  for (const line of lines) {
    const colon = line.indexOf(':')
    trailers.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim())
  }
  const announced = request.headers.get('x-amz-trailer')?.split(',') ?? []
  const isAsAnnounced =
    announced.length === trailers.size && announced.every((name) => trailers.has(name.trim()))
  if (!isAsAnnounced) {
    throw new S3Error(
      'MalformedTrailerError',
      400,
      'The request contained trailing data that was not well-formed or did not conform to our published schema.',
    )
  }
  return trailers
}

function checkDecodedLength(request: S3Request, body: Buffer): void {
  const declared = request.headers.get('x-amz-decoded-content-length')
  if (declared === undefined) {
    throw new S3Error(
      'MissingContentLength',
      411,
      'You must provide the Content-Length HTTP header.',
    )
  }
  if (declared !== String(body.length)) throw incomplete()
}

function tooLarge(size: number, maximumBytes: number): S3Error {
  return new S3Error(
    'EntityTooLarge',
    400,
    'Your proposed upload exceeds the maximum allowed size',
    { ProposedSize: String(size), MaxSizeAllowed: String(maximumBytes) },
  )
}

function incomplete(): S3Error {
  return new S3Error(
    'IncompleteBody',
    400,
    'The request body terminated unexpectedly or is not what its headers announced',
  )
}
