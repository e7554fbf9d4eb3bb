/** The promises about processes that die, hang or differ in version. Part of the contract; they take long, so together. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { sql } from 'drizzle-orm'
import { describe, expect } from 'vitest'
import { defineJob, type AnyJobType } from './define.ts'
import { superviseWorker } from './supervise.ts'
import { fresh, jobsIn, type BenchTest } from './testing-bench.ts'
import { innocent, processJobs, slow, spin } from './testing-jobs.ts'
import { eventually, type Place, type TestSystem } from './testing-system.ts'

const entry = new URL('testing-worker.ts', import.meta.url)
/** For processes that start and die on a busy machine. */
const longMs = 400_000

export function describeCrashes(name: string, it: BenchTest): void {
  describe.concurrent(`crashes (${name})`, () => {
    it(
      'a job whose worker is killed runs again, and its effect is there once',
      async ({ bench }) => {
        const system = bench.open(processJobs)
        const args = argumentsFor(slow, bench.place)
        const [first, second] = [fork(entry, args), fork(entry, args)]
        try {
          await system.ctx.tx((tx) => tx.enqueue(slow, { subject: 'kill' }, { key: 'kill' }))
          const [began] = await eventually(
            () => effects(system, 'slow.started'),
            (rows) => rows.length === 1,
          )
          const victim = began?.process === first.pid ? first : second
          victim.kill('SIGKILL')

          await eventually(
            () => effects(system, 'slow.done'),
            (rows) => rows.length > 0,
          )
          const starts = await effects(system, 'slow.started')
          expect(starts).toHaveLength(2)
          expect(starts[1]?.process).not.toBe(began?.process)
          expect(await effects(system, 'slow.done')).toHaveLength(1)
        } finally {
          for (const child of [first, second]) await end(child)
        }
      },
      longMs,
    )

    it('draining is bounded: a job that will not end is left behind and runs again elsewhere', async ({
      bench,
    }) => {
      let starts = 0
      const job = defineJob(fresh('stubborn'), { queue: fresh('q'), attempts: 1 }, async () => {
        starts += 1
        if (starts === 1) await new Promise(() => {})
      })
      const one = await bench.start([job], { lockSeconds: 1 })
      await one.ctx.tx((tx) => tx.enqueue(job, {}))
      await eventually(
        () => starts,
        (number) => number === 1,
      )

      expect(await one.jobs.drain(0.2)).toEqual({ isDrained: false, left: 1 })
      await one.jobs.close()
      await bench.start([job], { lockSeconds: 1 })
      await eventually(
        () => starts,
        (number) => number === 2,
      )
    })

    it('a job of a newer version waits in the outbox for a process that knows it', async ({
      bench,
    }) => {
      const ran: string[] = []
      const queue = fresh('q')
      const known = defineJob(fresh('known'), { queue }, async () => {
        ran.push('known')
      })
      const unknown = defineJob(fresh('unknown'), { queue }, async () => {
        ran.push('unknown')
      })
      const old = await bench.start([known])
      await old.ctx.tx(async (tx) => {
        await tx.enqueue(unknown, {})
        await tx.enqueue(known, {})
      })
      await eventually(
        () => ran,
        (all) => all.includes('known'),
      )
      expect(await jobsIn('outbox', old, unknown)).toMatchObject([{ queue: null }])

      await bench.start([known, unknown])
      await eventually(
        () => ran,
        (all) => all.includes('unknown'),
      )
    })

    it(
      'a job that spins for ever is stopped for good, and the others get their turn',
      async ({ bench }) => {
        const system = bench.open(processJobs)
        const lost: string[] = []
        const worker = superviseWorker({
          entry,
          args: argumentsFor(spin, bench.place),
          heartbeatTimeoutSeconds: 1.5,
          log: { info: () => {}, warn: () => {}, error: () => {} },
          onLost: (reason) => lost.push(reason),
        })
        try {
          await system.ctx.tx(async (tx) => {
            await tx.enqueue(spin, {})
            for (let n = 0; n < 5; n += 1) await tx.enqueue(innocent, { subject: `innocent ${n}` })
          })

          system.jobs.startRelay()
          const [letter] = await eventually(
            () => jobsIn('failed', system, spin),
            (all) => all.length > 0,
          )
          const helped = await eventually(
            async () => new Set((await effects(system, 'innocent')).map(({ subject }) => subject)),
            (subjects) => subjects.size >= 5,
          )
          expect(letter?.error).toContain('stalled')
          expect(helped.size).toBe(5)
          expect(await jobsIn('failed', system, innocent)).toEqual([])
          expect(lost.length).toBeGreaterThanOrEqual(1)
        } finally {
          await worker.stop(5)
        }
      },
      longMs,
    )
  })
}

const argumentsFor = (job: AnyJobType, { databaseUrl, redisUrl }: Place) =>
  redisUrl ? [job.policy.queue, databaseUrl, redisUrl] : [job.policy.queue, databaseUrl]

type Effect = { readonly name: string; readonly subject: string; readonly process: number }

async function effects({ db }: TestSystem, name: string): Promise<readonly Effect[]> {
  const { rows } = await db.execute<Effect>(
    sql`select name, subject, process from job_effects where name = ${name} order by at`,
  )
  return rows
}

async function end(child: ReturnType<typeof fork>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  await ended
}
