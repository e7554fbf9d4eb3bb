/** Jobs of the inbox room by name; the work takes those who apply what was learnt (with-appliers.ts). */
import { defineJob } from '../../platform/jobs/define.ts'

/** Longer than a provider's slowest answer; then the lease is somebody else's to take. */
export const lookSeconds = 60

/** Its own pauses are in the object's row, for the sweeper to see; a job that fails did not reach the database. */
export const syncObject = defineJob(
  'inbox.sync_object',
  { queue: 'inbox', attempts: 5, backoffSeconds: 5, timeoutSeconds: lookSeconds },
  async (_ctx, _payload: { objectId: string }) => {
    throw new Error('this job needs the appliers: take it from inboxJobs()')
  },
)
