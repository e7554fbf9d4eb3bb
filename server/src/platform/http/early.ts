/** Answers to what never gets as far as a route: bytes that are no HTTP, paths nobody can decode, hosts left out. */
import { STATUS_CODES, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { AppError } from '../errors.ts'
import { httpErrors } from './errors.ts'
import { securityHeaders } from './headers.ts'
import { problemOf } from './problem.ts'

/** Statuses of what Node's HTTP parser refuses; everything else it refuses is 400. */
const parserStatuses: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
}

/** The error to answer with when the router itself could not read a path: too long a part names nothing of ours. */
export function routerError(error: { code?: string }): AppError {
  return error.code === 'FST_ERR_MAX_PARAM_LENGTH'
    ? httpErrors.route_not_found()
    : httpErrors.bad_request()
}

/** Sends a problem with every fixed header, past the framework and its hooks. */
export function refuseEarly(response: ServerResponse, error: AppError, requestId: string): void {
  const body = JSON.stringify(problemOf(error, requestId))
  response.writeHead(error.status, headersFor(body, { 'x-request-id': requestId }))
  response.end(body)
}

/** What the HTTP parser refused never becomes a request: one short answer, then the connection is closed. */
export function refuseBrokenRequest(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const status = parserStatuses[error.code ?? ''] ?? 400
  const { code, message } = httpErrors.bad_request
  const body = JSON.stringify({ type: 'about:blank', title: message, status, code })
  const head = Object.entries(headersFor(body, { connection: 'close' }))
  socket.end(
    [
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
      ...head.map(([name, value]) => `${name}: ${value}`),
      '',
      body,
    ].join('\r\n'),
  )
}

function headersFor(body: string, others: Record<string, string>): Record<string, string> {
  return {
    ...securityHeaders,
    ...others,
    'content-type': 'application/problem+json; charset=utf-8',
    'content-length': String(Buffer.byteLength(body)),
  }
}
