/** What an outage of the database does to jobs whose queue lives in it: it delays them, and that is all. */
import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import { describe, expect } from 'vitest'
import { whileAway } from '../db/testing-outage.ts'
import { defineJob } from './define.ts'
import { fresh, jobsIn, type BenchTest } from './testing-bench.ts'
import { eventually } from './testing-system.ts'

/** A job that nobody noted the end of runs again after so long: longer than any test waits. */
const lockSeconds = 600

export function describeOutages(it: BenchTest): void {
  describe('while the database is away', () => {
    it('a job that ends while the database is away is noted when it is back, and ran once', async ({
      bench,
    }) => {
      const steps: string[] = []
      const end = Promise.withResolvers<void>()
      const job = defineJob(fresh('ends'), { queue: fresh('q') }, async () => {
        steps.push('began')
        await end.promise
        steps.push('ended')
      })
      const system = await bench.start([job], { lockSeconds })
      await system.ctx.tx((tx) => tx.enqueue(job, {}))
      await eventually(
        () => steps,
        (all) => all.length === 1,
      )
      await whileAway(bench.place.databaseUrl, async () => {
        end.resolve()
        await pause(1500)
      })
      await eventually(
        () => jobsIn('completed', system, job).catch(() => []),
        (all) => all.length === 1,
      )
      expect(steps).toEqual(['began', 'ended'])
    })

    it('a job that fails while the database is away runs again when it is back', async ({
      bench,
    }) => {
      const ran: number[] = []
      const policy = { queue: fresh('q'), attempts: 3, backoffSeconds: 0.1 }
      const began = Promise.withResolvers<void>()
      const end = Promise.withResolvers<void>()
      const job = defineJob(fresh('fails'), policy, async (ctx) => {
        ran.push(ran.length)
        began.resolve()
        await end.promise
        await ctx.tx((tx) => tx.db.execute(sql`select 1`))
      })
      const outcomes: string[] = []
      const system = await bench.start([job], {
        lockSeconds,
        onFinished: (_name, outcome) => outcomes.push(outcome),
      })
      await system.ctx.tx((tx) => tx.enqueue(job, {}))
      await began.promise
      await whileAway(bench.place.databaseUrl, async () => {
        end.resolve()
        await pause(1500)
      })
      await eventually(
        () => outcomes,
        (all) => all.includes('done'),
      )
      expect(outcomes).toEqual(['failed', 'done'])
      expect(ran).toHaveLength(2)
    })

    it('a worker that found nobody there looks by itself afterwards, though nobody tells it', async ({
      bench,
    }) => {
      const ran: number[] = []
      const queue = fresh('q')
      const job = defineJob(fresh('untold'), { queue }, async () => {
        ran.push(ran.length)
      })
      const system = await bench.start([job])
      await system.ctx.tx((tx) => tx.enqueue(job, {}))
      await eventually(
        () => ran.length,
        (count) => count === 1,
      )
      await whileAway(bench.place.databaseUrl, () => pause(1500))
      const listening = () =>
        system.db
          .execute(sql`select from pg_stat_activity where application_name = ${queue}`)
          .then(({ rows }) => rows.length)
          .catch(() => 0)
      await eventually(listening, (count) => count > 0)
      await pause(1000)
      // As a job looks that another process put off before it died: nobody is told when its time has come.
      await system.db.execute(sql`
        update bullmq.job set state = 'waiting', finished_at_ms = null, processed_at_ms = null
        where queue = ${queue}`)
      await eventually(
        () => ran.length,
        (count) => count === 2,
      )
    })
  })
}
