/** How the facts came into months, and what becomes of their order when a database is restored elsewhere. */
import { randomUUID } from 'node:crypto'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { drizzle } from 'drizzle-orm/node-postgres'
import { migrate as applyMigrations } from 'drizzle-orm/node-postgres/migrator'
import { Client } from 'pg'
import { v7 as uuidv7 } from 'uuid'
import { afterAll, expect, inject, test } from 'vitest'
import { migrate } from '../db/migrate.ts'
import { asOwner } from '../db/owner.ts'
import { firstIdAt, momentOf, monthsFrom } from './months.ts'

const migrations = fileURLToPath(new URL('../../../migrations', import.meta.url))
const appRole = 'ashlar_app'

async function emptyDatabase(): Promise<string> {
  const { adminUrl, ownerUrl } = inject('database')
  const name = `test_${randomUUID().replaceAll('-', '')}`
  await run(adminUrl, `create database ${name} owner ashlar_owner`)
  afterAll(() => run(adminUrl, `drop database if exists ${name} with (force)`))
  const url = new URL(ownerUrl)
  url.pathname = `/${name}`
  return url.href
}

async function run(url: string, statement: string, values: unknown[] = []) {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(statement, values)).rows
  } finally {
    await client.end()
  }
}

/** The migrations of the time before facts lay in months. */
function earlierMigrations(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'ashlar-migrations-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  cpSync(migrations, folder, { recursive: true })
  const journal = path.join(folder, 'meta/_journal.json')
  const { entries, ...rest } = JSON.parse(readFileSync(journal, 'utf8'))
  const until = entries.findIndex(({ tag }: { tag: string }) => changesKey(tag))
  expect(until).toBeGreaterThan(0)
  writeFileSync(journal, JSON.stringify({ ...rest, entries: entries.slice(0, until) }))
  return folder
}

const changesKey = (tag: string) =>
  readFileSync(path.join(migrations, `${tag}.sql`), 'utf8').includes(
    'DROP CONSTRAINT "platform_events_pkey"',
  )

test('facts from before stay as they were, in order, and so do their details', async () => {
  const ownerUrl = await emptyDatabase()
  await asOwner(ownerUrl, (client) =>
    applyMigrations(drizzle(client), { migrationsFolder: earlierMigrations() }),
  )
  const ids = Array.from({ length: 50 }, () => uuidv7())
  // An id that tells no time, or one that is far away.
  const odd = 'f47ac10b-58cc-4372-a567-0e02b2c3d479'
  for (const id of [...ids, odd])
    await run(
      ownerUrl,
      `with d as (insert into platform_event_details (event_id, about, ip, salt) values ($1, 'x', '203.0.113.1', ''))
       insert into platform_events (id, name, outcome, actor_kind, data, request_id)
       values ($1, 'test.old', 'succeeded', 'anonymous', '{"a": 1}', 'r')`,
      [id],
    )
  const select = `select e.id, e.name, e.data, e.at, d.ip from platform_events e
    join platform_event_details d on d.event_id = e.id order by e.id`
  const before = await run(ownerUrl, select)
  await migrate({ ownerUrl, appRole })
  expect(await run(ownerUrl, select)).toEqual(before)
  const places = await run(
    ownerUrl,
    `select tableoid::regclass::text as place, count(*)::int, max(position) as position
     from platform_events group by 1 order by 1`,
  )
  expect(places).toEqual([
    { place: 'platform_events_first', count: 50, position: '0' },
    { place: 'platform_events_rest', count: 1, position: '0' },
  ])
  // Every index of the whole is there on each partition.
  const invalid = await run(ownerUrl, 'select indexrelid from pg_index where not indisvalid')
  expect(invalid).toEqual([])
  await migrate({ ownerUrl, appRole })
  expect(await run(ownerUrl, select)).toEqual(before)
})

test('in a database that was restored elsewhere, new facts stand behind the old ones', async () => {
  const ownerUrl = await emptyDatabase()
  await migrate({ ownerUrl, appRole })
  const record = async (position = 'platform_position(pg_current_xact_id())') => {
    const [row] = await run(
      ownerUrl,
      `insert into platform_events (id, position, name, outcome, actor_kind, data, request_id)
       values ($1, ${position}, 'test.happened', 'succeeded', 'anonymous', '{}', 'r') returning position`,
      [uuidv7()],
    )
    return BigInt(row?.position)
  }
  const first = await record()
  // The server it came from had counted much further.
  const old = await record(`${first + 1_000_000_000n}`)
  expect(await record()).toBeLessThan(old)
  await migrate({ ownerUrl, appRole })
  const next = await record()
  expect(next).toBeGreaterThan(old)
  await migrate({ ownerUrl, appRole })
  const later = await record()
  expect(later).toBeGreaterThan(next)
  expect(later - next).toBeLessThan(1_000_000n)
})

test('ids and moments tell each other, to the millisecond', () => {
  for (const moment of [
    '1970-01-01T00:00:00.000Z',
    '2026-11-25T10:20:30.123Z',
    '2100-02-28T23:59:59.999Z',
  ])
    expect(momentOf(firstIdAt(new Date(moment))).toISOString()).toBe(moment)
  const now = Date.now()
  const id = uuidv7({ msecs: now })
  expect(id > firstIdAt(new Date(now))).toBe(true)
  expect(id < firstIdAt(new Date(now + 1))).toBe(true)
  expect(monthsFrom(new Date('2026-12-31T23:59:59Z'), 2)).toEqual(new Date('2027-02-01T00:00:00Z'))
})
