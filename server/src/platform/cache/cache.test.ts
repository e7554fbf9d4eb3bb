import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { eventually, startServer } from '../../app/testing.ts'
import type { Db } from '../db/index.ts'
import { whileAway } from '../db/testing-outage.ts'
import type { Outage } from '../outage.ts'
import { invalidations as table } from '../tables.ts'
import { openInvalidations } from './index.ts'

const server = await startServer()
const opened: { close(): void }[] = []
afterEach(() => {
  for (const one of opened.splice(0)) one.close()
})

/** A channel of one's own on the test's database, as another process would have it. */
function open(db: Db = server.db) {
  const lookups: boolean[] = []
  const problems: unknown[] = []
  const outages: Outage[] = []
  const channel = openInvalidations({
    db,
    onLookup: (_name, isHit) => lookups.push(isHit),
    onError: (error) => problems.push(error),
    onBack: (outage) => outages.push(outage),
  })
  opened.push(channel)
  return { channel, lookups, problems, outages }
}

/** A cache over a value that the test changes, and how often it was loaded. */
function watched({ channel, lookups }: ReturnType<typeof open>) {
  const source = { value: 1 as number | null, loads: 0, wait: async () => {} }
  const cache = channel.cache<number>('test')
  const get = (key = 'k') =>
    cache.get(
      key,
      async () => {
        source.loads += 1
        const { value } = source
        await source.wait()
        return value
      },
      () => ['topic:a', 'topic:b'],
    )
  /** Waits until the first poll has succeeded: only then anything is answered from the cache. */
  const warm = () =>
    eventually(async () => {
      await get()
      return lookups.at(-1)
    })
  return { source, get, warm }
}

const publish = (topic: string) => server.db.insert(table).values({ topic })

test('a value is loaded once and then answered from the cache', async () => {
  const { source, get, warm } = watched(open())
  await warm()
  const { loads } = source
  expect(await Promise.all([get(), get(), get()])).toEqual([1, 1, 1])
  expect(source.loads).toBe(loads)
})

test('what does not exist is not remembered', async () => {
  const { source, get, warm } = watched(open())
  await warm()
  source.value = null
  expect(await get('missing')).toBeNull()
  source.value = 2
  expect(await get('missing')).toBe(2)
})

test.each(['topic:a', 'topic:b'])('another process hears of %s within a second', async (topic) => {
  const { source, get, warm } = watched(open())
  await warm()
  source.value = 2
  expect(await get()).toBe(1)
  await publish(topic)
  // However busy the machine: after a second either the change was heard, or the cache is bypassed.
  await pause(1_000)
  expect(await get()).toBe(2)
})

test('what was changed is answered by nobody any more once it is felt everywhere, not by one that hears nothing', async () => {
  for (let round = 0; round < 5; round += 1) {
    const { state, db } = breakable()
    const mine = open().channel
    const deaf = watched(open(db))
    await deaf.warm()
    deaf.source.value = 2
    // Its last poll was a moment ago: it goes on answering from memory for as long as it may.
    state.isBroken = true
    await publish('topic:a')
    await mine.feltEverywhere()
    expect(await deaf.get()).toBe(2)
  }
})

test('whoever is alone waits for nobody', async () => {
  const channel = openInvalidations({
    db: server.db,
    onLookup: () => {},
    onError: () => {},
    onBack: () => {},
    isAlone: true,
  })
  opened.push(channel)
  const soon = new Promise((resolve) => setImmediate(resolve, 'later'))
  const felt = channel.feltEverywhere().then(() => 'at once')
  expect(await Promise.race([felt, soon])).toBe('at once')
})

test('a topic that is none of its own takes nothing from the cache', async () => {
  const { source, get, warm } = watched(open())
  await warm()
  const { loads } = source
  await publish('topic:other')
  await pause(700)
  expect(await get()).toBe(1)
  expect(source.loads).toBe(loads)
})

test('a value that was loaded before a change and arrives after it is not kept', async () => {
  const { channel, ...rest } = open()
  const { source, get, warm } = watched({ channel, ...rest })
  await warm()
  const gate = Promise.withResolvers<void>()
  source.wait = () => gate.promise
  const slow = get('slow')
  source.value = 2
  channel.forget(['topic:unrelated', 'topic:a'])
  gate.resolve()
  expect(await slow).toBe(1)
  source.wait = async () => {}
  expect(await get('slow')).toBe(2)
})

test('the same holds when the change is heard from another process', async () => {
  const { source, get, warm } = watched(open())
  await warm()
  const gate = Promise.withResolvers<void>()
  source.wait = () => gate.promise
  const slow = get('slow')
  source.value = 2
  await publish('topic:a')
  await pause(700)
  gate.resolve()
  await slow
  source.wait = async () => {}
  expect(await get('slow')).toBe(2)
})

test('a row that was inserted early and committed late is heard when it commits', async () => {
  const { source, get, warm } = watched(open())
  await warm()
  source.value = 2
  await server.db.transaction(async (tx) => {
    await tx.insert(table).values({ topic: 'topic:a' })
    await publish('topic:later')
    await pause(700)
  })
  expect(await eventually(async () => (await get()) === 2)).toBe(true)
})

/** The test's database, with a switch: while it is off, every poll fails. */
function breakable() {
  const state = { isBroken: false }
  const db = new Proxy(server.db, {
    get(target, name) {
      if (name === '_' && state.isBroken) throw new Error('the database is away')
      const value = Reflect.get(target, name) as unknown
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
  return { state, db }
}

test('while it cannot hear of changes, nothing is answered from the cache', async () => {
  const { state, db } = breakable()
  const channel = open(db)
  const { source, get, warm } = watched(channel)
  await warm()
  state.isBroken = true
  await eventually(async () => {
    await get()
    return channel.lookups.at(-1) === false
  })
  source.value = 2
  expect(await get()).toBe(2)
  source.value = 3
  expect(await get()).toBe(3)
  expect(channel.problems.length).toBeGreaterThan(0)
  state.isBroken = false
  await warm()
  expect(await get()).toBe(3)
})

test('a change that was missed meanwhile is caught up with before anything is answered again', async () => {
  const { state, db } = breakable()
  const channel = open(db)
  const { source, get, warm } = watched(channel)
  await warm()
  state.isBroken = true
  await eventually(async () => {
    await get()
    return channel.lookups.at(-1) === false
  })
  await get()
  source.value = 2
  await publish('topic:a')
  state.isBroken = false
  await warm()
  expect(await get()).toBe(2)
})

test('who listens to a topic hears it from this process and from another, and no other topic', async () => {
  const { channel } = open()
  const heard: string[] = []
  channel.listen('topic:heard', () => heard.push('heard'))
  channel.forget(['topic:other'])
  expect(heard).toEqual([])
  channel.forget(['topic:heard'])
  expect(heard).toEqual(['heard'])
  await publish('topic:other')
  await publish('topic:heard')
  await eventually(async () => heard.length === 2)
  channel.close()
  channel.forget(['topic:heard'])
  expect(heard).toHaveLength(2)
})

test('a closed cache answers nothing, and loads every time', async () => {
  const { channel, ...rest } = open()
  const { source, get, warm } = watched({ channel, ...rest })
  await warm()
  channel.close()
  source.value = 2
  expect(await get()).toBe(2)
  source.value = 3
  expect(await get()).toBe(3)
})

test('a session ended on one server is refused by the other within a second', async () => {
  const other = await startServer({ location: server.location })
  const member = await server.as()
  const there = other.clientWith(member.userId, { authorization: `Bearer ${member.accessToken}` })
  await eventually(async () => (await there.get('/api/v1/users/me')).status === 200)
  await pause(400)
  expect((await there.get('/api/v1/users/me')).status).toBe(200)
  expect((await member.post('/api/v1/auth/logout')).status).toBe(204)
  expect((await member.get('/api/v1/users/me')).status).toBe(401)
  await pause(1_000)
  expect((await there.get('/api/v1/users/me')).status).toBe(401)
})

test('a user who is suspended by SQL and announced by topic is refused everywhere', async () => {
  const other = await startServer({ location: server.location })
  const member = await server.as()
  const there = other.clientWith(member.userId, { authorization: `Bearer ${member.accessToken}` })
  expect((await there.get('/api/v1/users/me')).status).toBe(200)
  await server.process.database.pool.query(
    `update users_users set status = 'suspended' where id = $1`,
    [member.userId],
  )
  await publish(`user:${member.userId}`)
  for (const client of [member, there])
    await eventually(async () => (await client.get('/api/v1/users/me')).status === 401)
})

test('an outage of the database is told of once, and once when it is over, with all that failed', async () => {
  const own = open()
  const { warm } = watched(own)
  await warm()
  await whileAway(server.location.appUrl, () => pause(1500))
  await eventually(async () => own.outages.length > 0)
  expect(own.problems).toHaveLength(1)
  expect(own.outages).toEqual([{ seconds: expect.any(Number), failures: expect.any(Number) }])
  expect(own.outages[0]?.failures).toBeGreaterThan(1)
})
