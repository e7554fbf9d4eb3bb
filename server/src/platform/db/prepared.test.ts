/** Prepared statements: the same results as unprepared ones, on whichever connection they are asked for. */
import { asc, eq, gt, gte, sql } from 'drizzle-orm'
import { alias, integer, jsonb, pgTable, text } from 'drizzle-orm/pg-core'
import { Client } from 'pg'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { testDatabase } from '../../app/testing.ts'
import { at } from './columns.ts'
import { violatedConstraint } from './failures.ts'
import { type Database, type ReadDb, type Tx, connect } from './index.ts'
import { literal, statement } from './prepared.ts'

const notes = pgTable('notes', {
  id: integer('id').primaryKey(),
  body: text('body'),
  tags: text('tags').array(),
  data: jsonb('data'),
  seenAt: at('seen_at'),
})
type Note = typeof notes.$inferSelect

const noteById = statement<{ id: number }>()((db: ReadDb, given) =>
  db
    .select()
    .from(notes)
    .where(eq(notes.id, given('id'))),
)
const insertNote = statement<Note>()((db: Tx, given) =>
  db
    .insert(notes)
    .values({
      id: given('id'),
      body: given('body'),
      tags: given('tags'),
      data: given('data'),
      seenAt: given('seenAt'),
    })
    .returning(),
)
const twoFrom = statement<{ least: number }>()((db: ReadDb, given) =>
  db
    .select({ id: notes.id })
    .from(notes)
    .where(gte(notes.id, given('least')))
    .orderBy(asc(notes.id))
    .limit(literal(2)),
)

const others = alias(notes, 'others')
/** What is selected in each of the ways there are, as a query that can be asked as it is or prepared. */
const shapes = {
  columns: (db: ReadDb) => db.select().from(notes).orderBy(asc(notes.id)),
  'expressions and names': (db: ReadDb) =>
    db
      .select({
        seen: notes.seenAt,
        twice: sql<bigint>`${notes.id} * 2`.mapWith(BigInt),
        plain: sql<string>`${notes.id}::text`,
        named: sql<Date>`${notes.seenAt}`.mapWith(notes.seenAt).as('named'),
        count: db.$count(notes),
      })
      .from(notes)
      .orderBy(asc(notes.id)),
  'groups, with nobody on one side': (db: ReadDb) =>
    db
      .select({ id: notes.id, note: { seen: notes.seenAt }, other: others })
      .from(notes)
      .leftJoin(others, gt(others.id, notes.id))
      .orderBy(asc(notes.id), asc(others.id)),
}

const full: Note = {
  id: 1,
  body: 'a "quoted" text',
  tags: ['one', 'two, three', '{'],
  data: { nested: [1, null] },
  seenAt: new Date('2030-01-02T03:04:05.678Z'),
}
const empty: Note = { id: 2, body: null, tags: null, data: null, seenAt: null }

let database: Database
const texts: string[] = []

beforeAll(async () => {
  const { appUrl, ownerUrl } = await testDatabase()
  const owner = new Client({ connectionString: ownerUrl })
  await owner.connect()
  await owner.query(
    `create table notes (id int primary key, body text, tags text[], data jsonb, seen_at timestamptz);
     grant select, insert, delete on notes to ${new URL(appUrl).username}`,
  )
  await owner.end()
  database = connect({
    url: appUrl,
    role: null,
    size: 1,
    overflow: 0,
    acquireTimeoutSeconds: 5,
    recycleSeconds: 60,
    statementTimeoutSeconds: 10,
    lockTimeoutSeconds: 5,
    idleInTransactionTimeoutSeconds: 10,
    applicationName: 'prepared-test',
    onError: () => {},
    onQuery: (sent) => texts.push(sent),
  })
})
afterAll(() => database.close())
beforeEach(() => database.db.delete(notes))

test('values of every kind arrive and come back as unprepared ones do, null included', async () => {
  for (const note of [full, empty]) {
    expect(await database.db.transaction((tx) => insertNote(tx, note))).toEqual([note])
    const { id } = note
    expect(await noteById(database.db, { id })).toEqual([note])
    expect(await database.db.select().from(notes).where(eq(notes.id, id))).toEqual([note])
  }
})

test('inside a transaction it sees what that transaction wrote, and a rollback takes it back', async () => {
  const undone = new Error('undone')
  await expect(
    database.db.transaction(async (tx) => {
      await insertNote(tx, full)
      expect(await noteById(tx, { id: 1 })).toEqual([full])
      throw undone
    }),
  ).rejects.toBe(undone)
  expect(await noteById(database.db, { id: 1 })).toEqual([])
})

test('a statement is prepared once per connection and kept', async () => {
  await noteById(database.db, { id: 1 })
  await noteById(database.db, { id: 2 })
  const { rows } = await database.db.execute<{ count: string }>(
    sql`select count(*) from pg_prepared_statements where statement like '%from "notes" where%'`,
  )
  expect(rows).toEqual([{ count: '1' }])
})

test('a violated constraint is told as by the unprepared statement', async () => {
  await database.db.transaction((tx) => insertNote(tx, full))
  const again = database.db.transaction((tx) => insertNote(tx, full))
  await expect(again).rejects.toSatisfy((error) => violatedConstraint(error) === 'notes_pkey')
})

test('a literal stands in the text and not among the values', async () => {
  await database.db.transaction(async (tx) => {
    for (const id of [4, 3, 1, 2]) await insertNote(tx, { ...empty, id })
  })
  expect(await twoFrom(database.db, { least: 2 })).toEqual([{ id: 2 }, { id: 3 }])
  expect(texts.at(-1)).toMatch(/limit 2$/)
  expect(() => literal(1.5)).toThrow('1.5 is not a whole number')
})

test.each(Object.entries(shapes))('%s are read as unprepared ones are', async (_what, shape) => {
  await database.db.insert(notes).values([full, empty])
  const rows: readonly unknown[] = await shape(database.db)
  expect(rows.length).toBeGreaterThan(1)
  const prepared = statement<Record<string, never>>()<ReadDb, readonly unknown[]>(shape)
  expect(await prepared(database.db, {})).toStrictEqual(rows)
})
