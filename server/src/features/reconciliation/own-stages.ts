/** Stages that need nobody but us: requests that nobody ends, work that nobody does, and the ledger by itself. */
import { lte, sql } from 'drizzle-orm'
import type { ReadCtx } from '../../platform/context.ts'
import { one } from '../../platform/db/one.ts'
import { jobOutbox } from '../../platform/tables.ts'
import { readInboxLag } from '../inbox/index.ts'
import { checkLedger } from '../ledger/index.ts'
import { textOf } from './comparison.ts'
import { type Difference, differenceOf } from './drift-classes.ts'
import type { Stage } from './work.ts'

/** Sweepers run by the minute: what has been due for so long is nobody's turn. */
const lagMinutes = 15
/** Enough to know that something is wrong. */
const mostOverdue = 100

/** What was sent, and nobody knows what became of it, for longer than its sweeper tries. */
export const overdue: Stage = async ({ ctx, sources }) => {
  const differences: Difference[] = []
  for (const source of sources)
    for (const known of await source.listOverdue(ctx, mostOverdue))
      differences.push(
        differenceOf({
          class: 'overdue',
          kind: source.kind,
          ref: known.ref ?? known.ourId,
          ourId: known.ourId,
          expected: `an outcome for ${textOf(known.price)}`,
          found: 'none',
        }),
      )
  return { next: null, scanned: differences.length, differences }
}

/** I9: what waits in the inbox and in the outbox is being worked on. */
export const lagging: Stage = async ({ ctx }) => {
  const { oldestDueSeconds } = await readInboxLag(ctx)
  const late = [
    { ref: 'inbox', isLate: (oldestDueSeconds ?? 0) > lagMinutes * 60 },
    { ref: 'outbox', isLate: await isOutboxLate(ctx) },
  ].filter(({ isLate }) => isLate)
  return {
    next: null,
    scanned: 2,
    differences: late.map(({ ref }) =>
      differenceOf({
        class: 'lagging',
        kind: 'queue',
        ref,
        expected: `worked on within ${lagMinutes} minutes`,
        found: 'longer',
      }),
    ),
  }
}

/** I0 to I8. */
export const ledger: Stage = async ({ ctx }) => {
  const { invariants, findings } = await checkLedger(ctx)
  const broken = invariants.filter(({ isGood }) => !isGood)
  return {
    next: null,
    scanned: invariants.length,
    differences: broken.map(({ id, description, broken: times }) => {
      const first = findings.find(({ invariant }) => invariant === id)
      return differenceOf({
        class: 'ledger_broken',
        kind: 'invariant',
        ref: id,
        expected: description,
        found: `broken ${times} times; ${first?.subject}: ${first?.found}, not ${first?.expected}`,
      })
    }),
  }
}

async function isOutboxLate({ db }: ReadCtx): Promise<boolean> {
  const { waiting } = one(
    await db
      .select({ waiting: sql`count(*)`.mapWith(Number) })
      .from(jobOutbox)
      .where(lte(jobOutbox.runAt, sql`now() - make_interval(mins => ${lagMinutes})`)),
  )
  return waiting > 0
}
