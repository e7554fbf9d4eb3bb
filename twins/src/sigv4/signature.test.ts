/** The signing arithmetic against the examples printed in the Amazon S3 API reference. */
import { expect, test } from 'vitest'
import {
  canonicalRequest,
  chunkStringToSign,
  deriveSigningKey,
  requestStringToSign,
  sha256Hex,
  sign,
} from './signature.ts'

const scope = { date: '20130524', region: 'us-east-1', service: 's3' }
const timestamp = '20130524T000000Z'
const key = deriveSigningKey('wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY', scope)

function signatureOf(parts: Parameters<typeof canonicalRequest>[0]): string {
  return sign(key, requestStringToSign(timestamp, scope, canonicalRequest(parts)))
}

test('a GET with a range signs as in the reference', () => {
  const payloadHash = sha256Hex('')
  const signature = signatureOf({
    method: 'GET',
    path: '/test.txt',
    query: [],
    headers: new Map([
      ['host', 'examplebucket.s3.amazonaws.com'],
      ['range', 'bytes=0-9'],
      ['x-amz-content-sha256', payloadHash],
      ['x-amz-date', timestamp],
    ]),
    signedHeaders: ['host', 'range', 'x-amz-content-sha256', 'x-amz-date'],
    payloadHash,
  })
  expect(signature).toBe('f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41')
})

test('a PUT of a key with a dollar sign signs as in the reference', () => {
  const payloadHash = sha256Hex('Welcome to Amazon S3.')
  const signature = signatureOf({
    method: 'PUT',
    path: '/test$file.text',
    query: [],
    headers: new Map([
      ['date', 'Fri, 24 May 2013 00:00:00 GMT'],
      ['host', 'examplebucket.s3.amazonaws.com'],
      ['x-amz-content-sha256', payloadHash],
      ['x-amz-date', timestamp],
      ['x-amz-storage-class', 'REDUCED_REDUNDANCY'],
    ]),
    signedHeaders: ['date', 'host', 'x-amz-content-sha256', 'x-amz-date', 'x-amz-storage-class'],
    payloadHash,
  })
  expect(signature).toBe('98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd')
})

test('a presigned GET signs as in the reference', () => {
  const signature = signatureOf({
    method: 'GET',
    path: '/test.txt',
    query: [
      ['X-Amz-Algorithm', 'AWS4-HMAC-SHA256'],
      ['X-Amz-Credential', 'AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request'],
      ['X-Amz-Date', timestamp],
      ['X-Amz-Expires', '86400'],
      ['X-Amz-SignedHeaders', 'host'],
    ],
    headers: new Map([['host', 'examplebucket.s3.amazonaws.com']]),
    signedHeaders: ['host'],
    payloadHash: 'UNSIGNED-PAYLOAD',
  })
  expect(signature).toBe('aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404')
})

test('the chunks of a streamed upload sign as in the reference', () => {
  const seed = '4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9'
  const expected = [
    [65_536, 'ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648'],
    [1024, '0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497'],
    [0, 'b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9'],
  ] as const
  let previous = seed
  for (const [size, signature] of expected) {
    previous = sign(key, chunkStringToSign(timestamp, scope, previous, Buffer.alloc(size, 'a')))
    expect(previous).toBe(signature)
  }
})
