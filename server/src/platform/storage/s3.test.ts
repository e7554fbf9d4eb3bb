/** What only the S3 driver promises: what it retries, how long it waits, what it leaves behind. */
import { randomBytes } from 'node:crypto'
import { createServer } from 'node:net'
import { once } from 'node:events'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { setTimeout as pause } from 'node:timers/promises'
import { ListMultipartUploadsCommand, S3Client } from '@aws-sdk/client-s3'
import { expect, onTestFinished, test } from 'vitest'
import { startS3Twin } from '../../../../twins/src/s3/index.ts'
import { openS3Storage, type S3StorageOptions } from './s3.ts'

const plain = { contentType: 'text/plain' }
const down = { code: 'storage.unavailable', status: 503 }
const credentials = { accessKeyId: 'AKDRIVER', secretAccessKey: 'a-secret-for-the-driver' }

async function given(options: Partial<S3StorageOptions> = {}) {
  const region = 'eu-north-1'
  const twin = await startS3Twin({ ...credentials, region, buckets: ['files'] })
  onTestFinished(() => twin.close())
  const target = { region, endpoint: twin.url, forcePathStyle: true }
  const storage = openS3Storage({
    ...credentials,
    ...target,
    bucket: 'files',
    attempts: 3,
    ...options,
  })
  return { twin, storage, target }
}

test('two failures in a row are overcome, three are not', async () => {
  const { twin, storage } = await given()
  twin.faults.failNext(2, 503)
  await storage.put('k', Buffer.from('x'), plain)
  expect(await text((await storage.get('k')).body)).toBe('x')
  twin.faults.failNext(3, 500)
  await expect(storage.head('k')).rejects.toMatchObject(down)
  expect(await storage.head('k')).not.toBeNull()
})

test('a dropped connection and a lost answer are overcome', async () => {
  const { twin, storage } = await given()
  twin.faults.dropConnection()
  await storage.put('k', Readable.from(['again']), plain)
  twin.faults.loseAnswer()
  await storage.delete('k')
  expect(await storage.head('k')).toBeNull()
})

test('a store that answers too late is unavailable', async () => {
  const { twin, storage } = await given({
    attempts: 2,
    requestTimeoutMs: 100,
    transferTimeoutMs: 100,
  })
  twin.faults.delay(60_000)
  await expect(storage.head('k')).rejects.toMatchObject(down)
  await expect(storage.put('k', Buffer.from('x'), plain)).rejects.toMatchObject(down)
  expect(await storage.check()).toMatchObject({ status: 'fail', detail: 'TimeoutError' })
})

test('a download that falls silent fails instead of waiting for ever', async () => {
  const server = createServer((socket) => {
    socket.on('error', () => null)
    socket.once('data', () => {
      const modified = new Date().toUTCString()
      socket.write(
        `HTTP/1.1 200 OK\r\ncontent-length: 100\r\nlast-modified: ${modified}\r\n\r\nbegin`,
      )
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const address = server.address()
  const port = address === null || typeof address === 'string' ? 0 : address.port
  const { storage } = await given({ endpoint: `http://127.0.0.1:${port}`, idleTimeoutMs: 150 })
  const { body } = await storage.get('k')
  await expect(text(body)).rejects.toThrow(/timed out|aborted/)
})

test('bytes damaged on the way are not taken for the object', async () => {
  const { twin, storage } = await given()
  await storage.put('k', Buffer.from('right'), plain)
  twin.faults.corruptBody()
  await expect(text((await storage.get('k')).body)).rejects.toThrow(/checksum/i)
})

test('a failed upload in parts leaves no parts behind', async () => {
  const { twin, storage, target } = await given({ attempts: 1 })
  const client = new S3Client({ ...target, credentials })
  onTestFinished(() => client.destroy())
  const listUploads = async () => {
    const listed = await client.send(new ListMultipartUploadsCommand({ Bucket: 'files' }))
    return listed.Uploads ?? []
  }
  const parts = async function* () {
    yield randomBytes(17 * 1024 * 1024)
    while ((await listUploads()).length === 0) await pause(5)
    twin.faults.failNext(1, 503)
    yield randomBytes(9 * 1024 * 1024)
  }
  await expect(storage.put('k', Readable.from(parts()), plain)).rejects.toMatchObject(down)

  expect(await listUploads()).toEqual([])
  expect(await storage.head('k')).toBeNull()
})

test('wrong credentials and a missing bucket are trouble of the store, not a missing file', async () => {
  const { target } = await given()
  const wrongSecret = { ...credentials, secretAccessKey: 'wrong' }
  const stranger = openS3Storage({ ...wrongSecret, ...target, bucket: 'files', attempts: 1 })
  const astray = openS3Storage({ ...credentials, ...target, bucket: 'none', attempts: 1 })
  for (const storage of [stranger, astray]) {
    await expect(storage.get('k')).rejects.toMatchObject(down)
    expect((await storage.check()).status).toBe('fail')
  }
})
