/** Multipart uploads through the official SDK: whole, aborted, and told wrongly. */
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import { expect, test } from 'vitest'
import { bucket as Bucket, givenClient, givenTwin, refusalOf } from './testing.ts'

const Key = 'large.bin'
const partBytes = 5 * 1024 * 1024

async function given() {
  const client = givenClient(await givenTwin())
  const started = await client.send(
    new CreateMultipartUploadCommand({
      Bucket,
      Key,
      ContentType: 'video/mp4',
      Metadata: { owner: 'U1' },
      ChecksumAlgorithm: 'SHA256',
    }),
  )
  return { client, UploadId: started.UploadId ?? '' }
}

function uploadPart(client: S3Client, UploadId: string, PartNumber: number, Body: Buffer) {
  return client.send(
    new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body, ChecksumAlgorithm: 'SHA256' }),
  )
}

function complete(client: S3Client, UploadId: string, Parts: object[]) {
  return client.send(
    new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts } }),
  )
}

test('parts become one object in the order of their numbers', async () => {
  const { client, UploadId } = await given()
  const second = await uploadPart(client, UploadId, 2, Buffer.from('end'))
  const first = await uploadPart(client, UploadId, 1, Buffer.alloc(partBytes, 'a'))
  const parts = [
    { PartNumber: 1, ETag: first.ETag, ChecksumSHA256: first.ChecksumSHA256 },
    { PartNumber: 2, ETag: second.ETag, ChecksumSHA256: second.ChecksumSHA256 },
  ]

  const done = await complete(client, UploadId, parts)

  expect(done).toMatchObject({ ETag: expect.stringMatching(/-2"$/), ChecksumType: 'COMPOSITE' })
  const found = await client.send(
    new GetObjectCommand({ Bucket, Key, Range: `bytes=${partBytes - 1}-` }),
  )
  expect(await found.Body?.transformToString()).toBe('aend')
  expect(found).toMatchObject({ ContentType: 'video/mp4', Metadata: { owner: 'U1' } })
  const again = complete(client, UploadId, parts)
  expect(await refusalOf(again)).toEqual({ code: 'NoSuchUpload', status: 404 })
})

test('parts are listed in pages', async () => {
  const { client, UploadId } = await given()
  for (const number of [3, 1, 2]) {
    await uploadPart(client, UploadId, number, Buffer.from(`${number}`))
  }
  const page = await client.send(new ListPartsCommand({ Bucket, Key, UploadId, MaxParts: 2 }))
  expect(page.Parts?.map((part) => part.PartNumber)).toEqual([1, 2])
  expect(page).toMatchObject({ IsTruncated: true, NextPartNumberMarker: '2' })
  const rest = await client.send(
    new ListPartsCommand({ Bucket, Key, UploadId, PartNumberMarker: '2' }),
  )
  expect(rest.Parts?.map((part) => part.PartNumber)).toEqual([3])
})

test('an aborted upload leaves nothing and takes no more parts', async () => {
  const { client, UploadId } = await given()
  await uploadPart(client, UploadId, 1, Buffer.from('x'))
  await client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }))

  const late = uploadPart(client, UploadId, 2, Buffer.from('x'))
  expect(await refusalOf(late)).toEqual({ code: 'NoSuchUpload', status: 404 })
  const open = await client.send(new ListMultipartUploadsCommand({ Bucket }))
  expect(open.Uploads ?? []).toEqual([])
  const head = client.send(new HeadObjectCommand({ Bucket, Key }))
  expect(await refusalOf(head)).toMatchObject({ status: 404 })
})

test('a wrong list of parts is refused and the upload stays open', async () => {
  const { client, UploadId } = await given()
  const one = {
    PartNumber: 1,
    ETag: (await uploadPart(client, UploadId, 1, Buffer.from('x'))).ETag,
  }
  const two = {
    PartNumber: 2,
    ETag: (await uploadPart(client, UploadId, 2, Buffer.from('y'))).ETag,
  }
  const refused = async (parts: object[]) =>
    (await refusalOf(complete(client, UploadId, parts))).code

  expect(await refused([two, one])).toBe('InvalidPartOrder')
  expect(await refused([one, { ...two, PartNumber: 3 }])).toBe('InvalidPart')
  expect(await refused([{ ...one, ETag: two.ETag }])).toBe('InvalidPart')
  expect(await refused([one, two])).toBe('EntityTooSmall')
  expect(await refused([])).toBe('MalformedXML')
  expect((await complete(client, UploadId, [one])).$metadata.httpStatusCode).toBe(200)
})

test('a part number out of bounds is refused', async () => {
  const { client, UploadId } = await given()
  const part = uploadPart(client, UploadId, 10_001, Buffer.from('x'))
  expect(await refusalOf(part)).toEqual({ code: 'InvalidArgument', status: 400 })
})
