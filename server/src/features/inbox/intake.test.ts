/** One job for many events about an object that nobody has begun to look at; and none of them is ever the last, unheard. */
import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { beforeEach, expect, test } from 'vitest'
import { eventually, startServer } from '../../app/testing.ts'
import type { Notice } from '../../platform/payments/index.ts'
import { type Server, query, rounds, together } from '../auth/testing.ts'
import type { Applier } from './appliers.ts'
import { markChanged, revive, store } from './intake.ts'

/** The provider's own truth, and ours, which the applier keeps in step with it. */
const theirs = new Map<string, number>()
const ours = new Map<string, number>()
const things: Applier = {
  provider: 'stripe',
  kind: 'thing',
  look: async (_ctx, { objectId }) => {
    const seen = theirs.get(objectId) ?? 0
    await pause(Math.random() * 6)
    return async () => {
      ours.set(objectId, seen)
      return 'applied'
    }
  },
}

/** Nobody works here: what is wanted stays to be counted. */
const still = await startServer({ appliers: [things] })
beforeEach(() => query(still, 'truncate platform_job_outbox'))

const refOf = (objectId: string) => ({
  provider: 'stripe',
  account: '',
  kind: 'thing',
  objectId,
})
const noticeOf = (objectId: string): Notice => ({
  eventId: `evt_${randomUUID()}`,
  type: 'thing.changed',
  account: '',
  kind: 'thing',
  objectId,
  apiVersion: null,
  isLive: false,
  occurredAt: new Date(),
})
const from = { provider: 'stripe', raw: Buffer.from('{}'), appliers: [things] }
const tell = (server: Server, objectId: string, notice = noticeOf(objectId)) =>
  server.ctx().atOnce((tx) => store(tx, from, notice))
const seqsOf = (objectId: string) =>
  query<{ dirty_seq: string; synced_seq: string }>(
    still,
    'select dirty_seq, synced_seq from inbox_objects where object_id = $1',
    [objectId],
  )

test('twenty events at once about an object of which nobody had heard are counted one by one, and want one job', async () => {
  for (let round = 0; round < rounds; round += 1) {
    const objectId = `thing_${randomUUID()}`
    const before = await still.jobs()
    const areNew = await together(20, () => tell(still, objectId))
    expect(areNew).toEqual(Array.from({ length: 20 }, () => true))
    expect(await seqsOf(objectId)).toEqual([{ dirty_seq: '20', synced_seq: '0' }])
    const [row] = await query<{ id: string }>(
      still,
      'select id from inbox_objects where object_id = $1',
      [objectId],
    )
    expect((await still.jobs()).slice(before.length)).toEqual([
      { name: 'inbox.sync_object', payload: { objectId: row?.id } },
    ])
  }
})

test('an event that comes again wants nothing and marks nothing', async () => {
  const objectId = `thing_${randomUUID()}`
  const notice = noticeOf(objectId)
  const areNew = await together(20, () => tell(still, objectId, notice))
  expect(areNew.filter(Boolean)).toHaveLength(1)
  expect(await seqsOf(objectId)).toEqual([{ dirty_seq: '1', synced_seq: '0' }])
  expect(await still.jobs()).toHaveLength(1)
})

test.each([
  ['is in step', 'synced_seq = dirty_seq'],
  ['is being looked at', `lease_until = now() + interval '1 minute'`],
  ['was left by whoever looked at it', `lease_until = now() - interval '1 minute'`],
  ['waits to be tried again', `problem = 'failed', next_at = now() + interval '1 hour'`],
  ['is to be tried again now', `problem = 'parent_missing'`],
  ['was given up', `problem = 'impossible', dead_at = now()`],
])('an event about an object that %s wants a job of its own', async (_state, change) => {
  const objectId = `thing_${randomUUID()}`
  await tell(still, objectId)
  await query(still, `update inbox_objects set ${change} where object_id = $1`, [objectId])
  await tell(still, objectId)
  expect(await still.jobs()).toHaveLength(2)
})

test('whoever asks for an object by hand gets a job, whether or not one is on its way', async () => {
  const objectId = `thing_${randomUUID()}`
  await tell(still, objectId)
  await query(
    still,
    `update inbox_objects set problem = 'impossible', dead_at = now() where object_id = $1`,
    [objectId],
  )
  await still.ctx().tx(async (tx) => {
    await revive(tx, refOf(objectId))
    await markChanged(tx, refOf(objectId))
  })
  expect(await still.jobs()).toHaveLength(2)
  // From here on that job is the one that comes.
  await tell(still, objectId)
  expect(await still.jobs()).toHaveLength(2)
})

test('what cannot be stored whole leaves nothing behind, and wakes nobody', async () => {
  const objectId = `thing_${randomUUID()}`
  await query(still, 'alter table platform_job_outbox rename to away')
  await expect(tell(still, objectId)).rejects.toThrow('platform_job_outbox')
  await query(still, 'alter table away rename to platform_job_outbox')
  expect(await seqsOf(objectId)).toEqual([])
  expect(await query(still, 'select 1 from inbox_events where object_id = $1', [objectId])).toEqual(
    [],
  )
  expect(await tell(still, objectId)).toBe(true)
})

test('two servers that are told while two look: ours ends as the provider’s is, and no sweeper helps', async () => {
  const busy = await startServer({ appliers: [things], hasJobs: true })
  const other = await startServer({ appliers: [things], hasJobs: true, location: busy.location })
  await eventually(async () => {
    const stopped = await query(
      busy,
      `update platform_job_schedules set next_at = now() + interval '1 day'
       where name in ('inbox.sweep', 'inbox.fill_gaps') returning name`,
    )
    return stopped.length === 2
  })
  for (let round = 0; round < rounds; round += 1) {
    const objects = Array.from({ length: 5 }, () => `thing_${randomUUID()}`)
    await Promise.all(
      objects.map(async (objectId) => {
        for (let told = 1; told <= 10; told += 1) {
          theirs.set(objectId, told)
          await tell(told % 2 ? busy : other, objectId)
          await pause(Math.random() * 8)
        }
      }),
    )
    const isDone = await eventually(async () => {
      const behind = await query(
        busy,
        `select 1 from inbox_objects where dirty_seq > synced_seq
         union all select 1 from inbox_events where state = 'received'`,
      )
      return behind.length === 0
    })
    expect(isDone).toBe(true)
    for (const objectId of objects) expect(ours.get(objectId)).toBe(10)
  }
  expect([...busy.failures, ...other.failures]).toEqual([])
})
