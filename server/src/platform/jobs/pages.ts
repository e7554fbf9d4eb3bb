/** Jobs page by page. The store keeps them by queue and state; a page is made of the newest of each. */
import type { JobState, JobView, Inspected } from './inspect.ts'
import { listJobs } from './inspect.ts'

/** So many of each queue and state are looked through: behind more than that nobody pages. */
const depth = 1_000

export type PageFilter = {
  readonly state?: JobState | undefined
  readonly name?: string | undefined
  readonly queue?: string | undefined
}
/** Where a page starts: behind the job that was made at this time and has this id. */
export type After = { readonly at: string; readonly id: string }

export type JobPage = {
  readonly jobs: readonly JobView[]
  readonly total: number
  /** False when there may be more than were looked through. */
  readonly isTotalExact: boolean
}

/** Up to `limit` jobs, newest first. */
export async function pageJobs(
  of: Inspected,
  { state, name, queue, limit, after }: PageFilter & { limit: number; after: After | null },
): Promise<JobPage> {
  const all = await listJobs(of, {
    depth,
    ...(state === undefined ? {} : { state }),
    ...(queue === undefined ? {} : { queue }),
  })
  const found = all
    .filter((job) => name === undefined || job.name === name)
    .toSorted((left, right) => (isBehind(left, afterOf(right)) ? 1 : -1))
  const rest = after === null ? found : found.filter((job) => isBehind(job, after))
  const counts = Map.groupBy(all, (job) => `${job.queue} ${job.state}`)
  return {
    jobs: rest.slice(0, limit),
    total: found.length,
    isTotalExact: [...counts.values()].every(({ length }) => length < depth),
  }
}

export const afterOf = ({ createdAt, id }: JobView): After => ({ at: createdAt.toISOString(), id })

function isBehind(job: JobView, { at, id }: After): boolean {
  const made = job.createdAt.toISOString()
  return made === at ? job.id < id : made < at
}
