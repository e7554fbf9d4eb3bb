/** What the twin grants: objects written, read, copied, listed and removed by the official SDK. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import {
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketLocationCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { expect, onTestFinished, test } from 'vitest'
import { bucket as Bucket, givenClient, givenTwin, refusalOf } from './testing.ts'

async function given() {
  const twin = await givenTwin()
  return { twin, client: givenClient(twin) }
}

test('an object comes back with its bytes, type, headers and metadata', async () => {
  const { client } = await given()
  await client.send(
    new PutObjectCommand({
      Bucket,
      Key: 'a/b.txt',
      Body: 'hello',
      ContentType: 'text/plain; charset=utf-8',
      CacheControl: 'no-store',
      ContentDisposition: 'attachment',
      Metadata: { owner: 'U1' },
    }),
  )

  const found = await client.send(new GetObjectCommand({ Bucket, Key: 'a/b.txt' }))

  expect(await found.Body?.transformToString()).toBe('hello')
  expect(found).toMatchObject({
    ContentType: 'text/plain; charset=utf-8',
    CacheControl: 'no-store',
    ContentDisposition: 'attachment',
    ContentLength: 5,
    Metadata: { owner: 'U1' },
    ETag: '"5d41402abc4b2a76b9719d911017c592"',
  })
})

test('a streamed body arrives through aws-chunked with its trailing checksum', async () => {
  const { client } = await given()
  const parts = [Buffer.alloc(70_000, 'x'), Buffer.alloc(20_000, 'y'), Buffer.from('end')]
  const size = parts.reduce((sum, part) => sum + part.length, 0)
  const put = await client.send(
    new PutObjectCommand({
      Bucket,
      Key: 'stream',
      Body: Readable.from(parts),
      ContentLength: size,
      ChecksumAlgorithm: 'SHA256',
    }),
  )

  const found = await client.send(
    new GetObjectCommand({ Bucket, Key: 'stream', ChecksumMode: 'ENABLED' }),
  )

  expect(Buffer.from((await found.Body?.transformToByteArray()) ?? [])).toEqual(
    Buffer.concat(parts),
  )
  expect(found.ChecksumSHA256).toBe(put.ChecksumSHA256)
  expect(found.ContentEncoding).toBeUndefined()
})

test.each([
  ['bytes=0-1', 'he', 'bytes 0-1/5'],
  ['bytes=3-', 'lo', 'bytes 3-4/5'],
  ['bytes=-2', 'lo', 'bytes 3-4/5'],
  ['bytes=4-900', 'o', 'bytes 4-4/5'],
])('the range %s returns just those bytes', async (Range, text, ContentRange) => {
  const { client } = await given()
  await client.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'hello' }))
  const found = await client.send(new GetObjectCommand({ Bucket, Key: 'k', Range }))
  expect(found).toMatchObject({ ContentRange, $metadata: { httpStatusCode: 206 } })
  expect(await found.Body?.transformToString()).toBe(text)
})

test('a range behind the end is refused', async () => {
  const { client } = await given()
  await client.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'hello' }))
  const request = client.send(new GetObjectCommand({ Bucket, Key: 'k', Range: 'bytes=5-' }))
  expect(await refusalOf(request)).toEqual({ code: 'InvalidRange', status: 416 })
})

test('If-None-Match: * keeps the first writer, also when ten write at once', async () => {
  const { client } = await given()
  const attempts = Array.from({ length: 10 }, (_, index) =>
    client
      .send(new PutObjectCommand({ Bucket, Key: 'k', Body: `${index}`, IfNoneMatch: '*' }))
      .then(
        () => 'stored',
        (error: unknown) => (error instanceof Error ? error.name : ''),
      ),
  )
  const outcomes = await Promise.all(attempts)
  expect(outcomes.filter((outcome) => outcome === 'stored')).toHaveLength(1)
  expect(outcomes.filter((outcome) => outcome === 'PreconditionFailed')).toHaveLength(9)
})

test('a condition on reading answers 412 or 304', async () => {
  const { client } = await given()
  const { ETag = '' } = await client.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'x' }))
  const read = (conditions: object) =>
    client.send(new GetObjectCommand({ Bucket, Key: 'k', ...conditions }))

  expect((await read({ IfMatch: ETag })).$metadata.httpStatusCode).toBe(200)
  expect(await refusalOf(read({ IfMatch: '"other"' }))).toMatchObject({ status: 412 })
  expect(await refusalOf(read({ IfNoneMatch: ETag }))).toMatchObject({ status: 304 })
})

test('keys with spaces, plus signs, quotes, dots and other scripts survive', async () => {
  const { client } = await given()
  const keys = [
    "it's (1)+2*3!.txt",
    'a//b',
    '../up',
    'ключ/鍵/🗝️',
    'tab\tline\n',
    '%2e%2e/x',
    'a+b c&d=e?f#g',
  ]
  for (const Key of keys) await client.send(new PutObjectCommand({ Bucket, Key, Body: Key }))

  for (const Key of keys) {
    const found = await client.send(new GetObjectCommand({ Bucket, Key }))
    expect(await found.Body?.transformToString()).toBe(Key)
  }
  const listed = await client.send(new ListObjectsV2Command({ Bucket, EncodingType: 'url' }))
  const names = listed.Contents?.map((each) => decodeURIComponent(each.Key ?? ''))
  expect(names?.sort()).toEqual(keys.sort())
})

test('deleting is idempotent, and deleting many reports each key', async () => {
  const { client } = await given()
  for (const Key of ['a', 'b', 'c']) {
    await client.send(new PutObjectCommand({ Bucket, Key, Body: Key }))
  }
  await client.send(new DeleteObjectCommand({ Bucket, Key: 'a' }))
  await client.send(new DeleteObjectCommand({ Bucket, Key: 'a' }))
  const result = await client.send(
    new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: 'b' }, { Key: 'b&<>"' }] } }),
  )

  expect(result.Deleted?.map((each) => each.Key)).toEqual(['b', 'b&<>"'])
  const rest = await client.send(new ListObjectsV2Command({ Bucket }))
  expect(rest.Contents?.map((each) => each.Key)).toEqual(['c'])
  const missing = client.send(new GetObjectCommand({ Bucket, Key: 'a' }))
  expect(await refusalOf(missing)).toEqual({ code: 'NoSuchKey', status: 404 })
  expect(await refusalOf(client.send(new HeadObjectCommand({ Bucket, Key: 'a' })))).toMatchObject({
    status: 404,
  })
})

test('a listing is in byte order, filtered by prefix, folded by delimiter and paged', async () => {
  const { client } = await given()
  const keys = ['b/1', 'b/2', 'a', 'b.txt', 'b0', 'c/x/1', 'é']
  for (const Key of keys) await client.send(new PutObjectCommand({ Bucket, Key, Body: 'x' }))

  const pages: (string | undefined)[][] = []
  let ContinuationToken: string | undefined
  do {
    const page = await client.send(
      new ListObjectsV2Command({ Bucket, Delimiter: '/', MaxKeys: 2, ContinuationToken }),
    )
    pages.push([
      ...(page.Contents ?? []).map((each) => each.Key),
      ...(page.CommonPrefixes ?? []).map((each) => each.Prefix),
    ])
    expect(page.KeyCount).toBeLessThanOrEqual(2)
    ContinuationToken = page.NextContinuationToken
  } while (ContinuationToken !== undefined)

  expect(pages).toEqual([
    ['a', 'b.txt'],
    ['b0', 'b/'],
    ['é', 'c/'],
  ])
  const below = await client.send(new ListObjectsV2Command({ Bucket, Prefix: 'b/' }))
  expect(below.Contents?.map((each) => each.Key)).toEqual(['b/1', 'b/2'])
  const forged = client.send(new ListObjectsV2Command({ Bucket, ContinuationToken: 'forged' }))
  expect(await refusalOf(forged)).toEqual({ code: 'InvalidArgument', status: 400 })
})

test('a copy keeps what the source says, or replaces it when told', async () => {
  const { client } = await given()
  await client.send(
    new PutObjectCommand({
      Bucket,
      Key: 'from é',
      Body: 'x',
      ContentType: 'text/css',
      Metadata: { a: '1' },
    }),
  )
  const CopySource = `${Bucket}/${encodeURIComponent('from é')}`
  await client.send(new CopyObjectCommand({ Bucket, Key: 'kept', CopySource }))
  await client.send(
    new CopyObjectCommand({
      Bucket,
      Key: 'replaced',
      CopySource,
      MetadataDirective: 'REPLACE',
      ContentType: 'text/plain',
    }),
  )

  const kept = await client.send(new HeadObjectCommand({ Bucket, Key: 'kept' }))
  expect(kept).toMatchObject({ ContentType: 'text/css', Metadata: { a: '1' } })
  const replaced = await client.send(new HeadObjectCommand({ Bucket, Key: 'replaced' }))
  expect(replaced).toMatchObject({ ContentType: 'text/plain', Metadata: {} })
  const missing = client.send(
    new CopyObjectCommand({ Bucket, Key: 'x', CopySource: `${Bucket}/none` }),
  )
  expect(await refusalOf(missing)).toEqual({ code: 'NoSuchKey', status: 404 })
})

test('buckets are made once, found, and unknown ones are refused', async () => {
  const { client } = await given()
  await client.send(new CreateBucketCommand({ Bucket: 'second' }))
  await client.send(new HeadBucketCommand({ Bucket: 'second' }))

  expect((await client.send(new ListBucketsCommand())).Buckets).toEqual([
    { Name: Bucket },
    { Name: 'second' },
  ])
  const location = await client.send(new GetBucketLocationCommand({ Bucket }))
  expect(location.LocationConstraint).toBe('eu-north-1')
  const again = client.send(new CreateBucketCommand({ Bucket: 'second' }))
  expect(await refusalOf(again)).toEqual({ code: 'BucketAlreadyOwnedByYou', status: 409 })
  const bad = client.send(new CreateBucketCommand({ Bucket: 'Not_A_Bucket' }))
  expect(await refusalOf(bad)).toEqual({ code: 'InvalidBucketName', status: 400 })
  const missing = client.send(new PutObjectCommand({ Bucket: 'none', Key: 'k', Body: 'x' }))
  expect(await refusalOf(missing)).toEqual({ code: 'NoSuchBucket', status: 404 })
  expect(await refusalOf(client.send(new HeadBucketCommand({ Bucket: 'none' })))).toMatchObject({
    status: 404,
  })
})

test('a signed GET may override the headers of its answer, within what a header can hold', async () => {
  const { client } = await given()
  await client.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'x' }))
  const sign = (ResponseContentDisposition: string) =>
    getSignedUrl(client, new GetObjectCommand({ Bucket, Key: 'k', ResponseContentDisposition }))

  const good = await fetch(await sign('attachment; filename="a.txt"'))
  expect(good.headers.get('content-disposition')).toBe('attachment; filename="a.txt"')
  const bad = await fetch(await sign('attachment\r\nset-cookie: a=b'))
  expect(bad.status).toBe(400)
  expect(bad.headers.get('set-cookie')).toBeNull()
})

test('an object larger than the limit is refused and not stored', async () => {
  const twin = await givenTwin({ maximumObjectBytes: 1000 })
  const client = givenClient(twin)
  const put = (size: number) =>
    client.send(new PutObjectCommand({ Bucket, Key: 'k', Body: Buffer.alloc(size) }))

  expect(await refusalOf(put(1001))).toEqual({ code: 'EntityTooLarge', status: 400 })
  expect(await refusalOf(put(100_000))).toEqual({ code: 'EntityTooLarge', status: 400 })
  expect((await client.send(new ListObjectsV2Command({ Bucket }))).KeyCount).toBe(0)
  expect((await put(1000)).$metadata.httpStatusCode).toBe(200)
})

test('with a directory, buckets and objects are there for the next twin', async () => {
  const directory = await mkdtemp(join(tmpdir(), 's3-twin-'))
  onTestFinished(() => rm(directory, { recursive: true }))
  const first = await givenTwin({ directory, buckets: [Bucket, 'other'] })
  const writer = givenClient(first)
  await writer.send(new PutObjectCommand({ Bucket, Key: 'kept', Body: 'v1' }))
  await writer.send(new PutObjectCommand({ Bucket, Key: 'kept', Body: 'v2' }))
  await writer.send(new PutObjectCommand({ Bucket, Key: 'gone', Body: 'x' }))
  await writer.send(new DeleteObjectCommand({ Bucket, Key: 'gone' }))

  const client = givenClient(await givenTwin({ directory, buckets: [] }))

  const kept = await client.send(new GetObjectCommand({ Bucket, Key: 'kept' }))
  expect(await kept.Body?.transformToString()).toBe('v2')
  expect((await client.send(new ListObjectsV2Command({ Bucket }))).KeyCount).toBe(1)
  expect((await client.send(new ListObjectsV2Command({ Bucket: 'other' }))).KeyCount).toBe(0)
})
