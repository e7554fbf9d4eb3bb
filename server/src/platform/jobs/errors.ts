/** Why a job is refused or cannot be found, and which failures are not worth another try. */
import { defineErrors } from '../errors.ts'

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
