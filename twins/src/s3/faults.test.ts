/** The faults a test may order, seen from the official SDK. */
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3'
import { expect, test } from 'vitest'
import { bucket as Bucket, givenClient, givenTwin, refusalOf } from './testing.ts'

test('ordered failures are answered that many times, then all is well', async () => {
  const twin = await givenTwin()
  const client = givenClient(twin)
  twin.faults.failNext(2, 503)
  const list = () => client.send(new ListObjectsV2Command({ Bucket }))

  expect(await refusalOf(list())).toEqual({ code: 'SlowDown', status: 503 })
  expect(await refusalOf(list())).toEqual({ code: 'SlowDown', status: 503 })
  expect((await list()).KeyCount).toBe(0)
})

test('a dropped connection does nothing, a lost answer has taken effect', async () => {
  const twin = await givenTwin()
  const client = givenClient(twin)
  const put = (Key: string) => client.send(new PutObjectCommand({ Bucket, Key, Body: 'x' }))
  twin.faults.dropConnection()
  await expect(put('dropped')).rejects.toThrow(/socket hang up|ECONNRESET/)
  twin.faults.loseAnswer()
  await expect(put('applied')).rejects.toThrow(/socket hang up|ECONNRESET/)

  const listed = await client.send(new ListObjectsV2Command({ Bucket }))
  expect(listed.Contents?.map((each) => each.Key)).toEqual(['applied'])
})

test('a delayed answer waits for the clock, and clear() ends it', async () => {
  const twin = await givenTwin()
  const client = givenClient(twin)
  twin.faults.delay(60_000)
  const list = new ListObjectsV2Command({ Bucket })
  const aborted = client.send(list, { abortSignal: AbortSignal.timeout(200) })
  await expect(aborted).rejects.toThrow(/abort/i)
  twin.faults.clear()
  expect((await client.send(list)).KeyCount).toBe(0)
})

test('a damaged body is caught by the checksum it came with', async () => {
  const twin = await givenTwin()
  const client = givenClient(twin)
  await client.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'right' }))
  twin.faults.corruptBody()
  const read = async () => {
    const found = await client.send(
      new GetObjectCommand({ Bucket, Key: 'k', ChecksumMode: 'ENABLED' }),
    )
    return found.Body?.transformToString()
  }
  await expect(read()).rejects.toThrow(/checksum/i)
  expect(await read()).toBe('right')
})
