/** What the HTTP layer itself says no to. */
import { defineErrors } from '../errors.ts'

export const httpErrors = defineErrors('http', {
  invalid_request: [422, 'The request is not valid.'],
  malformed_json: [400, 'The body is not valid JSON.'],
  too_deep: [400, 'The body is nested too deeply (more than 32 levels).'],
  unsupported_media_type: [415, 'This content type is not accepted here.'],
  body_too_large: [413, 'The body is too large.'],
  route_not_found: [404, 'There is nothing at this address.'],
  method_not_allowed: [
    405,
    'This address does not answer to this method.',
    'Use a method named in `Allow`.',
  ],
  bad_request: [400, 'The request cannot be understood.'],
  precondition_failed: [412, 'The resource has changed since you read it.'],
  invalid_cursor: [422, 'The cursor is not one of ours.', 'Start again without a cursor.'],
  idempotency_key_required: [
    400,
    'This request needs an Idempotency-Key header.',
    'Send a new random key with each new intent, and the same one when you retry.',
  ],
  invalid_idempotency_key: [400, 'An Idempotency-Key has 1 to 255 printable ASCII characters.'],
  idempotency_key_reused: [
    422,
    'This Idempotency-Key was used for a different request.',
    'Use a new key for a new request.',
  ],
  idempotency_in_progress: [
    409,
    'The first request with this Idempotency-Key is still running.',
    'Wait for the seconds given in `Retry-After`, then send it again.',
  ],
  csrf_token_invalid: [
    403,
    'The CSRF token is missing or wrong.',
    'Get a token from `GET /api/v1/csrf-token` and send it in the `X-CSRF-Token` header.',
  ],
  origin_not_allowed: [
    403,
    'This origin may not send requests here.',
    'Add the origin to CORS_ORIGINS if it is yours.',
  ],
  shutting_down: [503, 'This server is shutting down.'],
  internal_error: [500, 'Something went wrong on our side.', 'Report it, with the request id.'],
})

/** What the guard at every door says. */
export const accessErrors = defineErrors('access', {
  unauthenticated: [401, 'Sign in first.'],
  forbidden: [403, 'You may not do this.'],
  session_required: [
    403,
    'Only somebody who is signed in may do this, not a key.',
    'Sign in, and send the session’s cookie or access token.',
  ],
  step_up_required: [
    403,
    'Show once more that it is you.',
    'Send a factor of yours to `POST /api/v1/auth/step-up`, then repeat the request.',
  ],
  impersonated: [
    403,
    'Only the owner of this account may do this.',
    'End the impersonation with `POST /api/v1/admin/impersonation/end`.',
  ],
  read_only: [403, 'This token only reads.'],
})
