/** The storage port: what every driver promises. Keys are made by the server, never by the client. */
import type { Readable } from 'node:stream'

export type StoredObject = {
  key: string
  sizeBytes: number
  contentType: string
  /** SHA-256 in lower-case hex; null where the store does not know it (S3: objects put in several parts, ranges). */
  checksumSha256: string | null
  modifiedAt: Date
}

/** What a listing knows: S3 lists no content types and no checksums. */
export type ListedObject = Pick<StoredObject, 'key' | 'sizeBytes' | 'modifiedAt'>

/** Both ends count; `end` may lie behind the last byte. */
export type ByteRange = { start: number; end?: number }

export type PutOptions = {
  contentType: string
  /** When given, a body of another size is refused and nothing is stored. */
  sizeBytes?: number
}

export type SignPutOptions = {
  contentType: string
  sizeBytes: number
  checksumSha256?: string
  /** 1 to 3600. */
  ttlSeconds: number
}

/** The client sends exactly these headers (Content-Length comes with the body, browsers set it themselves). */
export type SignedPut = {
  url: string
  method: 'PUT'
  headers: Record<string, string>
  expiresAt: Date
}

export type SignGetOptions = {
  /** 1 to 300. */
  ttlSeconds: number
  /** Offered to the person who downloads; cleaned of paths, quotes and control characters. */
  filename?: string
  disposition?: 'attachment' | 'inline'
}

export type SignedGet = { url: string; expiresAt: Date }

export type StorageCheck = { status: 'pass' | 'warn' | 'fail'; detail?: string }

/**
 * Every method but `check` throws storage.invalid_key for a bad key and storage.unavailable (503) when the store
 * does not answer within the driver's stated timeouts.
 */
export type Storage = {
  /**
   * Stores all of the body or nothing; replaces an object of the same key in one step.
   * Throws storage.size_mismatch. An error of the body's own stream is passed on as it is; after any failure a
   * stream is destroyed.
   */
  put(key: string, body: Uint8Array | Readable, options: PutOptions): Promise<StoredObject>
  /**
   * The body must be read to its end or destroyed; it fails when it does not arrive whole.
   * Throws storage.object_not_found, storage.range_not_satisfiable.
   */
  get(key: string, range?: ByteRange): Promise<{ object: StoredObject; body: Readable }>
  head(key: string): Promise<StoredObject | null>
  /** Deleting what is not there is no error. */
  delete(key: string): Promise<void>
  /** In the order of the keys' UTF-8 bytes; at most 1000 per page (the default). Throws storage.invalid_cursor. */
  list(
    prefix: string,
    options?: { cursor?: string; limit?: number },
  ): Promise<{ objects: ListedObject[]; nextCursor: string | null }>
  /**
   * An address for one upload, bound to key, type, length and checksum. Works while the store is down. Without a
   * checksum the same address accepts other bytes of the same type and length until it expires, so pass one.
   * Throws storage.invalid_content_type, storage.invalid_size, storage.invalid_checksum.
   */
  signPut(key: string, options: SignPutOptions): Promise<SignedPut>
  /** An address for reading one object; also signed when there is no such object. Works while the store is down. */
  signGet(key: string, options: SignGetOptions): Promise<SignedGet>
  /** One cheap round trip, for the health page. Never throws. */
  check(): Promise<StorageCheck>
}
