/** What the twin refuses, with S3's codes: wrong signatures, changed requests, old clocks, unknown calls. */
import { createHash } from 'node:crypto'
import {
  GetBucketAclCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { expect, test } from 'vitest'
import {
  bucket as Bucket,
  codeOf,
  credentials,
  givenClient,
  givenTwin,
  refusalOf,
  sendRaw,
  signedRequest,
} from './testing.ts'

async function given(now?: { at: Date }) {
  const twin = await givenTwin(now && { clock: () => now.at })
  const client = givenClient(twin, { requestChecksumCalculation: 'WHEN_REQUIRED' })
  return { twin, client }
}

/** Bound to type, length and checksum. */
function signPut(client: S3Client, body: string, expiresIn = 60) {
  const command = new PutObjectCommand({
    Bucket,
    Key: 'signed',
    ContentType: 'image/png',
    ContentLength: Buffer.byteLength(body),
    ChecksumSHA256: createHash('sha256').update(body).digest('base64'),
  })
  return getSignedUrl(client, command, {
    expiresIn,
    signableHeaders: new Set(['content-type', 'content-length', 'host', 'x-amz-checksum-sha256']),
    unhoistableHeaders: new Set(['x-amz-checksum-sha256']),
  })
}

function put(url: string, body: string, headers: Record<string, string> = {}) {
  const checksum = createHash('sha256').update('right').digest('base64')
  return fetch(url, {
    method: 'PUT',
    headers: { 'content-type': 'image/png', 'x-amz-checksum-sha256': checksum, ...headers },
    body,
  })
}

async function storedKeys(client: S3Client) {
  const listed = await client.send(new ListObjectsV2Command({ Bucket }))
  return (listed.Contents ?? []).map((each) => each.Key)
}

test('a wrong secret, an unknown key and a wrong region are refused', async () => {
  const { twin } = await given()
  const list = (config: object) =>
    refusalOf(givenClient(twin, config).send(new ListObjectsV2Command({ Bucket })))

  expect(await list({ credentials: { ...credentials, secretAccessKey: 'other' } })).toEqual({
    code: 'SignatureDoesNotMatch',
    status: 403,
  })
  expect(await list({ credentials: { ...credentials, accessKeyId: 'OTHER' } })).toEqual({
    code: 'InvalidAccessKeyId',
    status: 403,
  })
  expect(await list({ region: 'us-west-2' })).toMatchObject({
    code: 'AuthorizationHeaderMalformed',
  })
})

test('an unsigned request is refused', async () => {
  const { twin } = await given()
  expect(await codeOf(await fetch(`${twin.url}/${Bucket}/k`))).toBe('403 AccessDenied')
})

test('a changed path, query, header, method or body is refused', async () => {
  const { twin, client } = await given()
  const request = signedRequest(twin, {
    method: 'PUT',
    path: `/${Bucket}/k`,
    headers: { 'x-amz-meta-owner': 'U1', 'content-type': 'text/plain' },
    body: Buffer.from('right'),
  })
  const send = async (changes: Partial<typeof request>) =>
    codeOf(await sendRaw({ ...request, ...changes }))
  const withHeader = (name: string, value: string) => ({
    headers: { ...request.headers, [name]: value },
  })

  expect(await send({ url: `${twin.url}/${Bucket}/other` })).toBe('403 SignatureDoesNotMatch')
  expect(await send({ url: `${request.url}?uploads` })).toBe('403 SignatureDoesNotMatch')
  expect(await send({ method: 'POST' })).toBe('403 SignatureDoesNotMatch')
  expect(await send(withHeader('x-amz-meta-owner', 'U2'))).toBe('403 SignatureDoesNotMatch')
  expect(await send(withHeader('content-type', 'text/html'))).toBe('403 SignatureDoesNotMatch')
  expect(await send(withHeader('x-amz-meta-more', '1'))).toBe('403 AccessDenied')
  expect(await send({ body: Buffer.from('wrong') })).toBe('400 XAmzContentSHA256Mismatch')
  expect(await storedKeys(client)).toEqual([])
  expect(await send({})).toBe('200 ')
})

test('a clock more than fifteen minutes away is refused, either way', async () => {
  const now = { at: new Date() }
  const { twin } = await given(now)
  const at = new Date(now.at)
  const request = signedRequest(twin, {
    method: 'GET',
    path: `/${Bucket}`,
    query: [['list-type', '2']],
    at,
  })
  const sentAfter = async (minutes: number) => {
    now.at = new Date(at.getTime() + minutes * 60_000)
    return (await codeOf(await sendRaw(request))).slice(0, 24)
  }
  expect(await sentAfter(14)).toMatch(/^200/)
  expect(await sentAfter(-14)).toMatch(/^200/)
  expect(await sentAfter(16)).toBe('403 RequestTimeTooSkewed')
  expect(await sentAfter(-16)).toBe('403 RequestTimeTooSkewed')
})

test('a presigned PUT holds for its type, length, checksum and key, and nothing else', async () => {
  const { client } = await given()
  const url = await signPut(client, 'right')
  const other = url.replace('/signed?', '/other?')

  expect(await codeOf(await put(url, 'right', { 'content-type': 'text/html' }))).toBe(
    '403 SignatureDoesNotMatch',
  )
  expect(await codeOf(await put(url, 'right and more'))).toBe('403 SignatureDoesNotMatch')
  expect(await codeOf(await put(url, 'wrong'))).toBe('400 BadDigest')
  const otherChecksum = createHash('sha256').update('wrong').digest('base64')
  expect(await codeOf(await put(url, 'wrong', { 'x-amz-checksum-sha256': otherChecksum }))).toBe(
    '403 SignatureDoesNotMatch',
  )
  expect(await codeOf(await put(other, 'right'))).toBe('403 SignatureDoesNotMatch')
  expect(await codeOf(await put(url, 'right', { 'x-amz-acl': 'public-read' }))).toBe(
    '403 AccessDenied',
  )
  expect(await codeOf(await fetch(url))).toBe('403 SignatureDoesNotMatch')
  expect(await storedKeys(client)).toEqual([])
  expect((await put(url, 'right')).status).toBe(200)
  expect(await storedKeys(client)).toEqual(['signed'])
})

test('a presigned URL ends when it says, and its expiry can not be stretched', async () => {
  const now = { at: new Date() }
  const { client } = await given(now)
  const started = now.at.getTime()
  const url = await signPut(client, 'right', 60)

  now.at = new Date(started + 62_000)
  const late = await put(url, 'right')
  expect(await late.clone().text()).toContain('Request has expired')
  expect(await codeOf(late)).toBe('403 AccessDenied')
  const stretched = url.replace('X-Amz-Expires=60', 'X-Amz-Expires=600')
  expect(await codeOf(await put(stretched, 'right'))).toBe('403 SignatureDoesNotMatch')
  const forever = url.replace('X-Amz-Expires=60', 'X-Amz-Expires=604801')
  expect(await codeOf(await put(forever, 'right'))).toBe('400 AuthorizationQueryParametersError')
  now.at = new Date(started - 20 * 60_000)
  expect(await codeOf(await put(url, 'right'))).toBe('403 AccessDenied')
  now.at = new Date(started)
  expect((await put(url, 'right')).status).toBe(200)
})

test('a tampered, missing or doubled signature parameter is refused', async () => {
  const { client } = await given()
  const url = await signPut(client, 'right')
  const tampered = url.replace(/(X-Amz-Signature=)./, (_, name: string) => `${name}0`)
  const different = tampered === url ? url.replace(/(X-Amz-Signature=)./, '$11') : tampered
  const without = url.replace(/&X-Amz-Date=[^&]+/, '')

  expect(await codeOf(await put(different, 'right'))).toBe('403 SignatureDoesNotMatch')
  expect(await codeOf(await put(without, 'right'))).toBe('400 AuthorizationQueryParametersError')
  expect(await codeOf(await put(`${url}&X-Amz-Expires=60`, 'right'))).toBe(
    '400 AuthorizationQueryParametersError',
  )
  expect(await codeOf(await put(url, 'right', { authorization: 'AWS4-HMAC-SHA256 x' }))).toBe(
    '400 InvalidArgument',
  )
})

test('a checksum or MD5 that does not fit the body is refused', async () => {
  const { client } = await given()
  const attempt = async (extra: object) =>
    (await refusalOf(client.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'x', ...extra }))))
      .code

  expect(await attempt({ ChecksumCRC32: 'AAAAAA==' })).toBe('BadDigest')
  expect(await attempt({ ChecksumSHA256: 'AAAAAA==' })).toBe('InvalidRequest')
  expect(await attempt({ ContentMD5: 'AAAAAAAAAAAAAAAAAAAAAA==' })).toBe('BadDigest')
  expect(await attempt({ ContentMD5: 'short' })).toBe('InvalidDigest')
  expect(await attempt({ ChecksumCRC64NVME: 'AAAAAAAAAAA=' })).toBe('NotImplemented')
  expect(await storedKeys(client)).toEqual([])
})

test('operations, parameters and headers it does not know are NotImplemented, never an empty success', async () => {
  const { twin, client } = await given()
  const send = async (method: string, path: string, query: [string, string][] = [], headers = {}) =>
    codeOf(await sendRaw(signedRequest(twin, { method, path, query, headers })))

  expect(await refusalOf(client.send(new GetBucketAclCommand({ Bucket })))).toEqual({
    code: 'NotImplemented',
    status: 501,
  })
  expect(await send('GET', `/${Bucket}`)).toBe('501 NotImplemented')
  expect(await send('GET', `/${Bucket}/k`, [['versionId', '1']])).toBe('501 NotImplemented')
  expect(await send('GET', `/${Bucket}/k`, [['x-id', 'PutObject']])).toBe('501 NotImplemented')
  expect(await send('PUT', `/${Bucket}/k`, [], { 'x-amz-tagging': 'a=b' })).toBe(
    '501 NotImplemented',
  )
  expect(await send('DELETE', `/${Bucket}/k`, [], { 'if-match': '"x"' })).toBe('501 NotImplemented')
  expect(await send('PATCH', `/${Bucket}/k`)).toBe('405 MethodNotAllowed')
  expect(await send('GET', `/${Bucket}/k`)).toBe('404 NoSuchKey')
})

test('a forged presigned key with a traversal is just another key', async () => {
  const { client } = await given()
  const get = client.send(new GetObjectCommand({ Bucket, Key: '../../etc/passwd' }))
  expect(await refusalOf(get)).toEqual({ code: 'NoSuchKey', status: 404 })
})
