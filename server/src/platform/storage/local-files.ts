/**
 * Objects as files. One file holds a header block and the body, so a single rename replaces both, and a reader
 * who has opened it sees one state to the end.
 */
import { createHash, randomUUID } from 'node:crypto'
import { type FileHandle, mkdir, open, readdir, rename, rm, rmdir, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { Readable } from 'node:stream'
import { AppError } from '../errors.ts'
import { toBytes } from './bodies.ts'
import { storageErrors } from './errors.ts'
import { encodeSegment } from './rules.ts'
import type { ByteRange, StoredObject } from './storage.ts'

export type WriteOptions = { contentType: string; sizeBytes?: number; checksumSha256?: string }

export type OpenObject = {
  object: StoredObject
  /** Throws storage.range_not_satisfiable. */
  read(range?: ByteRange): Promise<Readable>
  close(): Promise<void>
}

type Header = { version: 1; contentType: string; checksumSha256: string }

/** The body starts here: `tail -c +1025` recovers it by hand. */
export const headerBytes = 1024
/** Unfinished uploads older than this belong to a process that was killed. */
const abandonedAfterMs = 24 * 60 * 60 * 1000
/** A delete may remove the empty folder we are about to move into. */
const placingAttempts = 5

/** Makes the folders, and removes what killed processes left behind. */
export async function prepareDirectory(directory: string, now: Date): Promise<void> {
  await onDisk(async () => {
    await mkdir(objectsDirectory(directory), { recursive: true })
    await mkdir(incomingDirectory(directory), { recursive: true })
    for (const name of await readdir(incomingDirectory(directory))) {
      const path = join(incomingDirectory(directory), name)
      const found = await stat(path).catch(() => null)
      if (found && now.getTime() - found.mtimeMs > abandonedAfterMs) await rm(path, { force: true })
    }
  })
}

/** Writes aside, syncs, then moves into place: the key holds the old object or the whole new one, never a part. */
export async function writeObject(
  directory: string,
  key: string,
  body: AsyncIterable<unknown>,
  options: WriteOptions,
): Promise<StoredObject> {
  const temporary = join(incomingDirectory(directory), randomUUID())
  const handle = await onDisk(() => open(temporary, 'wx', 0o600))
  try {
    const { sizeBytes, checksumSha256 } = await writeBody(handle, body, options.sizeBytes)
    if (options.checksumSha256 !== undefined && options.checksumSha256 !== checksumSha256) {
      throw storageErrors.checksum_mismatch()
    }
    const { contentType } = options
    const modifiedAt = await onDisk(async () => {
      await handle.write(
        headerBlock({ version: 1, contentType, checksumSha256 }),
        0,
        headerBytes,
        0,
      )
      await handle.sync()
      const { mtime } = await handle.stat()
      await place(directory, temporary, objectPath(directory, key))
      return mtime
    })
    return { key, sizeBytes, contentType, checksumSha256, modifiedAt }
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  } finally {
    await handle.close()
  }
}

/** Opens an object; the caller reads it once or closes it. */
export async function openObject(directory: string, key: string): Promise<OpenObject | null> {
  const handle = await onDisk(() => ifPresent(open(objectPath(directory, key), 'r')))
  if (!handle) return null
  try {
    const object = await onDisk(() => describe(handle, key))
    return { object, read: (range) => read(handle, object, range), close: () => handle.close() }
  } catch (error) {
    await handle.close()
    throw error
  }
}

/** Removes the object, and the folders it leaves empty. */
export async function removeObject(directory: string, key: string): Promise<void> {
  const path = objectPath(directory, key)
  await onDisk(() => rm(path, { force: true }))
  const top = objectsDirectory(directory)
  for (let folder = dirname(path); folder !== top; folder = dirname(folder)) {
    const isRemoved = await rmdir(folder).then(
      () => true,
      () => false,
    )
    if (!isRemoved) return
  }
}

export function objectsDirectory(directory: string): string {
  return join(resolve(directory), 'objects')
}

/** Runs work on the disk; whatever the system refuses is storage.unavailable, with its cause. */
export async function onDisk<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof AppError) throw error
    if (isSystemError(error, 'ENAMETOOLONG')) throw storageErrors.invalid_key({}, { cause: error })
    throw storageErrors.unavailable({}, { cause: error })
  }
}

function incomingDirectory(directory: string): string {
  return join(resolve(directory), 'incoming')
}

/** Folders are `d-…`, objects `o-…`: so `a` and `a/b` can both be objects, as they can on S3. */
function objectPath(directory: string, key: string): string {
  const segments = key.split('/').map(encodeSegment)
  const name = segments.pop() ?? ''
  const folders = segments.map((segment) => `d-${segment}`)
  return join(objectsDirectory(directory), ...folders, `o-${name}`)
}

async function writeBody(handle: FileHandle, body: AsyncIterable<unknown>, expectedBytes?: number) {
  const hash = createHash('sha256')
  let sizeBytes = 0
  for await (const chunk of body) {
    const bytes = toBytes(chunk)
    hash.update(bytes)
    await onDisk(() => writeAll(handle, bytes, headerBytes + sizeBytes))
    sizeBytes += bytes.length
    if (expectedBytes !== undefined && sizeBytes > expectedBytes)
      throw storageErrors.size_mismatch()
  }
  if (expectedBytes !== undefined && sizeBytes !== expectedBytes)
    throw storageErrors.size_mismatch()
  return { sizeBytes, checksumSha256: hash.digest('hex') }
}

async function writeAll(handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let written = 0; written < bytes.length;) {
    const rest = bytes.length - written
    const result = await handle.write(bytes, written, rest, position + written)
    written += result.bytesWritten
  }
}

async function place(directory: string, temporary: string, target: string): Promise<void> {
  const folder = dirname(target)
  for (let attempt = 1; ; attempt += 1) {
    await mkdir(folder, { recursive: true })
    try {
      await rename(temporary, target)
      break
    } catch (error) {
      if (attempt === placingAttempts || !isSystemError(error, 'ENOENT')) throw error
    }
  }
  await syncFolders(folder, resolve(directory))
}

/** A new name survives a power cut only once its folder is synced, and a new folder once its parent is. */
async function syncFolders(folder: string, top: string): Promise<void> {
  if (process.platform === 'win32') return
  for (let current = folder; ; current = dirname(current)) {
    const handle = await ifPresent(open(current, 'r'))
    await handle?.sync().finally(() => handle.close())
    if (current === top) return
  }
}

/** The stream closes the file; a range outside the object closes it at once. */
async function read(
  handle: FileHandle,
  object: StoredObject,
  range: ByteRange | undefined,
): Promise<Readable> {
  const start = range?.start ?? 0
  const end = Math.min(range?.end ?? Infinity, object.sizeBytes - 1)
  if (start <= end) {
    return handle.createReadStream({ start: headerBytes + start, end: headerBytes + end })
  }
  await handle.close()
  if (range) throw storageErrors.range_not_satisfiable({ sizeBytes: object.sizeBytes })
  return Readable.from([])
}

async function describe(handle: FileHandle, key: string): Promise<StoredObject> {
  const { buffer } = await handle.read(Buffer.alloc(headerBytes), 0, headerBytes, 0)
  const header: Header = JSON.parse(buffer.toString('utf8'))
  const { size, mtime } = await handle.stat()
  const { contentType, checksumSha256 } = header
  return { key, sizeBytes: size - headerBytes, contentType, checksumSha256, modifiedAt: mtime }
}

function headerBlock(header: Header): Buffer {
  return Buffer.from(`${JSON.stringify(header).padEnd(headerBytes - 1)}\n`)
}

/** What is gone is null, not an error. */
export async function ifPresent<T>(work: Promise<T>): Promise<T | null> {
  return work.catch((error: unknown) => {
    if (isSystemError(error, 'ENOENT')) return null
    throw error
  })
}

function isSystemError(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
