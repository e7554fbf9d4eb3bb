import { randomUUID } from 'node:crypto'
import { Client } from 'pg'
import { expect, inject, test } from 'vitest'
import { testDatabase } from '../../app/testing.ts'
import { addMonths } from '../events/months.ts'
import { atEnd } from '../../app/testing-ends.ts'
import { migrate, migrationStatus } from './migrate.ts'
import { asOwner } from './owner.ts'

/** An empty database, dropped at the end. */
async function emptyDatabase(): Promise<string> {
  const { adminUrl, ownerUrl } = inject('database')
  const name = `test_${randomUUID().replaceAll('-', '')}`
  await query(adminUrl, `create database ${name} owner ashlar_owner`)
  atEnd(() => query(adminUrl, `drop database if exists ${name} with (force)`))
  const url = new URL(ownerUrl)
  url.pathname = `/${name}`
  return url.href
}

async function query(url: string, ...statements: string[]) {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    const results = []
    for (const statement of statements) results.push((await client.query(statement)).rows)
    return results.at(-1) ?? []
  } finally {
    await client.end()
  }
}

const appRole = 'ashlar_app'

test('four processes that migrate an empty database at once bring it up to date once', async () => {
  const ownerUrl = await emptyDatabase()
  const planned = await migrationStatus(ownerUrl)
  expect(planned.length).toBeGreaterThan(0)
  expect(planned.every(({ isApplied }) => !isApplied)).toBe(true)

  await Promise.all(Array.from({ length: 4 }, () => migrate({ ownerUrl, appRole })))

  const applied = await migrationStatus(ownerUrl)
  expect(applied.map(({ name }) => name)).toEqual(planned.map(({ name }) => name))
  expect(applied.every(({ isApplied }) => isApplied)).toBe(true)
  const [row] = await query(
    ownerUrl,
    'select count(*)::int as count from drizzle.__drizzle_migrations',
  )
  expect(row).toEqual({ count: planned.length })
  await migrate({ ownerUrl, appRole })
  expect(await migrationStatus(ownerUrl)).toEqual(applied)
})

test('what is brought along runs under the same lock, and its failure fails the run', async () => {
  const ownerUrl = await emptyDatabase()
  let running = 0
  const alongside = async () => {
    running += 1
    expect(running).toBe(1)
    await new Promise((resolve) => setTimeout(resolve, 50))
    running -= 1
  }
  await Promise.all([1, 2].map(() => migrate({ ownerUrl, appRole, alongside })))
  const failing = migrate({
    ownerUrl,
    appRole,
    alongside: () => Promise.reject(new Error('the other schema is broken')),
  })
  await expect(failing).rejects.toThrow('the other schema is broken')
  // The lock went with the connection.
  await migrate({ ownerUrl, appRole })
})

const { appUrl, ownerUrl } = await testDatabase()

test.each([
  'create table public.mine (id int)',
  'create schema mine',
  'create function public.mine() returns int language sql as $$ select 1 $$',
  'create view public.mine as select 1 as one',
  'alter table users_users add column mine int',
  'alter table users_users disable trigger all',
  'drop table users_users',
  'drop table platform_events',
  'truncate users_users',
  'create index mine on users_users (name)',
  'create role mine',
  'alter role ashlar_app superuser',
  'set role ashlar_owner',
  `copy users_users to program 'true'`,
  'select * from drizzle.__drizzle_migrations',
])('the application’s role cannot: %s', async (statement) => {
  await expect(query(appUrl, statement)).rejects.toMatchObject({ code: '42501' })
})

test('the application’s role adds facts and reads them, and can neither change nor remove one', async () => {
  const id = randomUUID()
  await query(
    appUrl,
    `insert into platform_events (id, name, outcome, actor_kind, data, request_id)
     values ('${id}', 'test.happened', 'succeeded', 'anonymous', '{}', 'r')`,
  )
  for (const statement of [
    `update platform_events set name = 'test.other'`,
    `update platform_events set name = name where false`,
    'delete from platform_events',
    'delete from platform_events where false',
    'truncate platform_events',
    `insert into platform_events (id, name, outcome, actor_kind, data, request_id)
     select id, 'test.other', outcome, actor_kind, data, request_id from platform_events
     on conflict (id) do update set name = excluded.name`,
    'select * from platform_events for update',
    'drop table platform_events_first',
    'alter table platform_events detach partition platform_events_first',
  ])
    await expect(query(appUrl, statement), statement).rejects.toMatchObject({ code: '42501' })
  expect(await query(appUrl, `select name from platform_events where id = '${id}'`)).toEqual([
    { name: 'test.happened' },
  ])
})

test.each(['platform_event_seals', 'platform_event_heads'])(
  'the application’s role adds rows to %s and reads them, and can neither change nor remove one',
  async (table) => {
    const columns = table.endsWith('seals')
      ? `(number, event_id, position, hash) values (1, gen_random_uuid(), 1, '')`
      : `(id, kind, number, document, at) values (gen_random_uuid(), 'head', 1, '', now())`
    const [row] = await query(appUrl, `insert into ${table} ${columns} returning number`)
    expect(row).toEqual({ number: '1' })
    for (const statement of [
      `update ${table} set number = 2`,
      `delete from ${table}`,
      `truncate ${table}`,
      `select * from ${table} for update`,
      `drop table ${table}`,
    ])
      await expect(query(appUrl, statement), statement).rejects.toMatchObject({ code: '42501' })
  },
)

test('the application’s role has a fact’s details forgotten for a reason that is recorded, and cannot do so itself', async () => {
  const id = randomUUID()
  await query(
    appUrl,
    `insert into platform_event_details (event_id, about, ip, salt) values ('${id}', 'x', '203.0.113.1', '')`,
  )
  for (const statement of [
    `update platform_event_details set ip = '203.0.113.2'`,
    'delete from platform_event_details',
    'delete from platform_event_details where false',
    'truncate platform_event_details',
    'drop table platform_event_details_rest',
  ])
    await expect(query(appUrl, statement), statement).rejects.toMatchObject({ code: '42501' })
  const forget = (what: string) =>
    query(appUrl, `select platform_forget_details(${what}, 10) as gone`)
  const say = (subject: string, data: object) =>
    query(
      appUrl,
      `insert into platform_events (id, name, outcome, actor_kind, subject_id, data, request_id)
       values (gen_random_uuid(), 'platform.details_forgotten', 'succeeded', 'anonymous', ${subject}, '${JSON.stringify(data)}', 'r')`,
    )
  const age = `null, now() - interval '2 days'`
  await say('null', { reason: 'age', before: '2020-01-01T00:00:00.000Z' })
  await say(`'y'`, { reason: 'erased' })
  for (const what of [`'x', null`, age, `null, now() - interval '23 hours'`])
    await expect(forget(what), what).rejects.toMatchObject({ code: '23001' })
  for (const what of ['null, null', `'x', now() - interval '2 days'`])
    await expect(forget(what), what).rejects.toMatchObject({ code: '22023' })

  await say('null', { reason: 'age', before: new Date().toISOString() })
  expect(await forget(age)).toEqual([{ gone: 0 }])
  await say(`'x'`, { reason: 'erased' })
  expect(await forget(`'x', null`)).toEqual([{ gone: 1 }])
})

test('the application’s role reaches no partition past its table, whenever it was made', async () => {
  await asOwner(ownerUrl, (client) => addMonths(client, new Date(Date.now() + 200 * 86_400_000)))
  const partitions: { name: string }[] = await query(
    ownerUrl,
    `select inhrelid::regclass::text as name from pg_inherits
     where inhparent in ('platform_events'::regclass, 'platform_event_details'::regclass)`,
  )
  expect(partitions.length).toBeGreaterThan(12)
  for (const { name } of partitions) {
    const column = name.includes('details') ? 'ip' : 'name'
    for (const statement of [
      `select 1 from ${name}`,
      `insert into ${name} default values`,
      `update ${name} set ${column} = 'x'`,
      `delete from ${name}`,
      `truncate ${name}`,
    ])
      await expect(query(appUrl, statement), statement).rejects.toMatchObject({ code: '42501' })
  }
})

test('the application’s role may write the other tables', async () => {
  const changed = await query(
    appUrl,
    `insert into platform_invalidations (topic) values ('user:x')`,
    `update platform_invalidations set topic = 'user:y'`,
    `delete from platform_invalidations returning topic`,
  )
  expect(changed).toEqual([{ topic: 'user:y' }])
})
