/** Dead letters in somebody's hands: sent back to work, one or all of a kind, or thrown away. */
import { and, eq } from 'drizzle-orm'
import type { Ctx, TxCtx } from '../../platform/context.ts'
import { type DeadLetter, type JobSystem, jobErrors, startOf } from '../../platform/jobs/index.ts'
import { events } from '../../platform/tables.ts'
import { jobDiscarded, jobRetried } from './events.ts'

/** As many as one transaction should write. */
const retriedAtOnce = 100

export type Letters = Pick<JobSystem, 'deadLetter' | 'page' | 'wake'>

/** Throws `jobs.not_found` (404), and `jobs.not_a_dead_letter` (409) when somebody else was first. */
export async function retry(ctx: Ctx, jobs: Letters, id: string): Promise<void> {
  const letter = await jobs.deadLetter(id)
  await ctx.tx(async (tx) => {
    if (!(await putBack(tx, letter))) throw jobErrors.not_a_dead_letter({ id, state: 'outbox' })
  })
  await letter.release()
  jobs.wake()
}

/** Sends back the dead letters of a kind, so many at a time; says how many, and how many are left. */
export async function retryAll(
  ctx: Ctx,
  jobs: Letters,
  filter: { name: string },
): Promise<{ retried: number; left: number }> {
  const page = { ...filter, state: 'failed', limit: retriedAtOnce, after: null } as const
  const found = await jobs.page(page)
  const letters: DeadLetter[] = []
  for (const { id } of found.jobs) letters.push(await jobs.deadLetter(id))
  const back = await ctx.tx(async (tx) => {
    const done: DeadLetter[] = []
    for (const letter of letters) if (await putBack(tx, letter)) done.push(letter)
    return done.map(({ view }) => view.id)
  })
  for (const letter of letters) if (back.includes(letter.view.id)) await letter.release()
  jobs.wake()
  return { retried: back.length, left: found.total - found.jobs.length }
}

/** Throws what `retry` does. What was to happen does not; the reason is kept with the fact. */
export async function discard(
  ctx: Ctx,
  jobs: Letters,
  { id, reason }: { id: string; reason: string },
): Promise<void> {
  const letter = await jobs.deadLetter(id)
  const { name, payload } = letter.view
  await ctx.tx(async (tx) => {
    const isOurs = await letter.hold(tx.db)
    // Somebody died between saying so and doing it, or is about to do it: one fact is enough.
    if (await isDiscarded(tx, id)) return
    if (!isOurs) throw jobErrors.not_a_dead_letter({ id, state: 'outbox' })
    const personal = { reason }
    await tx.record(jobDiscarded, id, { name, scheduledFor: startOf(payload) }, { personal })
  })
  await letter.remove()
}

async function putBack(tx: TxCtx, letter: DeadLetter): Promise<boolean> {
  const { id, name } = letter.view
  if (!(await letter.hold(tx.db)) || (await isDiscarded(tx, id))) return false
  await letter.putBack(tx.db)
  await tx.record(jobRetried, id, { name })
  return true
}

/** Asked once it is held. The fact comes before the deed: what is thrown away may still lie there for a moment. */
async function isDiscarded(tx: TxCtx, id: string): Promise<boolean> {
  const isSo = and(eq(events.name, jobDiscarded.name), eq(events.subjectId, id))
  return (await tx.db.$count(events, isSo)) > 0
}
