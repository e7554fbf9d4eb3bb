/** The promises about running jobs: retries, limits, shutdown, and what one can see of it. Part of the contract. */
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect } from 'vitest'
import { defineJob } from './define.ts'
import { PermanentFailure } from './index.ts'
import { fresh, jobsIn, type BenchTest } from './testing-bench.ts'
import { eventually } from './testing-system.ts'

export function describeRunning(name: string, it: BenchTest): void {
  describe(`running (${name})`, () => {
    it('a job that fails runs again, after pauses that grow', async ({ bench }) => {
      const ran: number[] = []
      const policy = { queue: fresh('q'), backoffSeconds: 0.2, attempts: 4 }
      const job = defineJob(fresh('flaky'), policy, async () => {
        ran.push(Date.now())
        if (ran.length < 3) throw new Error('not yet')
      })
      const outcomes: string[] = []
      const system = await bench.start([job], {
        onFinished: (_name, outcome) => outcomes.push(outcome),
      })

      await system.ctx.tx((tx) => tx.enqueue(job, {}))

      await eventually(
        () => outcomes,
        (all) => all.includes('done'),
      )
      expect(outcomes).toEqual(['failed', 'failed', 'done'])
      const [first = 0, second = 0, third = 0] = ran
      expect(second - first).toBeGreaterThanOrEqual(150)
      expect(third - second).toBeGreaterThanOrEqual(310)
    })

    it('after its last attempt a job is a dead letter, which can be sent back', async ({
      bench,
    }) => {
      let isBroken = true
      const done: string[] = []
      const wasLast: (boolean | undefined)[] = []
      const policy = { queue: fresh('q'), backoffSeconds: 0.01, attempts: 2 }
      type Payload = { id: string }
      const job = defineJob(fresh('broken'), policy, async (_ctx, { id }: Payload, _, isLast) => {
        wasLast.push(isLast)
        if (isBroken) throw new Error('the other side is down')
        done.push(id)
      })
      const system = await bench.start([job])
      await system.ctx.tx((tx) => tx.enqueue(job, { id: 'letter' }))
      const [letter] = await eventually(
        () => jobsIn('failed', system, job),
        (all) => all.length > 0,
      )
      expect(letter).toMatchObject({
        payload: { id: 'letter' },
        attempts: 2,
        maxAttempts: 2,
        error: 'the other side is down',
      })
      expect(wasLast).toEqual([false, true])

      isBroken = false
      await system.jobs.retry(letter?.id ?? '')

      await eventually(
        () => done,
        (all) => all.length === 1,
      )
      expect(await jobsIn('failed', system, job)).toEqual([])
      await expect(system.jobs.retry(letter?.id ?? '')).rejects.toMatchObject({
        code: 'jobs.not_a_dead_letter',
      })
    })

    it('a job that says it can never succeed is not tried again', async ({ bench }) => {
      let runs = 0
      const job = defineJob(fresh('refused'), { queue: fresh('q'), attempts: 5 }, async () => {
        runs += 1
        throw new PermanentFailure('there is no such mailbox')
      })
      const system = await bench.start([job])

      await system.ctx.tx((tx) => tx.enqueue(job, {}))

      const [letter] = await eventually(
        () => jobsIn('failed', system, job),
        (all) => all.length > 0,
      )
      expect(letter).toMatchObject({ error: 'there is no such mailbox' })
      expect(runs).toBe(1)
    })

    it('a job that hangs is stopped by its time limit and its place is free again', async ({
      bench,
    }) => {
      const seen: string[] = []
      const queue = fresh('q')
      const policy = { queue, timeoutSeconds: 0.3, attempts: 1 }
      const hang = defineJob(fresh('hang'), policy, async (_ctx, _payload: object, signal) => {
        signal.addEventListener('abort', () => seen.push('told to stop'))
        await new Promise(() => {})
      })
      const next = defineJob(fresh('next'), { queue }, async () => {
        seen.push('next')
      })
      const system = await bench.start([hang, next], { concurrency: { [queue]: 1 } })

      await system.ctx.tx((tx) => tx.enqueue(hang, {}))
      await system.ctx.tx((tx) => tx.enqueue(next, {}))

      await eventually(
        () => seen,
        (all) => all.includes('next'),
      )
      expect(seen).toEqual(['told to stop', 'next'])
      const [letter] = await eventually(
        () => jobsIn('failed', system, hang),
        (all) => all.length > 0,
      )
      expect(letter).toMatchObject({ error: 'took longer than 0.3 s' })
    })

    it('no more jobs of a queue run at a time than it is allowed', async ({ bench }) => {
      let now = 0
      let most = 0
      let ended = 0
      const queue = fresh('q')
      const job = defineJob(fresh('busy'), { queue }, async () => {
        now += 1
        most = Math.max(most, now)
        await pause(60)
        now -= 1
        ended += 1
      })
      const system = await bench.start([job], { concurrency: { [queue]: 2 } })

      await system.ctx.tx(async (tx) => {
        for (let n = 0; n < 8; n += 1) await tx.enqueue(job, {})
      })

      await eventually(
        () => ended,
        (number) => number === 8,
      )
      expect(most).toBe(2)
    })

    it('draining waits for running jobs and takes no others', async ({ bench }) => {
      const seen: string[] = []
      const queue = fresh('q')
      const job = defineJob(fresh('work'), { queue }, async (_ctx, payload: { n: number }) => {
        seen.push(`start ${payload.n}`)
        await pause(400)
        seen.push(`end ${payload.n}`)
      })
      const system = await bench.start([job], { concurrency: { [queue]: 1 } })
      await system.ctx.tx(async (tx) => {
        for (const n of [1, 2]) await tx.enqueue(job, { n })
      })
      await eventually(
        () => seen,
        (all) => all.includes('start 1'),
      )

      expect(await system.jobs.drain(10)).toEqual({ isDrained: true, left: 0 })
      expect(seen).toEqual(['start 1', 'end 1'])
    })

    it('a job that stops when told to keeps its attempt and runs elsewhere at once', async ({
      bench,
    }) => {
      let starts = 0
      const done: string[] = []
      const job = defineJob(
        fresh('polite'),
        { queue: fresh('q'), attempts: 1 },
        async (_ctx, _payload: object, signal) => {
          starts += 1
          if (starts > 1) return void done.push('done')
          await pause(60_000, null, { signal })
        },
      )
      const one = await bench.start([job])
      await one.ctx.tx((tx) => tx.enqueue(job, {}))
      await eventually(
        () => starts,
        (number) => number === 1,
      )

      expect(await one.jobs.drain(0.2)).toEqual({ isDrained: true, left: 0 })
      await bench.start([job])
      await eventually(
        () => done,
        (all) => all.length === 1,
      )
    })

    it('health and counts tell what waits and what failed', async ({ bench }) => {
      const queue = fresh('q')
      const job = defineJob(fresh('sad'), { queue, attempts: 1 }, async () => {
        throw new Error('sad')
      })
      const system = await bench.start([job])
      await system.ctx.tx((tx) => tx.enqueue(job, {}))

      const counts = await eventually(
        () => system.jobs.counts(),
        ({ queues }) => queues[queue]?.failed === 1,
      )
      expect(counts.queues[queue]).toEqual({
        waiting: 0,
        active: 0,
        delayed: 0,
        failed: 1,
        completed: 0,
        oldestWaitingSeconds: 0,
      })
      // Not `pass`: what other tests left in the outbox may be a minute old by now.
      expect((await system.jobs.check()).status).not.toBe('fail')
    })
  })
}
