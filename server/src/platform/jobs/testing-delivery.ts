/** The promises about getting a job from a transaction to its run: all of them, once, in time. Part of the contract. */
import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import { describe, expect } from 'vitest'
import { claimRows } from './claim.ts'
import { registerSchedules, tick } from './cron.ts'
import { defineJob, type AnyJobType } from './define.ts'
import type { JobEntry } from './store.ts'
import { fresh, jobsIn, type BenchTest } from './testing-bench.ts'
import { eventually, type TestSystem } from './testing-system.ts'

export function describeDelivery(name: string, it: BenchTest): void {
  describe(`delivery (${name})`, () => {
    it('a job runs once its transaction is committed, on behalf of who wanted it', async ({
      bench,
    }) => {
      const seen: unknown[] = []
      const job = defineJob(
        fresh('greet'),
        { queue: fresh('q') },
        async (ctx, payload: { to: string }) => {
          seen.push([payload, ctx.actor.kind, ctx.actor.id, ctx.actor.onBehalfOf, ctx.requestId])
        },
      )
      const system = await bench.start([job])

      await system.ctx.tx((tx) => tx.enqueue(job, { to: 'ada' }))

      await eventually(
        () => seen,
        (runs) => runs.length === 1,
      )
      expect(seen).toEqual([[{ to: 'ada' }, 'system', `job:${job.name}`, 'user-1', 'request-1']])
    })

    it('a job of a transaction that was rolled back never runs', async ({ bench }) => {
      const seen: string[] = []
      const job = defineJob(
        fresh('mark'),
        { queue: fresh('q') },
        async (_ctx, payload: { id: string }) => {
          seen.push(payload.id)
        },
      )
      const system = await bench.start([job])

      const failed = system.ctx.tx(async (tx) => {
        await tx.enqueue(job, { id: 'rolled back' })
        throw new Error('changed my mind')
      })
      await expect(failed).rejects.toThrow('changed my mind')
      await system.ctx.tx((tx) => tx.enqueue(job, { id: 'committed' }))

      await eventually(
        () => seen,
        (runs) => runs.includes('committed'),
      )
      expect(seen).toEqual(['committed'])
    })

    it('a payload over 256 KiB is refused and nothing is stored', async ({ bench }) => {
      const job = defineJob(fresh('bulk'), { queue: fresh('q') }, async () => {})
      const system = bench.open([job])

      const refused = system.ctx.tx((tx) => tx.enqueue(job, { text: 'x'.repeat(300_000) }))

      await expect(refused).rejects.toMatchObject({ code: 'jobs.payload_too_large', status: 413 })
      expect(await jobsIn('outbox', system, job)).toEqual([])
    })

    it('a job is not run before its time', async ({ bench }) => {
      const ran: number[] = []
      const job = defineJob(fresh('later'), { queue: fresh('q') }, async () => {
        ran.push(Date.now())
      })
      const tomorrow = defineJob(fresh('tomorrow'), { queue: fresh('q') }, async () => {})
      const system = await bench.start([job, tomorrow])
      const runAt = new Date(Date.now() + 1_200)

      await system.ctx.tx(async (tx) => {
        await tx.enqueue(job, {}, { runAt })
        await tx.enqueue(tomorrow, {}, { runAt: new Date(Date.now() + 86_400_000) })
      })

      await eventually(
        () => jobsIn('delayed', system, tomorrow),
        (jobs) => jobs.length === 1,
      )
      await eventually(
        () => ran,
        (times) => times.length === 1,
      )
      expect(ran[0]).toBeGreaterThanOrEqual(runAt.getTime())
    })

    it('a job of high priority overtakes those that wait', async ({ bench }) => {
      const ran: string[] = []
      const queue = fresh('q')
      const normal = defineJob(fresh('normal'), { queue }, async (_ctx, payload: { n: number }) => {
        ran.push(`normal ${payload.n}`)
      })
      const urgent = defineJob(fresh('urgent'), { queue, priority: 'high' }, async () => {
        ran.push('urgent')
      })
      const system = bench.open([normal, urgent], { concurrency: { [queue]: 1 } })
      await system.ctx.tx(async (tx) => {
        for (const n of [1, 2, 3]) await tx.enqueue(normal, { n })
        await tx.enqueue(urgent, {})
      })

      system.jobs.startRelay()
      await eventually(
        () => system.jobs.counts(),
        (counts) => counts.queues[queue]?.waiting === 4,
      )
      await system.jobs.startWorkers()

      await eventually(
        () => ran,
        (names) => names.length === 4,
      )
      expect(ran).toEqual(['urgent', 'normal 1', 'normal 2', 'normal 3'])
    })

    it('twenty enqueues of one key at the same time have one effect', async ({ bench }) => {
      const ran: unknown[] = []
      const job = defineJob(fresh('once'), { queue: fresh('q') }, async (_ctx, payload: object) => {
        ran.push(payload)
      })
      const one = await bench.start([job])
      const two = await bench.start([job])

      await Promise.all(
        Array.from({ length: 20 }, (_, n) =>
          (n % 2 ? one : two).ctx.tx((tx) => tx.enqueue(job, { n }, { key: 'welcome' })),
        ),
      )
      await eventually(
        () => jobsIn('outbox', one, job),
        (rows) => rows.length === 0,
      )
      await one.ctx.tx((tx) => tx.enqueue(job, { n: 'another key' }, { key: 'goodbye' }))

      await eventually(
        () => ran,
        (all) => all.length >= 2,
      )
      expect(ran).toHaveLength(2)
    })

    it('a relay that dies between handing over and deleting causes no second run', async ({
      bench,
    }) => {
      const ran: string[] = []
      const job = defineJob(
        fresh('handover'),
        { queue: fresh('q') },
        async (_ctx, payload: { id: string }) => {
          ran.push(payload.id)
        },
      )
      const system = bench.open([job])
      await system.ctx.tx(async (tx) => {
        await tx.enqueue(job, { id: 'plain' })
        await tx.enqueue(job, { id: 'keyed' }, { key: 'k' })
      })
      const store = bench.openStore()
      const entries = await claimEntries(system, job)
      await eventually(() => store.isReachable(), Boolean)
      expect(await store.add(entries)).toEqual([null, null])

      await endLeases(system)
      system.jobs.startRelay()
      await system.jobs.startWorkers()
      await eventually(
        () => jobsIn('outbox', system, job),
        (left) => left.length === 0,
      )
      await eventually(
        () => jobsIn('completed', system, job),
        (jobs) => jobs.length === 2,
      )
      expect(ran.toSorted()).toEqual(['keyed', 'plain'])
    })

    it('a keyed job that the store has forgotten is still not run a second time', async ({
      bench,
    }) => {
      let runs = 0
      const job = defineJob(fresh('forgotten'), { queue: fresh('q') }, async () => {
        runs += 1
      })
      const system = bench.open([job])
      await system.ctx.tx((tx) => tx.enqueue(job, {}, { key: 'k' }))
      const store = bench.openStore()
      const entries = await claimEntries(system, job)
      const id = entries[0]?.id ?? ''
      await eventually(() => store.isReachable(), Boolean)
      await store.add(entries)
      await system.jobs.startWorkers()
      const queue = await store.queue(job.policy.queue)
      const isFinished = async () => (await queue.getJob(id))?.finishedOn !== undefined
      await eventually(isFinished, Boolean)

      await (await queue.getJob(id))?.remove()
      expect(await store.add(entries)).toEqual([null])
      await eventually(isFinished, Boolean)
      expect(runs).toBe(1)
    })

    it('each tick of the clock starts one job, whatever the number of processes', async ({
      bench,
    }) => {
      const ran: string[] = []
      const job = defineJob(
        fresh('clock'),
        { cron: '0 0 1 1 *', queue: fresh('q') },
        async (_ctx, { scheduledFor }: { scheduledFor: string }) => {
          ran.push(scheduledFor)
        },
      )
      const system = await bench.start([job])
      await bench.start([job])
      const due = await makeDue(system, job)
      await Promise.all([1, 2, 3, 4, 5].map(() => tick(system.db, [job.name])))
      await eventually(
        () => ran,
        (all) => all.length > 0,
      )
      // Both clocks look once more.
      await pause(1_200)

      const { rows } = await system.db.execute(
        sql`select next_at > now() as is_ahead from platform_job_schedules where name = ${job.name}`,
      )
      expect(rows).toEqual([{ is_ahead: true }])
      expect(ran).toEqual([due])
    })

    it('a removed clock job disappears when no process knows it any more', async ({ bench }) => {
      const job = defineJob(
        fresh('old_clock'),
        { cron: '* * * * *', queue: fresh('q') },
        async () => {},
      )
      const system = bench.open([job])
      const known = async () =>
        (await system.db.execute(sql`select from platform_job_schedules where name = ${job.name}`))
          .rows.length
      await registerSchedules(system.db, [job], true)
      await registerSchedules(system.db, [], true)
      expect(await known()).toBe(1)

      await system.db.execute(
        sql`update platform_job_schedules set seen_at = now() - interval '1 hour' where name = ${job.name}`,
      )
      await registerSchedules(system.db, [], true)
      expect(await known()).toBe(0)
    })
  })
}

/** Lets claimed rows become due, as time would. */
async function endLeases({ db }: TestSystem): Promise<void> {
  await db.execute(sql`update platform_job_outbox set next_at = now()`)
}

/** Claims like a relay, which then dies. */
async function claimEntries({ db }: TestSystem, job: AnyJobType): Promise<readonly JobEntry[]> {
  const rows = await claimRows(db, [job.name], 10)
  return rows.map(({ id, name, key, payload, origin, ...row }) => ({
    id,
    name,
    policy: job.policy,
    data: { key, payload, origin, createdAt: row.created_at, runAt: row.run_at },
  }))
}

async function makeDue({ db }: TestSystem, job: AnyJobType): Promise<string> {
  const due = new Date(Math.floor(Date.now() / 60_000) * 60_000).toISOString()
  const move = () =>
    db.execute(sql`
      update platform_job_schedules set next_at = ${due}::timestamptz where name = ${job.name} returning name`)
  await eventually(move, ({ rows }) => rows.length === 1)
  return due
}
