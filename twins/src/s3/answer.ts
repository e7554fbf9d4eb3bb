/** What goes back over the wire: results, and errors in S3's own XML. */
import type { ServerResponse } from 'node:http'
import type { S3Error } from './errors.ts'
import { element, xmlDocument } from './xml.ts'

export type Answer = {
  status: number
  headers?: Record<string, string>
  /** A string is XML. */
  body?: string | Uint8Array
}

export function sendAnswer(response: ServerResponse, answer: Answer, requestId: string): void {
  const body = typeof answer.body === 'string' ? Buffer.from(answer.body) : answer.body
  response.writeHead(answer.status, {
    ...(typeof answer.body === 'string' && { 'content-type': 'application/xml' }),
    ...(answer.status !== 204 && answer.status !== 304 && { 'content-length': body?.length ?? 0 }),
    ...answer.headers,
    'x-amz-request-id': requestId,
    'x-amz-id-2': requestId,
    server: 'S3Twin',
  })
  response.end(body)
}

export function errorAnswer(error: S3Error, resource: string, requestId: string): Answer {
  const body = xmlDocument(
    'Error',
    [
      element('Code', error.code),
      element('Message', error.message),
      ...Object.entries(error.fields).map(([name, value]) => element(name, value)),
      element('Resource', resource),
      element('RequestId', requestId),
    ],
    null,
  )
  return error.status === 304 ? { status: 304 } : { status: error.status, body }
}
