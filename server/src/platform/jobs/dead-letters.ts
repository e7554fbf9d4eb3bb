/** Dead letters: jobs that have failed for the last time. They go back to work, or away for good. */
import { eq, sql } from 'drizzle-orm'
import type { Db, Tx } from '../db/index.ts'
import { transact } from '../db/transaction.ts'
import { jobOutbox } from '../tables.ts'
import type { JobOrigin } from './define.ts'
import { jobErrors } from './errors.ts'
import type { StoredJob } from './store.ts'
import { findStored, type Inspected, type JobView, viewOf } from './inspect.ts'

/** While a dead letter moves back through the outbox, its row rests this long should we die in between. */
const restSeconds = 30

export type DeadLetter = {
  readonly view: JobView
  /**
   * Until the transaction ends nobody else decides about it; false when somebody else has done so already, even if it is
   * a dead letter anew since.
   */
  hold(tx: Tx): Promise<boolean>
  /** Once it is held: writes it into the outbox, with all its attempts. */
  putBack(tx: Tx): Promise<void>
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
    hold: async (tx) => {
      await tx.execute(sql`select pg_advisory_xact_lock(hashtext(${`jobs.dead_letter:${id}`}))`)
      return !(await isInOutbox(tx, id)) && (await isStill(of, job))
    },
    putBack: async (tx) => {
      await tx
        .insert(jobOutbox)
        .values({ id, name: job.name, key, payload, origin, runAt: new Date(), nextAt })
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
  await transact(of.db, async (tx) => {
    if (!(await letter.hold(tx))) throw notDead(id, 'outbox')
    await letter.putBack(tx)
  })
  await letter.release()
}

/** Still the dead letter that it was: not taken away, and not one that has run and failed since. */
async function isStill(of: Inspected, was: StoredJob): Promise<boolean> {
  const job = await findStored(of, was.id ?? '')
  return job?.finishedOn === was.finishedOn && (await job?.getState()) === 'failed'
}

/** One of the stores complains about a job that somebody else has just taken out; then it is out all the same. */
async function takeOut(of: Inspected, job: StoredJob): Promise<void> {
  try {
    await job.remove()
  } catch (error) {
    if (await isStill(of, job)) throw error
  }
}

const notDead = (id: string, state: string) => jobErrors.not_a_dead_letter({ id, state })

const isInOutbox = async (db: Db | Tx, id: string) =>
  (await db.$count(jobOutbox, eq(jobOutbox.id, id))) > 0
