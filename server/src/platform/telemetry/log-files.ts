/** The log files combined.log and error.log: appended to, bounded in size, shared by all processes of a machine. */
import { closeSync, fstatSync, mkdirSync, openSync, renameSync, rmSync, statSync } from 'node:fs'
import path from 'node:path'
import pino from 'pino'
import { type Batch, createBatch } from './log-batch.ts'

export type LogFileOptions = {
  /** A file that grew beyond this is renamed to `NAME.1.log`, and `NAME.1.log` to `NAME.2.log` … */
  readonly maxBytes: number
  /** Renamed files kept; the oldest is deleted. */
  readonly keptFiles: number
  /** How often the size is looked at; between two looks a file may grow past its bound. */
  readonly checkSeconds: number
  readonly onError: (error: Error) => void
}

export const logFileDefaults = { maxBytes: 50 * 1024 * 1024, keptFiles: 5, checkSeconds: 5 }

/** Lines waiting for a disk that does not take them; what comes on top is dropped, so that memory stays bounded. */
const maxBufferedBytes = 16 * 1024 * 1024
/** A lock this old was left behind by a process that was killed while it renamed. */
const staleLockMs = 10_000

/**
 * Opens a file for appending, creating its directory. Rotation is our own, because it must be right for several
 * processes that share the file: one renames under a lock, the others notice and follow. It follows an
 * external `logrotate` the same way. Throws when the directory cannot be made or written.
 */
export function openLogFile(file: string, options: LogFileOptions): Batch {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o750 })
  let current = open(file, options.onError)
  const batch = createBatch(() => current.stream)
  let hasWritten = false
  const look = () => {
    if (!hasWritten) return
    hasWritten = false
    try {
      if (isOverfull(file, options.maxBytes)) rotate(file, options)
      if (statSync(file, { throwIfNoEntry: false })?.ino === current.inode) return
      const renamed = current
      current = open(file, options.onError)
      // Writes what it still holds, then closes.
      renamed.stream.end()
    } catch (error) {
      options.onError(error instanceof Error ? error : new Error(String(error)))
    }
  }
  const timer = setInterval(look, options.checkSeconds * 1000)
  timer.unref()
  return {
    ...batch,
    write(lines) {
      hasWritten = true
      batch.write(lines)
    },
    close() {
      clearInterval(timer)
      return batch.close()
    },
  }
}

/** Opened here and now: sonic-boom would open later, and lose the lines of a process that ends before. */
function open(file: string, onError: (error: Error) => void) {
  const fd = openSync(file, 'a', 0o640)
  const stream = pino.destination({ dest: fd, sync: false, maxLength: maxBufferedBytes })
  stream.on('error', onError)
  return { stream, inode: fstatSync(fd).ino }
}

function isOverfull(file: string, maxBytes: number): boolean {
  return (statSync(file, { throwIfNoEntry: false })?.size ?? 0) > maxBytes
}

function rotate(file: string, options: LogFileOptions): void {
  const lock = `${file}.lock`
  if (!takeLock(lock)) return
  try {
    // Somebody else may have renamed between our look and our lock.
    if (!isOverfull(file, options.maxBytes)) return
    const { dir, name, ext } = path.parse(file)
    const numbered = (number: number) => path.join(dir, `${name}.${number}${ext}`)
    rmSync(numbered(options.keptFiles), { force: true })
    for (let number = options.keptFiles - 1; number >= 1; number -= 1) {
      moveIfThere(numbered(number), numbered(number + 1))
    }
    renameSync(file, numbered(1))
  } finally {
    rmSync(lock, { force: true })
  }
}

function takeLock(lock: string): boolean {
  try {
    closeSync(openSync(lock, 'wx'))
    return true
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error
    const heldSince = statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? 0
    if (Date.now() - heldSince > staleLockMs) rmSync(lock, { force: true })
    return false
  }
}

function moveIfThere(from: string, to: string): void {
  try {
    renameSync(from, to)
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
