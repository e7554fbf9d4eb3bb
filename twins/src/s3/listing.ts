/** ListObjectsV2: order, prefixes, folders by delimiter, pages. */
import type { Answer } from './answer.ts'
import { invalidArgument } from './errors.ts'
import type { Call } from './operation.ts'
import { parameter } from './request.ts'
import type { ObjectRecord } from './store.ts'
import { element, group, xmlDocument } from './xml.ts'

type Entry = { kind: 'object'; record: ObjectRecord } | { kind: 'folder'; prefix: string }

const maximumPage = 1000

export function listObjects(call: Call): Answer {
  const query = (name: string) => parameter(call.request, name)
  requireValue('list-type', query('list-type'), ['2'])
  requireValue('encoding-type', query('encoding-type'), [null, 'url'])
  requireValue('fetch-owner', query('fetch-owner'), [null, 'false'])
  const prefix = query('prefix') ?? ''
  const delimiter = query('delimiter') ?? ''
  const token = query('continuation-token')
  const after = token === null ? (query('start-after') ?? '') : readToken(token)
  const limit = readLimit(query('max-keys'))
  const isUrlEncoded = query('encoding-type') === 'url'
  const text = (value: string) => (isUrlEncoded ? encodeURIComponent(value) : value)

  const rest = entriesOf(call.store.list(call.bucket), prefix, delimiter, after)
  const page = rest.slice(0, limit)
  const last = page.at(-1)
  const isTruncated = rest.length > page.length && last !== undefined
  const body = xmlDocument('ListBucketResult', [
    element('Name', call.bucket),
    element('Prefix', text(prefix)),
    ...(delimiter === '' ? [] : [element('Delimiter', text(delimiter))]),
    element('MaxKeys', limit),
    element('KeyCount', page.length),
    element('IsTruncated', isTruncated),
    ...(isUrlEncoded ? [element('EncodingType', 'url')] : []),
    ...(token === null ? [] : [element('ContinuationToken', token)]),
    ...(isTruncated ? [element('NextContinuationToken', writeToken(positionOf(last)))] : []),
    ...page.map((entry) => describeEntry(entry, text)),
  ])
  return { status: 200, body }
}

function entriesOf(
  records: readonly ObjectRecord[],
  prefix: string,
  delimiter: string,
  after: string,
): Entry[] {
  const entries: Entry[] = []
  let folder: string | null = null
  for (const record of records) {
    if (!record.key.startsWith(prefix) || !isAfter(record.key, after)) continue
    const end = delimiter === '' ? -1 : record.key.indexOf(delimiter, prefix.length)
    if (end < 0) {
      entries.push({ kind: 'object', record })
      continue
    }
    const name = record.key.slice(0, end + delimiter.length)
    // A folder already returned on an earlier page covers everything below it.
    if (name !== folder && name !== after) entries.push({ kind: 'folder', prefix: name })
    folder = name
  }
  return entries
}

function describeEntry(entry: Entry, text: (value: string) => string): string {
  if (entry.kind === 'folder')
    return group('CommonPrefixes', [element('Prefix', text(entry.prefix))])
  const { record } = entry
  return group('Contents', [
    element('Key', text(record.key)),
    element('LastModified', new Date(record.modifiedAtMs).toISOString()),
    element('ETag', record.etag),
    ...(record.checksum ? [element('ChecksumAlgorithm', record.checksum.algorithm)] : []),
    element('Size', record.sizeBytes),
    element('StorageClass', record.storageClass),
  ])
}

function positionOf(entry: Entry): string {
  return entry.kind === 'folder' ? entry.prefix : entry.record.key
}

function isAfter(key: string, position: string): boolean {
  return Buffer.compare(Buffer.from(key), Buffer.from(position)) > 0
}

function writeToken(position: string): string {
  return Buffer.from(`1:${position}`).toString('base64url')
}

function readToken(token: string): string {
  const text = Buffer.from(token, 'base64url').toString('utf8')
  if (text.startsWith('1:') && writeToken(text.slice(2)) === token) return text.slice(2)
  throw invalidArgument('The continuation token provided is incorrect', 'continuation-token', token)
}

function readLimit(text: string | null): number {
  if (text === null) return maximumPage
  if (/^\d{1,9}$/.test(text)) return Math.min(Number(text), maximumPage)
  throw invalidArgument(
    'Provided max-keys not an integer or within integer range',
    'max-keys',
    text,
  )
}

function requireValue(name: string, value: string | null, known: readonly (string | null)[]): void {
  if (known.includes(value)) return
  throw invalidArgument(`Invalid value for ${name}`, name, value ?? '')
}
