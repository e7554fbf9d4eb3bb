/** Jobs that tests enqueue here and run in another process. */
import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import type { Ctx } from '../context.ts'
import { defineJob } from './define.ts'

type Subject = { readonly subject: string }

async function leave(ctx: Ctx, name: string, subject: string): Promise<void> {
  await ctx.tx(async (tx) => {
    await tx.db.execute(sql`
      insert into job_effects (name, subject, process) values (${name}, ${subject}, ${process.pid})`)
  })
}

/** Says that it began, takes its time, then has its effect, once per subject. */
export const slow = defineJob('test.slow', { queue: 'slow' }, async (ctx, { subject }: Subject) => {
  await leave(ctx, 'slow.started', subject)
  await pause(700)
  await ctx.tx(async (tx) => {
    await tx.db.execute(sql`
      insert into job_effects (name, subject, process)
      select 'slow.done', ${subject}, ${process.pid}
      where not exists (select from job_effects where name = 'slow.done' and subject = ${subject})`)
  })
})

const together = 'poison'

/** Never lets go of the event loop. */
export const spin = defineJob('test.spin', { queue: together, attempts: 3 }, async (ctx) => {
  await leave(ctx, 'spin', 'started')
  for (;;);
})

/** Needs more memory than its process may have, outside the heap. */
export const devour = defineJob('test.devour', { queue: together, attempts: 3 }, async (ctx) => {
  await leave(ctx, 'devour', 'started')
  const held: Buffer[] = []
  for (;;) {
    held.push(Buffer.alloc(32 * 1024 * 1024, held.length))
    await pause(20)
  }
})

/** Shares the queue with the poisonous ones, and takes long enough to be caught with them. */
export const innocent = defineJob(
  'test.innocent',
  { queue: together, backoffSeconds: 0.1 },
  async (ctx, { subject }: Subject) => {
    await pause(100)
    await leave(ctx, 'innocent', subject)
  },
)

export const processJobs = [slow, spin, devour, innocent]
