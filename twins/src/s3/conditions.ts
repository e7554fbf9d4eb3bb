/** Conditional requests and byte ranges on objects (RFC 9110, in the subset S3 has). */
import { invalidArgument, notImplemented, preconditionFailed, S3Error } from './errors.ts'
import type { ObjectRecord, PutCondition } from './store.ts'

type Headers = ReadonlyMap<string, string>
export type ByteRange = { start: number; end: number }

/** Throws 412 or 304 when a reader's condition does not hold. */
export function checkReadConditions(headers: Headers, record: ObjectRecord): void {
  const modifiedAtSeconds = Math.floor(record.modifiedAtMs / 1000)
  const ifMatch = headers.get('if-match')
  const ifNoneMatch = headers.get('if-none-match')
  const unmodifiedSince = readDate(headers, 'if-unmodified-since')
  const modifiedSince = readDate(headers, 'if-modified-since')
  if (ifMatch !== undefined) {
    if (!matches(ifMatch, record)) throw preconditionFailed('If-Match')
  } else if (unmodifiedSince !== null && modifiedAtSeconds > unmodifiedSince) {
    throw preconditionFailed('If-Unmodified-Since')
  }
  const isUnchanged =
    ifNoneMatch === undefined
      ? modifiedSince !== null && modifiedAtSeconds <= modifiedSince
      : matches(ifNoneMatch, record)
  if (isUnchanged) throw new S3Error('NotModified', 304, 'Not Modified')
}

export function readPutCondition(headers: Headers): PutCondition {
  const ifNoneMatch = headers.get('if-none-match')
  if (ifNoneMatch !== undefined && ifNoneMatch !== '*') {
    throw notImplemented('If-None-Match with a value other than *')
  }
  return { isOnlyIfAbsent: ifNoneMatch === '*', ifEtag: headers.get('if-match') ?? null }
}

/** Null means the whole object, also for a range that is not understood, as S3 does. */
export function readRange(headers: Headers, sizeBytes: number): ByteRange | null {
  const header = headers.get('range')
  if (header === undefined) return null
  if (header.includes(',')) throw notImplemented('more than one range')
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(header) ?? []
  if (first === undefined || last === undefined || first + last === '') return null
  const start = first === '' ? Math.max(0, sizeBytes - Number(last)) : Number(first)
  const end = first === '' || last === '' ? sizeBytes - 1 : Math.min(Number(last), sizeBytes - 1)
  if (last !== '' && first !== '' && Number(last) < start) return null
  if (start >= sizeBytes || (first === '' && Number(last) === 0)) {
    throw new S3Error('InvalidRange', 416, 'The requested range is not satisfiable', {
      RangeRequested: header,
      ActualObjectSize: String(sizeBytes),
    })
  }
  return { start, end }
}

function matches(header: string, record: ObjectRecord): boolean {
  const etags = header.split(',').map((each) => each.trim())
  return etags.some((each) => each === '*' || each.replaceAll('"', '') === bare(record.etag))
}

function bare(etag: string): string {
  return etag.replaceAll('"', '')
}

/** Whole seconds since 1970. */
function readDate(headers: Headers, name: string): number | null {
  const text = headers.get(name)
  if (text === undefined) return null
  const time = Date.parse(text)
  if (Number.isNaN(time)) throw invalidArgument('The date is not valid', name, text)
  return Math.floor(time / 1000)
}
