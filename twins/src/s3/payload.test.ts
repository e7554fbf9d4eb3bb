/** Bodies in aws-chunked framing, signed chunk by chunk, as clients other than the JavaScript SDK send them. */
import { createHash } from 'node:crypto'
import { GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3'
import { expect, test } from 'vitest'
import { chunkStringToSign, sign, trailerStringToSign } from '../sigv4/signature.ts'
import {
  bucket as Bucket,
  codeOf,
  givenClient,
  givenTwin,
  sendRaw,
  signedRequest,
} from './testing.ts'
import type { S3Twin } from './index.ts'

const chunks = [Buffer.alloc(8192, 'a'), Buffer.from('tail'), Buffer.alloc(0)]
const content = Buffer.concat(chunks)
const checksum = createHash('sha256').update(content).digest('base64')

function givenUpload(twin: S3Twin, payloadHash: string, headers: Record<string, string> = {}) {
  return signedRequest(twin, {
    method: 'PUT',
    path: `/${Bucket}/chunked`,
    payloadHash,
    headers: {
      'content-encoding': 'aws-chunked',
      'x-amz-decoded-content-length': String(content.length),
      ...headers,
    },
  })
}

function frame(request: ReturnType<typeof signedRequest>, parts = chunks) {
  let previous = request.signature
  const framed = parts.map((chunk) => {
    const { timestamp, scope, key } = request
    previous = sign(key, chunkStringToSign(timestamp, scope, previous, chunk))
    const head = `${chunk.length.toString(16)};chunk-signature=${previous}\r\n`
    return Buffer.concat([Buffer.from(head), chunk, Buffer.from(chunk.length > 0 ? '\r\n' : '')])
  })
  return { framed: Buffer.concat(framed), last: previous }
}

const lineEnd = Buffer.from('\r\n')

test('signed chunks are accepted, and one changed byte is refused', async () => {
  const twin = await givenTwin()
  const client = givenClient(twin)
  const request = givenUpload(twin, 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD')
  const body = Buffer.concat([frame(request).framed, lineEnd])
  const changed = Buffer.from(body)
  changed.write('b', 200)

  expect(await codeOf(await sendRaw(request, changed))).toBe('403 SignatureDoesNotMatch')
  expect((await client.send(new ListObjectsV2Command({ Bucket }))).KeyCount).toBe(0)
  expect(await codeOf(await sendRaw(request, body))).toBe('200 ')
  const found = await client.send(new GetObjectCommand({ Bucket, Key: 'chunked' }))
  expect(Buffer.from((await found.Body?.transformToByteArray()) ?? [])).toEqual(content)
})

test('chunks in another order, cut off, too small or of another total are refused', async () => {
  const twin = await givenTwin()
  const request = givenUpload(twin, 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD')
  const { framed } = frame(request)
  const small = [Buffer.from('tiny'), ...chunks]
  const send = async (body: Buffer) => codeOf(await sendRaw(request, body))

  expect(await send(framed.subarray(0, 5000))).toBe('400 IncompleteBody')
  expect(await send(framed)).toBe('400 IncompleteBody')
  expect(await send(Buffer.concat([frame(request, small).framed, lineEnd]))).toBe(
    '403 InvalidChunkSizeError',
  )
  const short = [Buffer.alloc(8192, 'a'), Buffer.alloc(0)]
  expect(await send(Buffer.concat([frame(request, short).framed, lineEnd]))).toBe(
    '400 IncompleteBody',
  )
  expect(await send(content)).toBe('400 IncompleteBody')
})

test('a signed trailer carries the checksum; forged, missing or unannounced ones are refused', async () => {
  const twin = await givenTwin()
  const request = givenUpload(twin, 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER', {
    'x-amz-trailer': 'x-amz-checksum-sha256',
  })
  const { framed, last } = frame(request)
  const send = async (line: string, signedLine = line) => {
    const text = trailerStringToSign(request.timestamp, request.scope, last, `${signedLine}\n`)
    const signature = sign(request.key, text)
    const trailer = `${line}\r\nx-amz-trailer-signature:${signature}\r\n\r\n`
    return codeOf(await sendRaw(request, Buffer.concat([framed, Buffer.from(trailer)])))
  }
  const good = `x-amz-checksum-sha256:${checksum}`
  const wrong = `x-amz-checksum-sha256:${createHash('sha256').digest('base64')}`

  expect(await send(wrong, good)).toBe('403 SignatureDoesNotMatch')
  expect(await send(wrong)).toBe('400 BadDigest')
  expect(await send('x-amz-checksum-crc32:AAAAAA==')).toBe('400 MalformedTrailerError')
  expect(await codeOf(await sendRaw(request, Buffer.concat([framed, lineEnd])))).toBe(
    '403 SignatureDoesNotMatch',
  )
  expect(await send(good)).toBe('200 ')
})

test('an unsigned trailer is checked against the body', async () => {
  const twin = await givenTwin()
  const request = givenUpload(twin, 'STREAMING-UNSIGNED-PAYLOAD-TRAILER', {
    'x-amz-trailer': 'x-amz-checksum-sha256',
  })
  const send = async (text: string) => {
    const head = Buffer.from(`${content.length.toString(16)}\r\n`)
    return codeOf(await sendRaw(request, Buffer.concat([head, content, Buffer.from(text)])))
  }
  const wrong = createHash('sha256').digest('base64')

  expect(await send(`\r\n0\r\nx-amz-checksum-sha256:${wrong}\r\n\r\n`)).toBe('400 BadDigest')
  expect(await send('\r\n0\r\n\r\n')).toBe('400 MalformedTrailerError')
  expect(await send(`\r\n0\r\nx-amz-checksum-sha256:${checksum}\r\n\r\n`)).toBe('200 ')
})

test('a streamed body that does not say its real length is refused', async () => {
  const twin = await givenTwin()
  const request = signedRequest(twin, {
    method: 'PUT',
    path: `/${Bucket}/chunked`,
    payloadHash: 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
  })
  const body = Buffer.concat([frame(request).framed, lineEnd])
  expect(await codeOf(await sendRaw(request, body))).toBe('411 MissingContentLength')
})
