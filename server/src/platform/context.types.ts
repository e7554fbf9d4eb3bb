/** Compile-time proofs of the three contexts: each `@ts-expect-error` is a line that must not compile. */
import type { Ctx, ReadCtx, TxCtx } from './context.ts'
import { type EventType, type Fact, defineEvent } from './events/index.ts'
import type { JobType } from './jobs/define.ts'
import { events } from './tables.ts'

declare const ctx: Ctx
declare const tx: TxCtx
declare const read: ReadCtx
declare const fact: Fact
declare const job: JobType<'test.remind', { userId: string }>
declare function query(c: ReadCtx): Promise<void>
declare function command(c: TxCtx): Promise<void>
declare function flow(c: Ctx): Promise<void>
const happened: EventType<'test.happened', { count: number }> = defineEvent<{ count: number }>()(
  'test.happened',
)

export async function whatEachContextMayDo(): Promise<void> {
  await query(read)
  await query(ctx)
  await query(tx) // A query reads its own transaction's writes.
  await ctx.tx((inner) => command(inner))
  await tx.record(happened, 'subject', { count: 1 })
  await tx.enqueue(job, { userId: 'someone' }, { key: 'once' })
  await tx.invalidate('user:someone')
  await tx.enqueueBy(job, async ({ jobId }) => ({ isWanted: jobId !== '' }))
  await ctx.atOnce((inner) => command(inner))
  await ctx.recordRefusal(fact)

  // @ts-expect-error a command cannot run without a transaction
  await command(ctx)
  // @ts-expect-error a command cannot run with a reader's rights
  await command(read)
  // @ts-expect-error a flow cannot start inside a transaction
  await flow(tx)
  // @ts-expect-error a flow cannot start from a reader
  await flow(read)
}

export async function whatNoContextMayDo(): Promise<void> {
  // @ts-expect-error readers cannot write
  await read.db.insert(events)
  // @ts-expect-error the edge writes only through a transaction
  await ctx.db.insert(events)
  // @ts-expect-error nor can it delete
  await ctx.db.delete(events)
  // @ts-expect-error nor can it send any statement it likes
  await ctx.db.execute('drop table platform_events')
  // @ts-expect-error nor open a transaction that `ctx.tx` does not know of
  await ctx.db.transaction(async () => {})
  // @ts-expect-error the outside world is out of reach inside a transaction
  await tx.ports.mail.send({})
  // @ts-expect-error no transaction inside a transaction
  await tx.tx(async () => {})
  // @ts-expect-error nor one of a single statement
  await tx.atOnce(async () => {})
  // @ts-expect-error a statement that wants a job says whether it did
  await tx.enqueueBy(job, async () => ({}))
  // @ts-expect-error a refusal is recorded after the transaction, never in it
  await tx.recordRefusal(fact)
  // @ts-expect-error the edge states facts only in a transaction
  await ctx.record(happened, 'subject', { count: 1 })
  // @ts-expect-error and enqueues only in one
  await ctx.enqueue(job, { userId: 'someone' })
  // @ts-expect-error and invalidates only in one
  await ctx.invalidate('user:someone')
}

export async function whatFactsAndJobsCarry(): Promise<void> {
  // @ts-expect-error an event's data has the shape it was declared with
  await tx.record(happened, 'subject', { count: 'one' })
  // @ts-expect-error none of it may be missing
  await tx.record(happened, 'subject', {})
  // @ts-expect-error a job's payload too
  await tx.enqueue(job, { userId: 1 })
  // @ts-expect-error settings are read, never changed
  ctx.settings.port = 1
  // @ts-expect-error who calls cannot be changed on the way
  ctx.actor.id = 'somebody else'
}
