/** Every error as `application/problem+json` (RFC 9457), with a stable `code`; what is our bug tells nothing more. */
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { databaseFailure } from '../db/failures.ts'
import { AppError } from '../errors.ts'
import { basePath } from './aliases.ts'
import { httpErrors } from './errors.ts'

/** Seconds after which a 503 is worth another try when nothing better is known. */
const defaultRetrySeconds = 2

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
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error
  return (
    databaseFailure(error) ??
    fromFastify(error as FastifyError) ??
    httpErrors.internal_error({}, { cause: error })
  )
}

export function sendProblem(
  request: FastifyRequest,
  reply: FastifyReply,
  error: AppError,
): FastifyReply {
  const { retryAfterSeconds, headers, detail, errors, ...rest } = error.details as {
    retryAfterSeconds?: number
    headers?: Record<string, string>
    detail?: string
    errors?: Problem['errors']
  }
  const retry = retryAfterSeconds ?? (error.status === 503 ? defaultRetrySeconds : null)
  if (retry !== null) void reply.header('retry-after', String(retry))
  if (error.status === 401) void reply.header('www-authenticate', 'Bearer')
  if (headers) void reply.headers(headers)
  const problem: Problem = {
    type: `${basePath}/errors#${error.code}`,
    title: error.message,
    status: error.status,
    ...(detail === undefined ? {} : { detail }),
    code: error.code,
    requestId: request.id,
    ...(errors ? { errors } : {}),
    ...(error.status >= 500 ? {} : rest),
  }
  return reply
    .code(error.status)
    .type('application/problem+json; charset=utf-8')
    .serializer(JSON.stringify)
    .send(problem)
}

function fromFastify(error: FastifyError): AppError | null {
  if (error.validation) {
    const where = error.validationContext ?? 'body'
    const errors = error.validation.map(({ instancePath, params, message }) => {
      const missing = (params as { missingProperty?: string; additionalProperty?: string }) ?? {}
      const name = missing.missingProperty ?? missing.additionalProperty
      const pointer =
        (where === 'body' ? '' : `/${where}`) + instancePath + (name ? `/${name}` : '')
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
