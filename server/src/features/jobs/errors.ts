/** What the jobs room says no to; the queue itself has more (platform/jobs). */
import { defineErrors } from '../../platform/errors.ts'

export const errors = defineErrors('jobs', {
  schedule_not_found: [404, 'The clock starts no job of this name.'],
  waits_already: [409, 'One of these waits already, and runs next.'],
})
