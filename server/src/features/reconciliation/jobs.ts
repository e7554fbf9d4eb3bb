/** Jobs of the reconciliation room by name; the work takes what the rooms know (with-sources.ts). */
import { defineJob } from '../../platform/jobs/define.ts'

/** What is not done by then is gone on with, where it is, by the sweeper. */
const runSeconds = 1800

export const runNow = defineJob(
  'reconciliation.run',
  { queue: 'maintenance', attempts: 1, timeoutSeconds: runSeconds },
  async (_ctx, _payload: { runId: string }) => {
    throw new Error('this job needs the sources: take it from reconciliationJobs()')
  },
)
