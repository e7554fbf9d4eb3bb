/** Finds the operation a request asks for, and refuses whatever that operation does not understand. */
import { isSignatureParameter } from './authentication.ts'
import { bucketOperations } from './buckets.ts'
import { invalidArgument, notImplemented, S3Error } from './errors.ts'
import { multipartOperations } from './multipart.ts'
import { objectOperations } from './objects.ts'
import type { Operation } from './operation.ts'
import { isHeaderValue } from './properties.ts'
import type { S3Request } from './request.ts'

const operations = [...bucketOperations, ...objectOperations, ...multipartOperations]

/** Part of signing, transport or the client's self-description: meant for no operation. */
const transportHeaders = [
  'x-amz-content-sha256',
  'x-amz-date',
  'x-amz-decoded-content-length',
  'x-amz-trailer',
  'x-amz-user-agent',
]

export function findOperation(request: S3Request, headers: ReadonlyMap<string, string>): Operation {
  const target = targetOf(request)
  const names = request.query.map(([name]) => name)
  const [operation] = operations
    .filter((each) => each.method === request.method && each.target === target)
    .filter((each) => (each.selectedBy ?? []).every((name) => names.includes(name)))
    .filter((each) => !each.selectedByHeader || headers.has(each.selectedByHeader))
    .sort((a, b) => specificity(b) - specificity(a))
  if (!operation) throw unknownOperation(request)
  checkParameters(operation, request)
  checkHeaders(operation, headers)
  return operation
}

/** A presigned URL may carry x-amz- headers in its query: to S3 they are headers. */
export function effectiveHeaders(
  request: S3Request,
  isPresigned: boolean,
  trailers: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const headers = new Map([...request.headers, ...trailers])
  if (!isPresigned) return headers
  for (const [name, value] of request.query) {
    const header = name.toLowerCase()
    if (!isHoisted(name)) continue
    if (!isHeaderValue(value)) {
      throw invalidArgument('Header value cannot be represented using ISO-8859-1.', name, value)
    }
    const other = headers.get(header)
    if (other !== undefined && other !== value) {
      throw invalidArgument('The header and the query parameter differ', name, value)
    }
    headers.set(header, value)
  }
  return headers
}

function checkParameters(operation: Operation, request: S3Request): void {
  const known = [...(operation.selectedBy ?? []), ...(operation.parameters ?? [])]
  for (const [name, value] of request.query) {
    // The SDK names the operation it believes it is calling.
    if (name === 'x-id' && value === operation.name) continue
    if (known.includes(name) || isSignatureParameter(name) || isHoisted(name)) continue
    throw notImplemented(`query parameter ${name} on ${operation.name}`)
  }
}

function checkHeaders(operation: Operation, headers: ReadonlyMap<string, string>): void {
  const known = [...transportHeaders, ...(operation.headers ?? [])]
  if (operation.selectedByHeader) known.push(operation.selectedByHeader)
  for (const name of headers.keys()) {
    const isMeant = /^(?:x-amz-|if-)|^(?:range|content-md5)$/.test(name)
    if (!isMeant || isSignatureHeader(name)) continue
    const isKnown = known.some((each) =>
      each.endsWith('*') ? name.startsWith(each.slice(0, -1)) : name === each,
    )
    if (!isKnown) throw notImplemented(`header ${name} on ${operation.name}`)
  }
}

function targetOf(request: S3Request): Operation['target'] {
  if (request.bucket === null) return 'service'
  return request.key === null ? 'bucket' : 'object'
}

function specificity(operation: Operation): number {
  return (operation.selectedBy?.length ?? 0) + (operation.selectedByHeader ? 1 : 0)
}

function isHoisted(name: string): boolean {
  return name.toLowerCase().startsWith('x-amz-') && !isSignatureParameter(name)
}

function isSignatureHeader(name: string): boolean {
  return /^x-amz-(?:algorithm|credential|expires|signedheaders|signature)$/.test(name)
}

function unknownOperation(request: S3Request): S3Error {
  if (operations.some((each) => each.method === request.method)) {
    return notImplemented(`${request.method} ${targetOf(request)} with these parameters`)
  }
  return new S3Error(
    'MethodNotAllowed',
    405,
    'The specified method is not allowed against this resource.',
    { Method: request.method },
  )
}
