/** Bodies on their way into a store: bytes from whatever a stream yields, and an end for streams nobody reads on. */
import { Readable } from 'node:stream'

/** Throws a TypeError for chunks that are neither bytes nor text. */
export function toBytes(chunk: unknown): Uint8Array {
  if (chunk instanceof Uint8Array) return chunk
  if (typeof chunk === 'string') return Buffer.from(chunk)
  throw new TypeError('A body consists of bytes or text.')
}

/** A source left open after a failure would hold its file or connection for ever. */
export async function releasingOnFailure<T>(
  body: Uint8Array | Readable,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (body instanceof Readable) body.destroy()
    throw error
  }
}
