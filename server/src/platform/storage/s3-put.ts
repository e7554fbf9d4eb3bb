/** Writes to S3: one request for what fits into a part, a multipart upload for more. */
import { createHash, type Hash } from 'node:crypto'
import type { Readable } from 'node:stream'
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  type CompletedPart,
  CreateMultipartUploadCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import { toBytes } from './bodies.ts'
import { storageErrors } from './errors.ts'
import { onS3 } from './s3-failures.ts'
import type { PutOptions, StoredObject } from './storage.ts'

export type S3Target = { client: S3Client; bucket: string; transferTimeoutMs: number }

/**
 * Held in memory and sent as one request, so that it can be sent again; S3 wants at least 5 MiB. Ten thousand parts,
 * S3's limit, make 78 GiB.
 */
const partBytes = 8 * 1024 * 1024

export async function putObject(
  target: S3Target,
  key: string,
  body: Uint8Array | Readable,
  options: PutOptions,
): Promise<StoredObject> {
  const hash = createHash('sha256')
  const parts = inParts(body, hash, options.sizeBytes)
  const describe = (sizeBytes: number): StoredObject => ({
    key,
    sizeBytes,
    contentType: options.contentType,
    checksumSha256: hash.copy().digest('hex'),
    modifiedAt: new Date(),
  })
  const first = await parts.next()
  const second = first.done ? first : await parts.next()
  if (first.done || second.done) {
    const bytes = first.value ?? new Uint8Array()
    const object = describe(bytes.length)
    await putWhole(target, bytes, object)
    return object
  }
  const all = prepend([first.value, second.value], parts)
  return describe(await putInParts(target, key, all, options.contentType))
}

async function putWhole(
  { client, bucket, transferTimeoutMs }: S3Target,
  bytes: Uint8Array,
  object: StoredObject,
): Promise<void> {
  const command = new PutObjectCommand({
    Bucket: bucket,
    Key: object.key,
    Body: bytes,
    ContentType: object.contentType,
    ContentLength: bytes.length,
    ChecksumSHA256: Buffer.from(object.checksumSha256 ?? '', 'hex').toString('base64'),
  })
  await onS3(() => client.send(command, { requestTimeout: transferTimeoutMs }))
}

/** The hash of every part is in its signature, so S3 refuses a damaged part without a further checksum. */
async function putInParts(
  { client, bucket, transferTimeoutMs }: S3Target,
  key: string,
  parts: AsyncIterable<Uint8Array>,
  contentType: string,
): Promise<number> {
  const place = { Bucket: bucket, Key: key }
  const start = new CreateMultipartUploadCommand({ ...place, ContentType: contentType })
  const { UploadId } = await onS3(() => client.send(start))
  const upload = { ...place, UploadId }
  const completed: CompletedPart[] = []
  let sizeBytes = 0
  try {
    for await (const part of parts) {
      const PartNumber = completed.length + 1
      const command = new UploadPartCommand({ ...upload, PartNumber, Body: part })
      const sent = await onS3(() => client.send(command, { requestTimeout: transferTimeoutMs }))
      completed.push({ PartNumber, ETag: sent.ETag })
      sizeBytes += part.length
    }
    const finish = new CompleteMultipartUploadCommand({
      ...upload,
      MultipartUpload: { Parts: completed },
    })
    await onS3(() => client.send(finish, { requestTimeout: transferTimeoutMs }))
    return sizeBytes
  } catch (error) {
    // Parts without an end cost money until the bucket's lifecycle rule removes them; the first error matters more.
    await client.send(new AbortMultipartUploadCommand(upload)).catch(() => null)
    throw error
  }
}

/** Cuts the body into parts, hashing on the way. Throws storage.size_mismatch as soon as it is known. */
async function* inParts(
  body: Uint8Array | Readable,
  hash: Hash,
  expectedBytes: number | undefined,
): AsyncGenerator<Uint8Array, undefined> {
  let pending: Uint8Array[] = []
  let pendingBytes = 0
  let sizeBytes = 0
  for await (const chunk of body instanceof Uint8Array ? slices(body) : body) {
    const bytes = toBytes(chunk)
    hash.update(bytes)
    sizeBytes += bytes.length
    if (expectedBytes !== undefined && sizeBytes > expectedBytes)
      throw storageErrors.size_mismatch()
    pending.push(bytes)
    pendingBytes += bytes.length
    if (pendingBytes < partBytes) continue
    const joined = Buffer.concat(pending)
    let position = 0
    for (; joined.length - position >= partBytes; position += partBytes) {
      yield joined.subarray(position, position + partBytes)
    }
    pending = [joined.subarray(position)]
    pendingBytes = joined.length - position
  }
  if (expectedBytes !== undefined && sizeBytes !== expectedBytes)
    throw storageErrors.size_mismatch()
  if (pendingBytes > 0) yield Buffer.concat(pending)
}

function* slices(bytes: Uint8Array): Generator<Uint8Array> {
  for (let position = 0; position < bytes.length; position += partBytes) {
    yield bytes.subarray(position, position + partBytes)
  }
}

async function* prepend<T>(first: readonly T[], rest: AsyncIterable<T>): AsyncGenerator<T> {
  yield* first
  yield* rest
}
