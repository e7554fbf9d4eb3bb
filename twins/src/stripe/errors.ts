/** The errors of Stripe: its types, codes, statuses and the envelope they come in. */

type ErrorType = 'api_error' | 'card_error' | 'idempotency_error' | 'invalid_request_error'

export type ErrorDetails = {
  code?: string
  param?: string
  /** `decline_code`, `charge`, `payment_intent` and what else only some errors bring. */
  more?: Readonly<Record<string, unknown>>
}

export class StripeError extends Error {
  override readonly name = 'StripeError'
  readonly status: number
  readonly type: ErrorType
  readonly details: ErrorDetails

  constructor(status: number, type: ErrorType, message: string, details: ErrorDetails = {}) {
    super(message)
    this.status = status
    this.type = type
    this.details = details
  }
}

/** What Stripe sends for an error. */
export function envelopeOf(error: StripeError, requestId: string): object {
  const { code, param, more } = error.details
  return {
    error: {
      ...(code !== undefined && { code, doc_url: `https://stripe.com/docs/error-codes/${code}` }),
      message: error.message,
      ...(param !== undefined && { param }),
      request_log_url: `https://dashboard.stripe.com/test/logs/${requestId}`,
      type: error.type,
      ...more,
    },
  }
}

export function invalid(message: string, details: ErrorDetails = {}): StripeError {
  return new StripeError(400, 'invalid_request_error', message, details)
}

/** What Stripe calls the part of a path that names an object. */
const pathParameters = ['dispute', 'id', 'intent', 'invoice', 'session']

/** 404 for an object that a path names, 400 for one that a parameter names. */
export function missing(kind: string, id: string, param = 'id'): StripeError {
  return new StripeError(
    pathParameters.includes(param) ? 404 : 400,
    'invalid_request_error',
    `No such ${kind}: '${id}'`,
    { code: 'resource_missing', param },
  )
}

export function unrecognizedUrl(method: string, path: string): StripeError {
  return new StripeError(
    404,
    'invalid_request_error',
    `Unrecognized request URL (${method}: ${path}). Either it is not part of the API, or this twin does not have it.`,
  )
}

export function unauthorized(message: string): StripeError {
  return new StripeError(401, 'invalid_request_error', message)
}

/** An intent or a session is not in a state in which this can be done. */
export function unexpectedState(message: string, code: string, more = {}): StripeError {
  return invalid(message, { code, more })
}

export function internal(message: string): StripeError {
  return new StripeError(500, 'api_error', message)
}
