/** What both stores promise. Run by postgres.test.ts and redis.test.ts. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import { afterEach, describe, expect, test } from 'vitest'
import { claimRows } from './claim.ts'
import { registerSchedules, tick } from './cron.ts'
import { defineJob, type AnyJobType } from './define.ts'
import { PermanentFailure } from './index.ts'
import { openPostgresStore } from './store-postgres.ts'
import { openRedisStore } from './store-redis.ts'
import type { JobEntry, JobStore } from './store.ts'
import { superviseWorker } from './supervise.ts'
import { innocent, processJobs, slow, spin } from './testing-jobs.ts'
import { eventually, openSystem, type OpenOptions, type Place, type TestSystem } from './testing.ts'

const entry = new URL('testing-worker.ts', import.meta.url)
const longMs = 45_000

export function describeJobs(name: string, place: () => Place): void {
  const opened: { close(): Promise<void> }[] = []
  let count = 0
  /** A name nobody else uses, for a job or a queue: tests share the store. */
  const fresh = (word: string) => `${word}_${(count += 1)}`

  function open(types: readonly AnyJobType[], options: OpenOptions = {}): TestSystem {
    const system = openSystem(place(), types, options)
    opened.push(system)
    return system
  }

  async function start(types: readonly AnyJobType[], options: OpenOptions = {}): Promise<TestSystem> {
    const system = open(types, options)
    system.jobs.startRelay()
    await system.jobs.startWorkers()
    return system
  }

  function openStore(): JobStore {
    const { databaseUrl, redisUrl } = place()
    const options = { databaseUrl, databaseRole: null, queueCount: 2, onError: () => {}, redisUrl }
    const store = redisUrl ? openRedisStore({ ...options, redisUrl }) : openPostgresStore(options)
    opened.push(store)
    return store
  }

  const withState = (system: TestSystem, job: AnyJobType, state: 'failed' | 'delayed' | 'outbox') =>
    system.jobs.list({ name: job.name, state })

  afterEach(async () => {
    for (const thing of opened.splice(0)) await thing.close()
  })

  describe(`enqueueing (${name})`, () => {
    test('a job runs once its transaction is committed, on behalf of who wanted it', async () => {
      const seen: unknown[] = []
      const job = defineJob(fresh('greet'), { queue: fresh('q') }, async (ctx, payload: { to: string }) => {
        seen.push([payload, ctx.actor.kind, ctx.actor.id, ctx.actor.onBehalfOf, ctx.requestId])
      })
      const system = await start([job])

      await system.ctx.tx((tx) => tx.enqueue(job, { to: 'ada' }))

      await eventually(() => seen, (runs) => runs.length === 1)
      expect(seen).toEqual([[{ to: 'ada' }, 'system', `job:${job.name}`, 'user-1', 'request-1']])
    })

    test('a job of a transaction that was rolled back never runs', async () => {
      const seen: string[] = []
      const job = defineJob(fresh('mark'), { queue: fresh('q') }, async (_ctx, payload: { id: string }) => {
        seen.push(payload.id)
      })
      const system = await start([job])

      const failed = system.ctx.tx(async (tx) => {
        await tx.enqueue(job, { id: 'rolled back' })
        throw new Error('changed my mind')
      })
      await expect(failed).rejects.toThrow('changed my mind')
      await system.ctx.tx((tx) => tx.enqueue(job, { id: 'committed' }))

      await eventually(() => seen, (runs) => runs.includes('committed'))
      expect(seen).toEqual(['committed'])
    })

    test('a payload over 256 KiB is refused and nothing is stored', async () => {
      const job = defineJob(fresh('bulk'), { queue: fresh('q') }, async () => {})
      const system = open([job])

      const refused = system.ctx.tx((tx) => tx.enqueue(job, { text: 'x'.repeat(300_000) }))

      await expect(refused).rejects.toMatchObject({ code: 'jobs.payload_too_large', status: 413 })
      expect(await withState(system, job, 'outbox')).toEqual([])
    })

    test('a job is not run before its time', async () => {
      const ran: number[] = []
      const job = defineJob(fresh('later'), { queue: fresh('q') }, async () => {
        ran.push(Date.now())
      })
      const system = await start([job])
      const runAt = new Date(Date.now() + 1_200)

      await system.ctx.tx((tx) => tx.enqueue(job, {}, { runAt }))

      await eventually(() => withState(system, job, 'delayed'), (jobs) => jobs.length === 1)
      await eventually(() => ran, (times) => times.length === 1)
      expect(ran[0]).toBeGreaterThanOrEqual(runAt.getTime())
    })

    test('a job of high priority overtakes those that wait', async () => {
      const ran: string[] = []
      const queue = fresh('q')
      const normal = defineJob(fresh('normal'), { queue }, async (_ctx, payload: { n: number }) => {
        ran.push(`normal ${payload.n}`)
      })
      const urgent = defineJob(fresh('urgent'), { queue, priority: 'high' }, async () => {
        ran.push('urgent')
      })
      const system = open([normal, urgent], { concurrency: { [queue]: 1 } })
      await system.ctx.tx(async (tx) => {
        for (const n of [1, 2, 3]) await tx.enqueue(normal, { n })
        await tx.enqueue(urgent, {})
      })

      system.jobs.startRelay()
      await eventually(() => system.jobs.counts(), (counts) => counts.queues[queue]?.waiting === 4)
      await system.jobs.startWorkers()

      await eventually(() => ran, (names) => names.length === 4)
      expect(ran).toEqual(['urgent', 'normal 1', 'normal 2', 'normal 3'])
    })
  })

  describe(`failing (${name})`, () => {
    test('a job that fails runs again, after pauses that grow', async () => {
      const ran: number[] = []
      const policy = { queue: fresh('q'), backoffSeconds: 0.2, attempts: 4 }
      const job = defineJob(fresh('flaky'), policy, async () => {
        ran.push(Date.now())
        if (ran.length < 3) throw new Error('not yet')
      })
      const outcomes: string[] = []
      const system = await start([job], { onFinished: (_name, outcome) => outcomes.push(outcome) })

      await system.ctx.tx((tx) => tx.enqueue(job, {}))

      await eventually(() => outcomes, (all) => all.includes('done'))
      expect(outcomes).toEqual(['failed', 'failed', 'done'])
      const [first = 0, second = 0, third = 0] = ran
      expect(second - first).toBeGreaterThanOrEqual(150)
      expect(third - second).toBeGreaterThanOrEqual(310)
    })

    test('after its last attempt a job is a dead letter, which can be sent back', async () => {
      let isBroken = true
      const done: string[] = []
      const policy = { queue: fresh('q'), backoffSeconds: 0.01, attempts: 2 }
      const job = defineJob(fresh('broken'), policy, async (_ctx, payload: { id: string }) => {
        if (isBroken) throw new Error('the other side is down')
        done.push(payload.id)
      })
      const system = await start([job])
      await system.ctx.tx((tx) => tx.enqueue(job, { id: 'letter' }))
      const [letter] = await eventually(() => withState(system, job, 'failed'), (all) => all.length > 0)
      expect(letter).toMatchObject({
        payload: { id: 'letter' },
        attempts: 2,
        maxAttempts: 2,
        error: 'the other side is down',
      })

      isBroken = false
      await system.jobs.retry(letter?.id ?? '')

      await eventually(() => done, (all) => all.length === 1)
      expect(await withState(system, job, 'failed')).toEqual([])
      await expect(system.jobs.retry(letter?.id ?? '')).rejects.toMatchObject({
        code: 'jobs.not_a_dead_letter',
      })
    })

    test('a job that says it can never succeed is not tried again', async () => {
      let runs = 0
      const job = defineJob(fresh('refused'), { queue: fresh('q'), attempts: 5 }, async () => {
        runs += 1
        throw new PermanentFailure('there is no such mailbox')
      })
      const system = await start([job])

      await system.ctx.tx((tx) => tx.enqueue(job, {}))

      const [letter] = await eventually(() => withState(system, job, 'failed'), (all) => all.length > 0)
      expect(letter).toMatchObject({ error: 'there is no such mailbox' })
      expect(runs).toBe(1)
    })

    test('a job that hangs is stopped by its time limit and its place is free again', async () => {
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
      const system = await start([hang, next], { concurrency: { [queue]: 1 } })

      await system.ctx.tx((tx) => tx.enqueue(hang, {}))
      await system.ctx.tx((tx) => tx.enqueue(next, {}))

      await eventually(() => seen, (all) => all.includes('next'))
      expect(seen).toEqual(['told to stop', 'next'])
      const [letter] = await eventually(() => withState(system, hang, 'failed'), (all) => all.length > 0)
      expect(letter).toMatchObject({ error: 'took longer than 0.3 s' })
    })
  })

  describe(`exactly once (${name})`, () => {
    test('twenty enqueues of one key at the same time have one effect', async () => {
      const ran: unknown[] = []
      const job = defineJob(fresh('once'), { queue: fresh('q') }, async (_ctx, payload: object) => {
        ran.push(payload)
      })
      const one = await start([job])
      const two = await start([job])

      await Promise.all(
        Array.from({ length: 20 }, (_, n) =>
          (n % 2 ? one : two).ctx.tx((tx) => tx.enqueue(job, { n }, { key: 'welcome' })),
        ),
      )
      await eventually(() => withState(one, job, 'outbox'), (rows) => rows.length === 0)
      await one.ctx.tx((tx) => tx.enqueue(job, { n: 'another key' }, { key: 'goodbye' }))

      await eventually(() => ran, (all) => all.length >= 2)
      expect(ran).toHaveLength(2)
    })

    test('a relay that dies between handing over and deleting causes no second run', async () => {
      const ran: string[] = []
      const job = defineJob(fresh('handover'), { queue: fresh('q') }, async (_ctx, payload: { id: string }) => {
        ran.push(payload.id)
      })
      const system = open([job])
      await system.ctx.tx(async (tx) => {
        await tx.enqueue(job, { id: 'plain' })
        await tx.enqueue(job, { id: 'keyed' }, { key: 'k' })
      })
      const store = openStore()
      await eventually(() => store.isReachable(), Boolean)
      const rows = await claimRows(system.db, [job.name], 10)
      const entries = rows.map((row): JobEntry => ({
        id: row.id,
        name: row.name,
        policy: job.policy,
        data: { ...row, createdAt: row.created_at, runAt: row.run_at },
      }))
      expect(await store.add(entries)).toEqual([null, null])

      await endLeases(system)
      system.jobs.startRelay()
      await system.jobs.startWorkers()
      await eventually(() => withState(system, job, 'outbox'), (left) => left.length === 0)
      await eventually(() => ran, (all) => all.length >= 2)
      expect(ran.toSorted()).toEqual(['keyed', 'plain'])

      // Even when the store has forgotten the keyed job, its key has not been.
      const queue = await store.queue(job.policy.queue)
      const keyed = entries.find(({ data }) => data.key === 'k')
      await eventually(async () => (await queue.getJob(keyed?.id ?? ''))?.finishedOn, Boolean)
      await (await queue.getJob(keyed?.id ?? ''))?.remove()
      if (keyed) expect(await store.add([keyed])).toEqual([null])
      await eventually(async () => (await queue.getJob(keyed?.id ?? ''))?.finishedOn, Boolean)
      expect(ran.toSorted()).toEqual(['keyed', 'plain'])
    })

    test('a job whose worker is killed runs again, and its effect is there once', async () => {
      const system = open(processJobs)
      const { databaseUrl, redisUrl } = place()
      const args = redisUrl ? [databaseUrl, redisUrl] : [databaseUrl]
      const [first, second] = [fork(entry, args), fork(entry, args)]
      try {
        await system.ctx.tx((tx) => tx.enqueue(slow, { subject: 'kill' }, { key: 'kill' }))
        const [began] = await eventually(
          () => effects(system, 'slow.started'),
          (rows) => rows.length === 1,
        )
        const victim = began?.process === first.pid ? first : second
        victim.kill('SIGKILL')

        await eventually(() => effects(system, 'slow.done'), (rows) => rows.length > 0)
        const starts = await effects(system, 'slow.started')
        expect(starts).toHaveLength(2)
        expect(starts[1]?.process).not.toBe(began?.process)
        expect(await effects(system, 'slow.done')).toHaveLength(1)
      } finally {
        for (const child of [first, second]) await end(child)
      }
    }, longMs)

    test('each tick of the clock starts one job, whatever the number of processes', async () => {
      const ran: string[] = []
      const job = defineJob(
        fresh('clock'),
        { cron: '0 0 1 1 *', queue: fresh('q') },
        async (_ctx, { scheduledFor }: { scheduledFor: string }) => {
          ran.push(scheduledFor)
        },
      )
      const systems = await Promise.all([start([job]), start([job]), start([job])])
      const [system] = systems
      const due = await makeDue(system, job)
      await eventually(() => ran, (all) => all.length > 0)
      await Promise.all(systems.map(({ db }) => tick(db, [job.name])))

      const { rows } = await system.db.execute(
        sql`select last_at, next_at > now() as is_ahead from platform_job_schedules where name = ${job.name}`,
      )
      expect(rows).toMatchObject([{ is_ahead: true }])
      expect(ran).toEqual([due])
    })

    test('a removed clock job disappears when no process knows it any more', async () => {
      const job = defineJob(fresh('old_clock'), { cron: '* * * * *', queue: fresh('q') }, async () => {})
      const system = open([job])
      const known = async () =>
        (await system.db.execute(sql`select from platform_job_schedules where name = ${job.name}`)).rows.length
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

  describe(`running (${name})`, () => {
    test('no more jobs of a queue run at a time than it is allowed', async () => {
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
      const system = await start([job], { concurrency: { [queue]: 2 } })

      await system.ctx.tx(async (tx) => {
        for (let n = 0; n < 8; n += 1) await tx.enqueue(job, {})
      })

      await eventually(() => ended, (number) => number === 8)
      expect(most).toBe(2)
    })

    test('draining waits for running jobs and takes no others', async () => {
      const seen: string[] = []
      const queue = fresh('q')
      const job = defineJob(fresh('work'), { queue }, async (_ctx, payload: { n: number }) => {
        seen.push(`start ${payload.n}`)
        await pause(400)
        seen.push(`end ${payload.n}`)
      })
      const system = await start([job], { concurrency: { [queue]: 1 } })
      await system.ctx.tx(async (tx) => {
        for (const n of [1, 2]) await tx.enqueue(job, { n })
      })
      await eventually(() => seen, (all) => all.includes('start 1'))

      expect(await system.jobs.drain(10)).toEqual({ isDrained: true, left: 0 })
      expect(seen).toEqual(['start 1', 'end 1'])
    })

    test('draining is bounded: a job that will not end is left behind and runs again elsewhere', async () => {
      let starts = 0
      const job = defineJob(fresh('stubborn'), { queue: fresh('q'), attempts: 1 }, async () => {
        starts += 1
        if (starts === 1) await new Promise(() => {})
      })
      const one = await start([job])
      await one.ctx.tx((tx) => tx.enqueue(job, {}))
      await eventually(() => starts, (number) => number === 1)

      expect(await one.jobs.drain(0.2)).toEqual({ isDrained: false, left: 1 })
      await one.jobs.close()
      await start([job])
      await eventually(() => starts, (number) => number === 2)
    })

    test('a job that stops when told to keeps its attempt and runs elsewhere at once', async () => {
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
      const one = await start([job])
      await one.ctx.tx((tx) => tx.enqueue(job, {}))
      await eventually(() => starts, (number) => number === 1)

      expect(await one.jobs.drain(0.2)).toEqual({ isDrained: true, left: 0 })
      await start([job])
      await eventually(() => done, (all) => all.length === 1)
    })

    test('a job of a newer version waits in the outbox for a process that knows it', async () => {
      const ran: string[] = []
      const queue = fresh('q')
      const known = defineJob(fresh('known'), { queue }, async () => {
        ran.push('known')
      })
      const unknown = defineJob(fresh('unknown'), { queue }, async () => {
        ran.push('unknown')
      })
      const old = await start([known])
      await old.ctx.tx(async (tx) => {
        await tx.enqueue(unknown, {})
        await tx.enqueue(known, {})
      })
      await eventually(() => ran, (all) => all.includes('known'))
      expect(await withState(old, unknown, 'outbox')).toMatchObject([{ queue: null }])

      await start([known, unknown])
      await eventually(() => ran, (all) => all.includes('unknown'))
    })

    test('health and counts tell what waits and what failed', async () => {
      const queue = fresh('q')
      const job = defineJob(fresh('sad'), { queue, attempts: 1 }, async () => {
        throw new Error('sad')
      })
      const system = await start([job])
      await system.ctx.tx((tx) => tx.enqueue(job, {}))

      const counts = await eventually(() => system.jobs.counts(), ({ queues }) => queues[queue]?.failed === 1)
      expect(counts.queues[queue]).toEqual({
        waiting: 0,
        active: 0,
        delayed: 0,
        failed: 1,
        completed: 0,
        oldestWaitingSeconds: 0,
      })
      expect(await system.jobs.check()).toEqual({ status: 'pass' })
    })
  })

  describe(`poison (${name})`, () => {
    test('a job that spins for ever is stopped for good, and the others get their turn', async () => {
      const system = open(processJobs)
      const { databaseUrl, redisUrl } = place()
      const lost: string[] = []
      const worker = superviseWorker({
        entry,
        args: redisUrl ? [databaseUrl, redisUrl] : [databaseUrl],
        heartbeatTimeoutSeconds: 2,
        log: { info: () => {}, warn: () => {}, error: () => {} },
        onLost: (reason) => lost.push(reason),
      })
      try {
        await system.ctx.tx(async (tx) => {
          await tx.enqueue(spin, {})
          for (let n = 0; n < 5; n += 1) await tx.enqueue(innocent, { subject: `innocent ${n}` })
        })

        system.jobs.startRelay()
        const [letter] = await eventually(() => withState(system, spin, 'failed'), (all) => all.length > 0, longMs)
        const helped = await eventually(() => effects(system, 'innocent'), (rows) => rows.length >= 5)
        console.log('LOST', lost, (await effects(system,'spin')).length, await effects(system,'innocent'))
        expect(letter?.error).toContain('stalled')
        expect(new Set(helped.map(({ subject }) => subject)).size).toBe(5)
        expect(await withState(system, innocent, 'failed')).toEqual([])
        expect(lost.length).toBeGreaterThanOrEqual(1)
      } finally {
        await worker.stop(5)
      }
    }, 2 * longMs)
  })
}

/** Lets claimed rows become due, as time would. */
async function endLeases({ db }: TestSystem): Promise<void> {
  await db.execute(sql`update platform_job_outbox set next_at = now()`)
}

async function makeDue({ db }: TestSystem, job: AnyJobType): Promise<string> {
  const due = new Date(Math.floor(Date.now() / 60_000) * 60_000).toISOString()
  const move = () =>
    db.execute(sql`
      update platform_job_schedules set next_at = ${due}::timestamptz where name = ${job.name} returning name`)
  await eventually(move, ({ rows }) => rows.length === 1)
  return due
}

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
