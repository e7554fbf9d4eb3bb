/** Jobs that a statement wants by itself, when what it finds decides about them (`enqueueBy` of a transaction). */
import { type Placeholder, type SQL, sql } from 'drizzle-orm'
import { jobOutbox } from '../tables.ts'
import type { JobOrigin } from './define.ts'

/** What the process knows of such a job; its payload is the statement's. */
export type JobRow = {
  readonly jobId: string
  readonly jobName: string
  readonly jobOrigin: JobOrigin
  readonly jobRunAt: Date
}

/**
 * The part of a statement that writes the job, and returns its `job_id` where it did: for `db.$with(name).as(…)`.
 * @param wanted.from one row where the job is wanted, none where it is not: `from marked where …`
 * @param wanted.payload made of that row; as small as any job's
 */
export const wantedJob = (
  given: (name: keyof JobRow) => Placeholder,
  { payload, from }: { readonly payload: SQL; readonly from: SQL },
): SQL => sql`
  insert into ${jobOutbox} (id, name, payload, origin, run_at)
  select ${given('jobId')}::uuid, ${given('jobName')}, ${payload}, ${given('jobOrigin')}::jsonb,
    ${given('jobRunAt')}::timestamptz
  ${from} returning id as job_id`
