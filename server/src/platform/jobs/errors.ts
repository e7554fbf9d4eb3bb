/** Why a job is refused or cannot be found, and which failures are not worth another try. */
import { AppError, defineErrors } from '../errors.ts'

export const jobErrors = defineErrors('jobs', {
  payload_too_large: [413, 'The data of a background job is too large.'],
  not_found: [404, 'There is no such job.'],
  not_a_dead_letter: [409, 'Only a job that has finally failed can be started again.'],
  store_unavailable: [503, 'The queue cannot be reached right now.'],
})

/** Thrown by a job whose repetition would fail in the same way: it becomes a dead letter at once. */
export class PermanentFailure extends Error {
  override readonly name = 'PermanentFailure'
}

/** Refusals that the next try may survive: timeout, conflict, too early, too many requests (RFC 9110, 8470, 6585). */
const temporaryRefusals: readonly number[] = [408, 409, 425, 429]

/**
 * Turns a definite refusal (an AppError with a 4xx status, but 408, 409, 425 and 429) into a PermanentFailure and
 * leaves everything else as it is: `throw asPermanent(error)` in a job that need not try again what was refused.
 */
export function asPermanent(error: unknown): unknown {
  if (!(error instanceof AppError)) return error
  const isDefinite =
    error.status >= 400 && error.status < 500 && !temporaryRefusals.includes(error.status)
  return isDefinite ? new PermanentFailure(error.message, { cause: error }) : error
}
