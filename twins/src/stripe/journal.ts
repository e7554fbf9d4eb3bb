/** A file that grows at its end: one line per entry, each with its checksum, the first of which says what the file is. */
import {
  closeSync,
  existsSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { crc32 } from 'node:zlib'

export type Journal = {
  /** Whole or not at all: when the disk is full, what was there before is left. */
  append(entry: string): void
  /** Puts these in the place of all there was, in a file beside it that takes its name when it is whole. */
  replace(entries: Iterable<string>): void
  /** In bytes. */
  size(): number
  close(): void
}

export type OpenJournal = { journal: Journal; entries: unknown[] }

const newLine = 0x0a
const sumLength = 8
/** Written at a time: few calls, and no text that is as long as the file. */
const chunkBytes = 1024 * 1024

/** Throws when the file is of another kind or broken; what a crash tore off at its end was never answered, and is dropped. */
export function openJournal(file: string, kind: object): OpenJournal {
  const lines = existsSync(file) ? readLines(file) : []
  if (lines.length > 0 && JSON.stringify(lines[0]) !== JSON.stringify(kind)) {
    const written = JSON.stringify(lines[0])
    throw new Error(
      `${file} was written by another version of the Stripe twin: it says ${written}, and this one reads ${JSON.stringify(kind)}. ${whatToDo(file)}`,
    )
  }
  return { journal: journalOf(file, kind), entries: lines.slice(1) }
}

export function whatToDo(file: string): string {
  return `Delete ${file} to begin with a Stripe that knows nothing; payments of before stay in the product's database, and the twin has none of them any more.`
}

function journalOf(file: string, kind: object): Journal {
  let handle: number | null = null
  let length = 0
  const open = () => {
    if (handle === null) throw new Error(`${file} is closed.`)
    return handle
  }
  return {
    append(entry) {
      const bytes = Buffer.from(lineOf(entry))
      try {
        writeAll(open(), bytes)
      } catch (error) {
        ftruncateSync(open(), length)
        throw error
      }
      length += bytes.length
    },
    replace(entries) {
      const draft = `${file}.new`
      const next = openSync(draft, 'w', 0o600)
      let written = 0
      try {
        written = writeLines(next, kind, entries)
        fsyncSync(next)
      } catch (error) {
        rmSync(draft)
        throw error
      } finally {
        closeSync(next)
      }
      renameSync(draft, file)
      if (handle !== null) closeSync(handle)
      handle = openSync(file, 'a')
      length = written
    },
    size: () => length,
    close() {
      if (handle !== null) closeSync(handle)
      handle = null
    },
  }
}

function writeLines(handle: number, kind: object, entries: Iterable<string>): number {
  let written = 0
  let chunk = lineOf(JSON.stringify(kind))
  const flush = () => {
    const bytes = Buffer.from(chunk)
    writeAll(handle, bytes)
    written += bytes.length
    chunk = ''
  }
  for (const entry of entries) {
    chunk += lineOf(entry)
    if (chunk.length > chunkBytes) flush()
  }
  flush()
  return written
}

function writeAll(handle: number, bytes: Buffer): void {
  for (let done = 0; done < bytes.length;) done += writeSync(handle, bytes, done)
}

function lineOf(entry: string): string {
  return `${sumOf(entry)} ${entry}\n`
}

function sumOf(entry: string | Buffer): string {
  return crc32(entry).toString(16).padStart(sumLength, '0')
}

function readLines(file: string): unknown[] {
  const bytes = readFileSync(file)
  const lines: unknown[] = []
  for (let start = 0; start < bytes.length;) {
    const end = bytes.indexOf(newLine, start)
    const entry = entryIn(bytes.subarray(start, end === -1 ? bytes.length : end))
    const isLast = end === -1 || end === bytes.length - 1
    if (entry === null && isLast && lines.length > 0) return lines
    if (entry === null)
      throw new Error(
        lines.length === 0
          ? `${file} is not a file of the Stripe twin, or its first line is broken. ${whatToDo(file)}`
          : `${file} is broken in line ${lines.length + 1}, and there is more behind it. ${whatToDo(file)}`,
      )
    // A line that lacks nothing but its end is torn all the same: the next one would be written into it.
    if (end === -1) return lines
    lines.push(JSON.parse(entry))
    start = end + 1
  }
  return lines
}

/** Null when the line is not whole. */
function entryIn(line: Buffer): string | null {
  const entry = line.subarray(sumLength + 1)
  return line.toString('latin1', 0, sumLength + 1) === `${sumOf(entry)} ` ? entry.toString() : null
}
