import { setTimeout as pause } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { describeJobs } from './contract.ts'
import { defineJob } from './define.ts'
import {
  hasRedis,
  testDatabase,
  testRedis,
  type TestDatabase,
  type TestRedis,
} from './testing-servers.ts'
import { eventually, openSystem } from './testing-system.ts'

const isPresent = await hasRedis(process.env['REQUIRE_SERVICES'] === '1')

describe.skipIf(!isPresent)('needs redis-server, which is not installed here', () => {
  let database: TestDatabase
  let redis: TestRedis
  const place = () => ({ databaseUrl: database.url, redisUrl: redis.url })

  beforeAll(async () => {
    ;[database, redis] = await Promise.all([testDatabase(), testRedis()])
  }, 300_000)
  afterAll(async () => {
    await redis?.close()
    await database?.close()
  })

  describeJobs('Redis', place)

  test('while Redis is away jobs wait in the outbox, and afterwards each runs once', async () => {
    const ran: number[] = []
    const job = defineJob('outage', { queue: 'outage' }, async (_ctx, payload: { n: number }) => {
      ran.push(payload.n)
    })
    const system = openSystem(place(), [job])
    try {
      system.jobs.startRelay()
      await system.jobs.startWorkers()
      const enqueue = (n: number) => system.ctx.tx((tx) => tx.enqueue(job, { n }))
      await enqueue(0)
      await eventually(
        () => ran,
        (all) => all.length === 1,
      )
      const waiting = () => system.jobs.list({ state: 'outbox', name: job.name, limit: 100 })
      await eventually(waiting, (rows) => rows.length === 0)

      await redis.stop()
      for (let n = 1; n <= 30; n += 1) await enqueue(n)
      expect(await waiting()).toHaveLength(30)
      expect(await system.jobs.check()).toMatchObject({ status: 'fail' })
      await pause(1_000)
      await redis.start()

      await eventually(
        () => ran,
        (all) => all.length >= 31,
      )
      await eventually(waiting, (rows) => rows.length === 0)
      await pause(300)
      expect(ran.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 31 }, (_, n) => n))
    } finally {
      await system.close()
    }
  })

  test('a job system that starts before its Redis works once Redis is there', async () => {
    const ran: string[] = []
    const job = defineJob('early', { queue: 'early' }, async () => {
      ran.push('ran')
    })
    await redis.stop()
    const system = openSystem(place(), [job])
    try {
      system.jobs.startRelay()
      const starting = system.jobs.startWorkers()
      await system.ctx.tx((tx) => tx.enqueue(job, {}))
      await pause(500)
      await redis.start()
      await starting
      await eventually(
        () => ran,
        (all) => all.length === 1,
      )
      // Not `pass`: what other tests left in the outbox may be a minute old by now.
      expect((await system.jobs.check()).status).not.toBe('fail')
    } finally {
      await system.close()
    }
  })

  test('a Redis that would drop jobs is refused in words that say what to change', async () => {
    const client = new Redis(redis.url)
    const job = defineJob('dropped', { queue: 'dropped' }, async () => {})
    const system = openSystem(place(), [job])
    try {
      await client.config('SET', 'maxmemory-policy', 'allkeys-lru')
      await expect(system.jobs.startWorkers()).rejects.toThrow('set `maxmemory-policy noeviction`')
      expect(await system.jobs.check()).toMatchObject({ status: 'fail' })
    } finally {
      await client.config('SET', 'maxmemory-policy', 'noeviction')
      client.disconnect()
      await system.close()
    }
  })
})
