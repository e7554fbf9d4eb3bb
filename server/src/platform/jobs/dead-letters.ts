/** Dead letters: jobs that have failed for the last time. They go back to work, or away for good. */
import { eq, sql } from 'drizzle-orm'
import type { Db, Tx } from '../db/index.ts'
import { jobOutbox } from '../tables.ts'
import type { JobOrigin } from './define.ts'
import { jobErrors } from './errors.ts'
import type { StoredJob } from './store.ts'
import { findStored, type Inspected, type JobView, viewOf } from './inspect.ts'

/** While a dead letter moves back through the outbox, its row rests this long should we die in between. */
const restSeconds = 30

export type DeadLetter = {
  readonly view: JobView
  /** Writes it into the outbox, with all its attempts; false when somebody else has done so already. */
  putBack(db: Db | Tx): Promise<boolean>
  /** Once that is committed: takes it out of the store and lets it run. */
  release(): Promise<void>
  /** Takes it out of the store for good. */
  remove(): Promise<void>
}

/** Throws `jobs.not_found` and `jobs.not_a_dead_letter`. */
export async function getDeadLetter(of: Inspected, id: string): Promise<DeadLetter> {
  const job = await findStored(of, id)
  if (!job)
    throw (await isInOutbox(of.db, id)) ? notDead(id, 'outbox') : jobErrors.not_found({ id })
  const state = await job.getState()
  // Taken away between the two questions.
  if (state === 'unknown') throw jobErrors.not_found({ id })
  if (state !== 'failed') throw notDead(id, state)
  const { payload, key } = job.data
  const origin: JobOrigin = job.data.origin
  const nextAt = sql`now() + make_interval(secs => ${restSeconds})`
  return {
    view: viewOf(job, job.queueName, 'failed'),
    putBack: async (db) => {
      const kept = await db
        .insert(jobOutbox)
        .values({ id, name: job.name, key, payload, origin, runAt: new Date(), nextAt })
        .onConflictDoNothing()
        .returning({ id: jobOutbox.id })
      return kept.length === 1
    },
    release: async () => {
      await takeOut(of, job)
      await of.db
        .update(jobOutbox)
        .set({ nextAt: sql`now()` })
        .where(eq(jobOutbox.id, id))
    },
    remove: () => takeOut(of, job),
  }
}

/** Sends one back: through the outbox, so that a crash in between loses nothing. Throws what `getDeadLetter` does. */
export async function retryJob(of: Inspected, id: string): Promise<void> {
  const letter = await getDeadLetter(of, id)
  await letter.putBack(of.db)
  await letter.release()
}

/** One of the stores complains about a job that somebody else has just taken out; then it is out all the same. */
async function takeOut(of: Inspected, job: StoredJob): Promise<void> {
  try {
    await job.remove()
  } catch (error) {
    if (await findStored(of, job.id ?? '')) throw error
  }
}

const notDead = (id: string, state: string) => jobErrors.not_a_dead_letter({ id, state })

const isInOutbox = async (db: Db, id: string) =>
  (await db.$count(jobOutbox, eq(jobOutbox.id, id))) > 0
