/** Operation and table of statements, and the kind of their failures. */
import { expect, test } from 'vitest'
import { sqlErrorType, sqlLabels } from './sql-labels.ts'

test.each([
  ['select "id", "name" from "users" where "id" = $1', 'select', 'users'],
  ['SELECT count(*) FROM public.users u', 'select', 'users'],
  ['select extract(epoch from created_at) from only "events"', 'select', 'events'],
  ['select 1', 'select', 'none'],
  ['select * from generate_series(1, 10)', 'select', 'none'],
  [
    'insert into "users" ("id") values ($1) on conflict do nothing returning "id"',
    'insert',
    'users',
  ],
  ['update "users" set "name" = $1 where "id" = $2', 'update', 'users'],
  ['update jobs as j set state = $1 from picked where j.id = picked.id', 'update', 'jobs'],
  ['delete from "sessions" where "id" in (select "id" from "users")', 'delete', 'sessions'],
  [
    'with picked as (select id from jobs where state = 1 for update skip locked) update jobs j set state = 2 from picked',
    'update',
    'jobs',
  ],
  ['with recent as (select * from "posts") select * from recent', 'select', 'posts'],
  ['  -- why\n/* and how */ (select * from "posts")', 'select', 'posts'],
  ['begin', 'begin', 'none'],
  ['BEGIN ISOLATION LEVEL SERIALIZABLE', 'begin', 'none'],
  ['listen "wake"', 'listen', 'none'],
  ['create table users (id int)', 'ddl', 'none'],
  ['copy "users" from stdin', 'copy', 'users'],
  ['', 'other', 'other'],
  ['gibberish; drop table users', 'other', 'other'],
  [`insert into "${'x'.repeat(80)}" values (1)`, 'insert', 'other'],
])('%s is %s on %s', (text, operation, table) => {
  expect(sqlLabels(text)).toEqual({ operation, table })
})

test('a statement of megabytes is read only at its beginning', () => {
  expect(sqlLabels(`insert into "users" values ${'($1), '.repeat(500_000)}`)).toEqual({
    operation: 'insert',
    table: 'users',
  })
})

test.each([
  [{ code: '23505' }, 'unique_violation'],
  [{ code: '40P01' }, 'deadlock_detected'],
  [{ code: '57P01' }, 'operator_intervention'],
  [{ code: '99999' }, 'other'],
  [{ code: 'ECONNREFUSED' }, 'connection'],
  [{ message: 'Connection terminated unexpectedly' }, 'connection'],
  [{ message: 'Query read timeout' }, 'timeout'],
  [{ message: 'what' }, 'other'],
])('a failure with %o is of type %s', (fields, type) => {
  expect(sqlErrorType(Object.assign(new Error(''), fields))).toBe(type)
})
