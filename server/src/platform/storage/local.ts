/** Storage on the local disk: for one server, for development, and wherever S3 would be too much. */
import { randomUUID } from 'node:crypto'
import { rm, statfs, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { releasingOnFailure } from './bodies.ts'
import { storageErrors } from './errors.ts'
import { openObject, prepareDirectory, removeObject, writeObject } from './local-files.ts'
import { createLocalHandler, type LocalStorageHandler } from './local-handler.ts'
import { listObjects } from './local-listing.ts'
import { createLocalUrls } from './local-urls.ts'
import { checkContentType, checkKey, checkPrefix, checkRange, pageLimit } from './rules.ts'
import type { Storage, StorageCheck } from './storage.ts'

export type LocalStorageOptions = {
  directory: string
  /** Where the server is reachable: `https://api.example.com`. */
  publicUrl: string
  /** Where the server mounts the handler: `/storage` by default. */
  mountPath?: string
  /** At least 32 bytes, for this purpose only; a new key ends all addresses in circulation. */
  signingKey: Buffer | string
  clock?: () => Date
}

export type LocalStorage = Storage & {
  /** Answers the signed addresses; throws an AppError before anything is written. */
  handler: LocalStorageHandler
}

const minimumSigningKeyBytes = 32
/** Below this share of free space the health page warns. */
const lowSpaceShare = 0.1

/** Throws a RangeError when the signing key is too short. Touches the disk only with the first write. */
export function openLocalStorage(options: LocalStorageOptions): LocalStorage {
  const { directory, publicUrl, signingKey } = options
  const { mountPath = '/storage', clock = () => new Date() } = options
  if (Buffer.byteLength(signingKey) < minimumSigningKeyBytes) {
    throw new RangeError(`signingKey must have at least ${minimumSigningKeyBytes} bytes.`)
  }
  const urls = createLocalUrls({ publicUrl, mountPath, signingKey, clock })
  const prepare = onceSuccessful(() => prepareDirectory(directory, clock()))

  return {
    put: (key, body, put) =>
      releasingOnFailure(body, async () => {
        checkKey(key)
        checkContentType(put.contentType)
        await prepare()
        const chunks = body instanceof Uint8Array ? singleChunk(body) : body
        return writeObject(directory, key, chunks, put)
      }),
    async get(key, range) {
      checkKey(key)
      checkRange(range)
      const found = await openObject(directory, key)
      if (!found) throw storageErrors.object_not_found()
      return { object: found.object, body: await found.read(range) }
    },
    async head(key) {
      checkKey(key)
      const found = await openObject(directory, key)
      await found?.close()
      return found?.object ?? null
    },
    async delete(key) {
      checkKey(key)
      await removeObject(directory, key)
    },
    async list(prefix, { cursor, limit } = {}) {
      checkPrefix(prefix)
      return listObjects(directory, prefix, cursor, pageLimit(limit))
    },
    signPut: async (key, put) => urls.signPut(key, put),
    signGet: async (key, get) => urls.signGet(key, get),
    check: () => checkDisk(directory, prepare),
    handler: createLocalHandler({ directory, urls, prepare }),
  }
}

async function* singleChunk(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

/** Shares one run between callers, and tries again after a failure. */
function onceSuccessful(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | null = null
  return () => {
    running ??= work().catch((error: unknown) => {
      running = null
      throw error
    })
    return running
  }
}

async function checkDisk(directory: string, prepare: () => Promise<void>): Promise<StorageCheck> {
  const probe = join(directory, 'incoming', `probe-${randomUUID()}`)
  try {
    await prepare()
    await writeFile(probe, 'probe')
    await rm(probe)
    const { bavail, blocks, bsize } = await statfs(directory)
    const freeShare = bavail / blocks
    const detail = `${Math.round((bavail * bsize) / 1e6)} MB free (${Math.round(freeShare * 100)} %)`
    return { status: freeShare < lowSpaceShare ? 'warn' : 'pass', detail }
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
    return { status: 'fail', detail: cause instanceof Error ? cause.message : 'unknown error' }
  }
}
