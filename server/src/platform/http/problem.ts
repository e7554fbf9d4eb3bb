/** Every error as `application/problem+json` (RFC 9457), with a stable `code`; what is our bug tells nothing more. */
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { databaseFailure, sqlState } from '../db/failures.ts'
import { AppError } from '../errors.ts'
import { basePath } from './aliases.ts'
import { httpErrors } from './errors.ts'
import { maxErrors } from './validation.ts'

/** Seconds after which a 503 is worth another try when nothing better is known. */
const defaultRetrySeconds = 2
/** PostgreSQL says that a text is no value of the type it is compared with (class 22: data exceptions). */
const notOfThisType = new Set(['22007', '22008', '22P02', '22003'])

export type Problem = {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail?: string
  readonly code: string
  readonly requestId: string
  readonly errors?: readonly { pointer: string; message: string }[]
  readonly [extension: string]: unknown
}

/** The AppError that stands for any thrown value; unknown ones become `http.internal_error` with their cause. */
export function toAppError(error: unknown, request?: FastifyRequest): AppError {
  if (error instanceof AppError) return error
  return (
    // First: a caller who hangs up looks like a lost connection, and is not the database's.
    (error instanceof Error ? fromFastify(error as FastifyError) : null) ??
    databaseFailure(error) ??
    fromCursor(error, request) ??
    httpErrors.internal_error({}, { cause: error })
  )
}

/** An error as its caller reads it. What is our fault (5xx) tells its code and nothing of its details. */
export function problemOf(error: AppError, requestId: string): Problem {
  const { retryAfterSeconds: _seconds, headers: _headers, ...told } = error.details
  return {
    ...(error.status >= 500 ? {} : told),
    type: `${basePath}/errors#${error.code}`,
    title: error.message,
    status: error.status,
    code: error.code,
    requestId,
  }
}

export function sendProblem(
  request: FastifyRequest,
  reply: FastifyReply,
  error: AppError,
): FastifyReply {
  const { retryAfterSeconds, headers } = error.details as {
    retryAfterSeconds?: number
    headers?: Record<string, string>
  }
  const retry = retryAfterSeconds ?? (error.status === 503 ? defaultRetrySeconds : null)
  if (retry !== null) void reply.header('retry-after', String(retry))
  if (error.status === 401) void reply.header('www-authenticate', 'Bearer')
  if (headers) void reply.headers(headers)
  return reply
    .code(error.status)
    .type('application/problem+json; charset=utf-8')
    .serializer(JSON.stringify)
    .send(problemOf(error, request.id))
}

/** A cursor that reads well but holds no values of its columns' types is one that somebody made up. */
function fromCursor(error: unknown, request: FastifyRequest | undefined): AppError | null {
  const { cursor } = (request?.query ?? {}) as { cursor?: unknown }
  if (cursor === undefined || !notOfThisType.has(sqlState(error) ?? '')) return null
  return httpErrors.invalid_cursor({}, { cause: error })
}

function fromFastify(error: FastifyError): AppError | null {
  if (error.validation) {
    const where = error.validationContext ?? 'body'
    // A path that cannot be right leads nowhere, like any other that leads nowhere.
    if (where === 'params') return httpErrors.route_not_found()
    const errors = error.validation.slice(0, maxErrors).map(({ instancePath, params, message }) => {
      const missing = (params as { missingProperty?: string; additionalProperty?: string }) ?? {}
      const name = missing.missingProperty ?? missing.additionalProperty
      const pointer =
        (where === 'body' ? '' : `/${where}`) + instancePath + (name ? `/${escaped(name)}` : '')
      if (missing.additionalProperty !== undefined)
        return { pointer, message: 'is not known here; the documentation lists what is' }
      return { pointer, message: message ?? 'is not valid' }
    })
    return httpErrors.invalid_request({ errors })
  }
  const options = { cause: error }
  if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE') return httpErrors.body_too_large({}, options)
  if (error.code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE')
    return httpErrors.unsupported_media_type({}, options)
  if (error.code === 'FST_ERR_CTP_EMPTY_JSON_BODY') return httpErrors.malformed_json({}, options)
  if (typeof error.statusCode === 'number' && error.statusCode >= 400 && error.statusCode < 500)
    return httpErrors.bad_request({}, options)
  return null
}

/** A key as part of a JSON pointer (RFC 6901, section 3). */
export const escaped = (key: string) => key.replaceAll('~', '~0').replaceAll('/', '~1')
