/** Buckets and objects, in memory or in a directory that a later run can open again. */
import { createHash, randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Checksum } from './checksums.ts'
import { preconditionFailed, S3Error } from './errors.ts'

export type ObjectRecord = {
  key: string
  blobId: string
  sizeBytes: number
  /** Quoted, as it goes over the wire. */
  etag: string
  /** Content-Type, Cache-Control and their kin, by lower-case name. */
  headers: Record<string, string>
  metadata: Record<string, string>
  checksum: (Checksum & { type: 'FULL_OBJECT' | 'COMPOSITE' }) | null
  storageClass: string
  modifiedAtMs: number
}

export type Store = {
  createBucket(name: string): Promise<void>
  listBuckets(): string[]
  hasBucket(name: string): boolean
  find(bucket: string, key: string): ObjectRecord | null
  /** All records of a bucket, in the order of their UTF-8 bytes, as S3 lists them. */
  list(bucket: string): ObjectRecord[]
  read(record: ObjectRecord): Promise<Buffer>
  put(
    bucket: string,
    object: Omit<ObjectRecord, 'blobId' | 'sizeBytes'>,
    body: Buffer,
    condition: PutCondition,
  ): Promise<ObjectRecord>
  remove(bucket: string, key: string): Promise<void>
}

/** Checked in the same step that replaces the object, so two writers can't both be first. */
export type PutCondition = { isOnlyIfAbsent: boolean; ifEtag: string | null }

type Blobs = {
  write(id: string, body: Buffer): Promise<void>
  read(id: string): Promise<Buffer>
  remove(id: string): Promise<void>
}
type Journal = {
  saveBucket(bucket: string): Promise<void>
  save(bucket: string, record: ObjectRecord): Promise<void>
  remove(bucket: string, key: string): Promise<void>
}

/** With a directory, objects outlive the process (not a power cut: nothing is synced). */
export async function openStore(directory: string | null): Promise<Store> {
  const buckets = directory === null ? new Map() : await loadRecords(directory)
  const blobs = directory === null ? memoryBlobs() : diskBlobs(directory)
  const journal = directory === null ? null : diskJournal(directory)
  return storeOver(buckets, blobs, journal)
}

function storeOver(
  buckets: Map<string, Map<string, ObjectRecord>>,
  blobs: Blobs,
  journal: Journal | null,
): Store {
  function objectsOf(bucket: string): Map<string, ObjectRecord> {
    const objects = buckets.get(bucket)
    if (objects) return objects
    throw new S3Error('NoSuchBucket', 404, 'The specified bucket does not exist', {
      BucketName: bucket,
    })
  }

  return {
    async createBucket(name) {
      if (buckets.has(name)) return
      buckets.set(name, new Map())
      await journal?.saveBucket(name)
    },
    listBuckets: () => [...buckets.keys()].sort(),
    hasBucket: (name) => buckets.has(name),
    find: (bucket, key) => objectsOf(bucket).get(key) ?? null,
    list: (bucket) =>
      [...objectsOf(bucket).values()].sort((a, b) =>
        Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)),
      ),
    read: (record) => blobs.read(record.blobId),
    async put(bucket, object, body, condition) {
      const objects = objectsOf(bucket)
      checkCondition(objects.get(object.key), condition)
      const record = { ...object, blobId: randomUUID(), sizeBytes: body.length }
      await blobs.write(record.blobId, body)
      const replaced = objects.get(object.key)
      try {
        checkCondition(replaced, condition)
      } catch (error) {
        await blobs.remove(record.blobId)
        throw error
      }
      objects.set(object.key, record)
      await journal?.save(bucket, record)
      if (replaced) await blobs.remove(replaced.blobId)
      return record
    },
    async remove(bucket, key) {
      const record = objectsOf(bucket).get(key)
      if (!record) return
      objectsOf(bucket).delete(key)
      await journal?.remove(bucket, key)
      await blobs.remove(record.blobId)
    },
  }
}

function checkCondition(current: ObjectRecord | undefined, condition: PutCondition): void {
  if (condition.isOnlyIfAbsent && current) throw preconditionFailed('If-None-Match')
  if (condition.ifEtag === null) return
  if (!current) throw new S3Error('NoSuchKey', 404, 'The specified key does not exist.')
  if (current.etag !== condition.ifEtag) throw preconditionFailed('If-Match')
}

function memoryBlobs(): Blobs {
  const bodies = new Map<string, Buffer>()
  return {
    write: async (id, body) => void bodies.set(id, body),
    read: async (id) => {
      const body = bodies.get(id)
      if (!body) throw new S3Error('InternalError', 500, 'The body was removed while it was read.')
      return body
    },
    remove: async (id) => void bodies.delete(id),
  }
}

function diskBlobs(directory: string): Blobs {
  const path = (id: string) => join(directory, 'blobs', id)
  return {
    write: (id, body) => writeFile(path(id), body),
    read: (id) => readFile(path(id)),
    remove: (id) => rm(path(id), { force: true }),
  }
}

function diskJournal(directory: string): Journal {
  const path = (bucket: string, key: string) => {
    const name = createHash('sha256').update(`${bucket}/${key}`).digest('hex')
    return join(directory, 'records', `${name}.json`)
  }
  return {
    saveBucket: (bucket) => writeRecord(path(bucket, ''), { bucket, record: null }),
    save: (bucket, record) => writeRecord(path(bucket, record.key), { bucket, record }),
    remove: (bucket, key) => rm(path(bucket, key), { force: true }),
  }
}

async function writeRecord(target: string, content: unknown): Promise<void> {
  const temporary = `${target}.${randomUUID()}`
  await writeFile(temporary, JSON.stringify(content))
  await rename(temporary, target)
}

async function loadRecords(directory: string): Promise<Map<string, Map<string, ObjectRecord>>> {
  await mkdir(join(directory, 'blobs'), { recursive: true })
  await mkdir(join(directory, 'records'), { recursive: true })
  const buckets = new Map<string, Map<string, ObjectRecord>>()
  for (const name of await readdir(join(directory, 'records'))) {
    if (!name.endsWith('.json')) continue
    const entry: { bucket: string; record: ObjectRecord | null } = JSON.parse(
      await readFile(join(directory, 'records', name), 'utf8'),
    )
    const objects = buckets.get(entry.bucket) ?? new Map<string, ObjectRecord>()
    buckets.set(entry.bucket, objects)
    if (entry.record) objects.set(entry.record.key, entry.record)
  }
  return buckets
}
