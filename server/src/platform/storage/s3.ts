/** Storage in a bucket of any S3: Amazon, R2, Spaces, MinIO. The credentials need GetObject, PutObject, DeleteObject and ListBucket. */
import { Readable } from 'node:stream'
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { releasingOnFailure } from './bodies.ts'
import { contentDisposition } from './content-disposition.ts'
import { storageErrors } from './errors.ts'
import {
  checkContentType,
  checkGetTtl,
  checkKey,
  checkPrefix,
  checkRange,
  checkSignPut,
  pageLimit,
} from './rules.ts'
import { isMissing, onS3, toStorageError } from './s3-failures.ts'
import { putObject } from './s3-put.ts'
import type { ByteRange, Storage, StorageCheck, StoredObject } from './storage.ts'

export type S3StorageOptions = {
  bucket: string
  region: string
  /** Unset, Amazon S3 itself. */
  endpoint?: string
  forcePathStyle?: boolean
  /** Unset, the credentials of the machine's own role, as the AWS SDK finds them. */
  accessKeyId?: string
  secretAccessKey?: string
  /** To reach the server: 2 s by default. */
  connectTimeoutMs?: number
  /** For one attempt until the answer begins: 4 s by default. */
  requestTimeoutMs?: number
  /** For one attempt to send one part of at most 8 MiB (and for joining parts): 60 s by default. */
  transferTimeoutMs?: number
  /** Silence on a connection, downloads included: 30 s by default. */
  idleTimeoutMs?: number
  /** In all, for each request, with pauses that grow to at most about 1 s: 3 by default. */
  attempts?: number
  clock?: () => Date
}

/** A round trip above this makes the health page warn. */
const slowCheckMs = 1000

/**
 * Nothing is sent before the first call. When S3 is down a call ends with storage.unavailable after at most
 * attempts x requestTimeoutMs and the pauses between: about 13 s by default.
 */
export function openS3Storage(options: S3StorageOptions): Storage {
  const { bucket, transferTimeoutMs = 60_000, clock = () => new Date() } = options
  const client = createClient(options)

  return {
    put: (key, body, put) =>
      releasingOnFailure(body, async () => {
        checkKey(key)
        checkContentType(put.contentType)
        return putObject({ client, bucket, transferTimeoutMs }, key, body, put)
      }),
    async get(key, range) {
      checkKey(key)
      checkRange(range)
      const command = new GetObjectCommand({
        Bucket: bucket,
        Key: key,
        ...(range ? { Range: rangeHeader(range) } : { ChecksumMode: 'ENABLED' as const }),
      })
      const found = await onS3(() => client.send(command))
      if (!(found.Body instanceof Readable)) throw storageErrors.unavailable()
      const total = /\/(\d+)$/.exec(found.ContentRange ?? '')?.[1]
      const sizeBytes = total === undefined ? found.ContentLength : Number(total)
      return { object: toObject(key, { ...found, ContentLength: sizeBytes }), body: found.Body }
    },
    async head(key) {
      checkKey(key)
      const command = new HeadObjectCommand({ Bucket: bucket, Key: key, ChecksumMode: 'ENABLED' })
      try {
        return toObject(key, await client.send(command))
      } catch (error) {
        if (isMissing(error)) return null
        throw toStorageError(error)
      }
    },
    async delete(key) {
      checkKey(key)
      await onS3(() => client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key })))
    },
    async list(prefix, { cursor, limit } = {}) {
      checkPrefix(prefix)
      const command = new ListObjectsV2Command({
        Bucket: bucket,
        Prefix: prefix,
        MaxKeys: pageLimit(limit),
        ...(cursor !== undefined && { ContinuationToken: cursor }),
      })
      const page = await listPage(() => client.send(command), cursor)
      const objects = (page.Contents ?? []).map((each) => ({
        key: each.Key ?? '',
        sizeBytes: each.Size ?? 0,
        modifiedAt: each.LastModified ?? new Date(0),
      }))
      return { objects, nextCursor: page.NextContinuationToken ?? null }
    },
    async signPut(key, put) {
      checkKey(key)
      checkSignPut(put)
      const { contentType, sizeBytes, checksumSha256, ttlSeconds } = put
      const checksum = checksumSha256 && Buffer.from(checksumSha256, 'hex').toString('base64')
      const command = new PutObjectCommand({
        Bucket: bucket,
        Key: key,
        ContentType: contentType,
        ContentLength: sizeBytes,
        ...(checksum && { ChecksumSHA256: checksum }),
      })
      const signingDate = clock()
      const url = await getSignedUrl(client, command, {
        expiresIn: ttlSeconds,
        signingDate,
        // By default the SDK leaves the type out of the signature and moves the checksum into the query.
        signableHeaders: new Set(['content-type']),
        unhoistableHeaders: new Set(['x-amz-checksum-sha256']),
      })
      const headers = {
        'content-type': contentType,
        ...(checksum && { 'x-amz-checksum-sha256': checksum }),
      }
      return { url, method: 'PUT', headers, expiresAt: expiryOf(signingDate, ttlSeconds) }
    },
    async signGet(key, { ttlSeconds, filename, disposition = 'attachment' }) {
      checkKey(key)
      checkGetTtl(ttlSeconds)
      const command = new GetObjectCommand({
        Bucket: bucket,
        Key: key,
        ResponseContentDisposition: contentDisposition(disposition, filename),
        ResponseCacheControl: 'private, no-store',
      })
      const signingDate = clock()
      const url = await getSignedUrl(client, command, { expiresIn: ttlSeconds, signingDate })
      return { url, expiresAt: expiryOf(signingDate, ttlSeconds) }
    },
    check: () => checkBucket(client, bucket),
  }
}

function createClient(options: S3StorageOptions): S3Client {
  const { region, endpoint, forcePathStyle, accessKeyId, secretAccessKey, attempts = 3 } = options
  const hasKeys = accessKeyId !== undefined && secretAccessKey !== undefined
  return new S3Client({
    region,
    maxAttempts: attempts,
    ...(endpoint !== undefined && { endpoint }),
    ...(forcePathStyle !== undefined && { forcePathStyle }),
    ...(hasKeys && { credentials: { accessKeyId, secretAccessKey } }),
    // Checksums only where we ask: R2, Spaces and older MinIO refuse those the SDK would add on its own.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    // Some S3s never answer `100 Continue`; the SDK would then wait six seconds before each large part.
    expectContinueHeader: false,
    requestHandler: {
      connectionTimeout: options.connectTimeoutMs ?? 2000,
      requestTimeout: options.requestTimeoutMs ?? 4000,
      throwOnRequestTimeout: true,
      socketTimeout: options.idleTimeoutMs ?? 30_000,
    },
  })
}

function toObject(
  key: string,
  found: {
    ContentLength?: number | undefined
    ContentType?: string | undefined
    ChecksumSHA256?: string | undefined
    LastModified?: Date | undefined
  },
): StoredObject {
  const { ContentLength, ContentType, ChecksumSHA256, LastModified } = found
  if (ContentLength === undefined || LastModified === undefined) throw storageErrors.unavailable()
  // `…-3` is a checksum over the checksums of three parts, not over the bytes.
  const isWhole = ChecksumSHA256 !== undefined && !ChecksumSHA256.includes('-')
  return {
    key,
    sizeBytes: ContentLength,
    contentType: ContentType ?? 'application/octet-stream',
    checksumSha256: isWhole ? Buffer.from(ChecksumSHA256, 'base64').toString('hex') : null,
    modifiedAt: LastModified,
  }
}

async function listPage<T>(send: () => Promise<T>, cursor: string | undefined): Promise<T> {
  try {
    return await send()
  } catch (error) {
    const isRefused = error instanceof S3ServiceException && error.$metadata.httpStatusCode === 400
    if (isRefused && cursor !== undefined) throw storageErrors.invalid_cursor({}, { cause: error })
    throw toStorageError(error)
  }
}

async function checkBucket(client: S3Client, bucket: string): Promise<StorageCheck> {
  const startedAt = performance.now()
  try {
    await client.send(new HeadBucketCommand({ Bucket: bucket }))
    const tookMs = Math.round(performance.now() - startedAt)
    return { status: tookMs > slowCheckMs ? 'warn' : 'pass', detail: `answered in ${tookMs} ms` }
  } catch (error) {
    return { status: 'fail', detail: error instanceof Error ? error.name : 'unknown error' }
  }
}

function rangeHeader({ start, end }: ByteRange): string {
  return `bytes=${start}-${end ?? ''}`
}

/** The signature counts from the whole second. */
function expiryOf(signingDate: Date, ttlSeconds: number): Date {
  return new Date((Math.floor(signingDate.getTime() / 1000) + ttlSeconds) * 1000)
}
