/** Lists the objects on local disk in the order S3 would, walking only the folders a page needs. */
import type { Dirent } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { storageErrors } from './errors.ts'
import { headerBytes, ifPresent, objectsDirectory, onDisk } from './local-files.ts'
import type { ListedObject } from './storage.ts'

type Entry = { isFolder: boolean; key: string; path: string }
type Wanted = { prefix: string; after: string }

export async function listObjects(
  directory: string,
  prefix: string,
  cursor: string | undefined,
  limit: number,
): Promise<{ objects: ListedObject[]; nextCursor: string | null }> {
  const wanted = { prefix, after: cursor === undefined ? '' : readCursor(cursor) }
  const objects: ListedObject[] = []
  for await (const object of walk(objectsDirectory(directory), '', wanted)) {
    if (objects.length === limit) return { objects, nextCursor: writeCursor(objects.at(-1)?.key) }
    objects.push(object)
  }
  return { objects, nextCursor: null }
}

async function* walk(folder: string, above: string, wanted: Wanted): AsyncGenerator<ListedObject> {
  for (const entry of await readEntries(folder, above)) {
    if (entry.isFolder) {
      if (isFolderWanted(entry.key, wanted)) yield* walk(entry.path, entry.key, wanted)
      continue
    }
    if (!entry.key.startsWith(wanted.prefix) || compare(entry.key, wanted.after) <= 0) continue
    // Gone since the folder was read: a delete, not an error.
    const found = await onDisk(() => ifPresent(stat(entry.path)))
    if (!found) continue
    yield { key: entry.key, sizeBytes: found.size - headerBytes, modifiedAt: found.mtime }
  }
}

async function readEntries(folder: string, above: string): Promise<Entry[]> {
  const found = await onDisk(() => ifPresent(readdir(folder, { withFileTypes: true })))
  const entries = (found ?? []).map((each) => readEntry(each, folder, above))
  return entries.sort((a, b) => compare(a.key, b.key))
}

function readEntry(entry: Dirent, folder: string, above: string): Entry {
  const isFolder = entry.name.startsWith('d-')
  const name = decodeURIComponent(entry.name.slice(2))
  return { isFolder, key: `${above}${name}${isFolder ? '/' : ''}`, path: join(folder, entry.name) }
}

function isFolderWanted(folder: string, { prefix, after }: Wanted): boolean {
  const mayMatch = folder.startsWith(prefix) || prefix.startsWith(folder)
  return mayMatch && (after.startsWith(folder) || compare(folder, after) > 0)
}

function compare(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b))
}

function writeCursor(key: string | undefined): string | null {
  return key === undefined ? null : Buffer.from(`1:${key}`).toString('base64url')
}

function readCursor(cursor: string): string {
  const text = Buffer.from(cursor, 'base64url').toString('utf8')
  const key = text.slice(2)
  if (text.startsWith('1:') && writeCursor(key) === cursor) return key
  throw storageErrors.invalid_cursor()
}
