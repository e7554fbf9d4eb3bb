/** Every table that belongs to users is handed out and forgotten by somebody: a new one does not slip through. */
import { expect, test } from 'vitest'
import { query } from '../features/auth/testing.ts'
import { personalData } from './rooms.ts'
import { startServer } from './testing.ts'

const server = await startServer()
/** Rows of other people, or of nobody, that name a user by id alone: a pseudonym once the user is erased. */
const idsOnly: readonly string[] = ['platform_events']

test('each table with a user, an address or a network address in it has a room that speaks for it', async () => {
  const rows = await query<{ name: string }>(
    server,
    `select distinct c.table_name as name from information_schema.columns c
     join information_schema.tables t using (table_schema, table_name)
     where c.table_schema = 'public' and c.table_name ~ '^[a-z]' and t.table_type = 'BASE TABLE'
       and not (select relispartition from pg_class where oid = to_regclass(quote_ident(c.table_name)))
       and (c.column_name ~ '(^|_)(user_id|email|ip|about|principal|recipient|to)$'
         or exists (
           select 1 from pg_constraint k join pg_attribute a on a.attrelid = k.conrelid and a.attnum = any(k.conkey)
           where k.contype = 'f' and k.confrelid = 'users_users'::regclass
             and k.conrelid = to_regclass(quote_ident(c.table_name)) and a.attname = c.column_name))`,
  )
  const spokenFor = new Set([...personalData.flatMap(({ tables }) => tables), ...idsOnly])
  expect(rows.map(({ name }) => name).filter((name) => !spokenFor.has(name))).toEqual([])
  expect(rows.length).toBeGreaterThan(10)
})

test('nobody speaks for a table that does not exist, or for another room’s', async () => {
  const rows = await query<{ name: string }>(
    server,
    `select table_name as name from information_schema.tables where table_schema = 'public'`,
  )
  const known = new Set(rows.map(({ name }) => name))
  for (const { room, tables } of personalData)
    for (const table of tables)
      expect({ table, isKnown: known.has(table), isOwn: table.startsWith(`${room}_`) }).toEqual({
        table,
        isKnown: true,
        isOwn: true,
      })
})
