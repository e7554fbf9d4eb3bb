/**
 * A zip archive as a stream (PKWARE APPNOTE 6.3.10): deflated entries whose sizes follow their data, so that nothing has
 * to be held in memory. Entries up to 4 GiB, 65,534 of them; more is refused instead of written wrongly.
 */
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { crc32, createDeflateRaw } from 'node:zlib'

export type ZipEntry = { readonly name: string; readonly body: AsyncIterable<string> }

const limit = 0xffff_ffff
const maxEntries = 0xfffe
/** Bit 3: sizes follow the data; bit 11: names are UTF-8. */
const flags = 0x0808
const deflated = 8
const versionNeeded = 20
/** 1980-01-01, the zero of its calendar: when an archive was made is said inside. */
const dosDate = 0x21

type Written = {
  readonly name: Buffer
  readonly offset: number
  crc: number
  packed: number
  size: number
}

export async function* zipOf(entries: Iterable<ZipEntry>): AsyncGenerator<Buffer> {
  const written: Written[] = []
  let offset = 0
  const count = (bytes: Buffer) => {
    offset += bytes.length
    if (offset > limit || written.length > maxEntries) throw new RangeError('the zip is too big')
    return bytes
  }
  for (const { name, body } of entries) {
    const entry: Written = { name: Buffer.from(name), offset, crc: 0, packed: 0, size: 0 }
    written.push(entry)
    yield count(headerOf(0x0403_4b50, entry, false))
    for await (const chunk of pack(entry, body)) yield count(chunk)
    yield count(numbers([0x0807_4b50, 4], [entry.crc, 4], [entry.packed, 4], [entry.size, 4]))
  }
  const start = offset
  for (const entry of written) yield count(headerOf(0x0201_4b50, entry, true))
  const entries16 = [written.length, 2] as const
  yield numbers(
    [0x0605_4b50, 4],
    [0, 4],
    entries16,
    entries16,
    [offset - start, 4],
    [start, 4],
    [0, 2],
  )
}

async function* pack(entry: Written, body: AsyncIterable<string>): AsyncGenerator<Buffer> {
  const deflate = createDeflateRaw()
  const fed = pipeline(Readable.from(measured(entry, body)), deflate)
  // Its failure ends the loop below, too.
  fed.catch(() => {})
  for await (const chunk of deflate as AsyncIterable<Buffer>) {
    entry.packed += chunk.length
    yield chunk
  }
  await fed
}

async function* measured(entry: Written, body: AsyncIterable<string>): AsyncGenerator<Buffer> {
  for await (const text of body) {
    const bytes = Buffer.from(text)
    entry.crc = crc32(bytes, entry.crc)
    entry.size += bytes.length
    if (entry.size > limit) throw new RangeError(`${entry.name.toString()} is too big for a zip`)
    yield bytes
  }
}

function headerOf(signature: number, entry: Written, isCentral: boolean): Buffer {
  const sizes = isCentral ? [entry.crc, entry.packed, entry.size] : [0, 0, 0]
  const fields = numbers(
    [signature, 4],
    ...(isCentral ? [[versionNeeded, 2] as const] : []),
    [versionNeeded, 2],
    [flags, 2],
    [deflated, 2],
    [0, 2],
    [dosDate, 2],
    ...sizes.map((size) => [size, 4] as const),
    [entry.name.length, 2],
    [0, 2],
  )
  // Comment, disk, attributes twice, and where the entry begins.
  const rest = isCentral ? numbers([0, 2], [0, 2], [0, 2], [0, 4], [entry.offset, 4]) : ''
  return Buffer.concat([fields, Buffer.from(rest), entry.name])
}

/** Unsigned numbers, little end first, each in so many bytes. */
function numbers(...fields: readonly (readonly [value: number, bytes: number])[]): Buffer {
  const buffer = Buffer.alloc(fields.reduce((sum, [, bytes]) => sum + bytes, 0))
  let at = 0
  for (const [value, bytes] of fields) at = buffer.writeUIntLE(value, at, bytes)
  return buffer
}
