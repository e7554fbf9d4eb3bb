/** One request as S3 sees it: bucket, key, query and headers, decoded exactly once. */
import type { IncomingMessage } from 'node:http'
import { S3Error } from './errors.ts'

export type S3Request = {
  readonly method: string
  /** The decoded path, from which the canonical path is built again. */
  readonly path: string
  readonly bucket: string | null
  readonly key: string | null
  readonly query: readonly (readonly [name: string, value: string])[]
  /** Lower-case names; repeated headers joined by commas. */
  readonly headers: ReadonlyMap<string, string>
}

const maximumKeyBytes = 1024

export function readRequest(message: IncomingMessage): S3Request {
  const target = message.url ?? ''
  const mark = target.indexOf('?')
  const rawPath = mark < 0 ? target : target.slice(0, mark)
  if (!rawPath.startsWith('/')) throw invalidUri()
  const path = decode(rawPath)
  const { bucket, key } = splitPath(path)
  return {
    method: message.method ?? '',
    path,
    bucket,
    key,
    query: mark < 0 ? [] : readQuery(target.slice(mark + 1)),
    headers: readHeaders(message.rawHeaders),
  }
}

/** The single value of a query parameter, or null. Twice the same name is refused. */
export function parameter(request: Pick<S3Request, 'query'>, name: string): string | null {
  const values = request.query.filter(([candidate]) => candidate === name)
  if (values.length > 1) {
    throw new S3Error('InvalidArgument', 400, `The query parameter ${name} is given more than once`)
  }
  return values[0]?.[1] ?? null
}

function splitPath(path: string): { bucket: string | null; key: string | null } {
  const slash = path.indexOf('/', 1)
  const bucket = slash < 0 ? path.slice(1) : path.slice(1, slash)
  const key = slash < 0 ? '' : path.slice(slash + 1)
  if (bucket === '' && key !== '') throw invalidUri()
  if (Buffer.byteLength(key) > maximumKeyBytes) {
    throw new S3Error('KeyTooLongError', 400, 'Your key is too long', {
      MaxSizeAllowed: String(maximumKeyBytes),
    })
  }
  return { bucket: bucket === '' ? null : bucket, key: key === '' ? null : key }
}

function readQuery(source: string): [string, string][] {
  return source
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const equals = pair.indexOf('=')
      const [name, value] =
        equals < 0 ? [pair, ''] : [pair.slice(0, equals), pair.slice(equals + 1)]
      return [decode(name.replaceAll('+', ' ')), decode(value.replaceAll('+', ' '))]
    })
}

function readHeaders(raw: readonly string[]): Map<string, string> {
  const headers = new Map<string, string>()
  for (let index = 0; index < raw.length; index += 2) {
    const name = (raw[index] ?? '').toLowerCase()
    const value = (raw[index + 1] ?? '').trim()
    const earlier = headers.get(name)
    if (earlier !== undefined && ['host', 'authorization', 'content-length'].includes(name)) {
      throw new S3Error('InvalidRequest', 400, `The header ${name} is given more than once`)
    }
    headers.set(name, earlier === undefined ? value : `${earlier},${value}`)
  }
  return headers
}

function decode(text: string): string {
  try {
    const decoded = decodeURIComponent(text)
    if (decoded.includes('\0')) throw invalidUri()
    return decoded
  } catch {
    throw invalidUri()
  }
}

function invalidUri(): S3Error {
  return new S3Error('InvalidURI', 400, "Couldn't parse the specified URI.")
}
