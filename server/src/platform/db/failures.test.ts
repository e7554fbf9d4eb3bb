import { expect, test } from 'vitest'
import { databaseFailure, isRetryable, sqlState, violatedConstraint } from './failures.ts'

const failed = (code: string, message = 'no') => Object.assign(new Error(message), { code })
const wrapped = (cause: unknown) => new Error('Failed query: select 1', { cause })

test.each([
  ['08006', 503, 'database.unavailable'],
  ['57P01', 503, 'database.unavailable'],
  ['57P03', 503, 'database.unavailable'],
  ['53300', 503, 'database.unavailable'],
  ['25006', 503, 'database.unavailable'],
  ['28P01', 503, 'database.unavailable'],
  ['3D000', 503, 'database.unavailable'],
  ['57014', 503, 'database.busy'],
  ['55P03', 503, 'database.busy'],
  ['40001', 409, 'database.conflict'],
  ['40P01', 409, 'database.conflict'],
  ['22021', 422, 'database.invalid_text'],
  ['22P05', 422, 'database.invalid_text'],
  ['ECONNREFUSED', 503, 'database.unavailable'],
  ['ECONNRESET', 503, 'database.unavailable'],
  ['EPIPE', 503, 'database.unavailable'],
  ['ETIMEDOUT', 503, 'database.unavailable'],
  ['ENOTFOUND', 503, 'database.unavailable'],
  ['EAI_AGAIN', 503, 'database.unavailable'],
  ['EHOSTUNREACH', 503, 'database.unavailable'],
])('%s is answered with %i %s, bare or wrapped by the driver', (code, status, expected) => {
  expect(databaseFailure(failed(code))).toMatchObject({ status, code: expected })
  expect(databaseFailure(wrapped(failed(code)))).toMatchObject({ status, code: expected })
})

test.each(['42P01', '42501', '23502', '22012', '22P02', 'P0001', 'XX000'])(
  '%s is our own bug and excuses nothing',
  (code) => {
    expect(sqlState(wrapped(failed(code)))).toBe(code)
    expect(databaseFailure(failed(code))).toBeNull()
  },
)

test.each([
  'Connection terminated unexpectedly',
  'Connection terminated due to connection timeout',
  'Client has encountered a connection error and is not queryable',
  'Query read timeout',
])('the driver’s “%s” means that the database cannot be reached', (message) => {
  expect(databaseFailure(new Error(message))).toMatchObject({ code: 'database.unavailable' })
})

test('whatever ended the connection, the database cannot be reached: it takes nobody in', () => {
  const refused = Object.assign(failed('55000', 'not currently accepting connections'), {
    severity: 'FATAL',
  })
  expect(databaseFailure(wrapped(refused))).toMatchObject({ code: 'database.unavailable' })
  expect(databaseFailure(Object.assign(refused, { severity: 'ERROR' }))).toBeNull()
})

test('a pool without a free connection is busy, not gone', () => {
  const error = new Error('timeout exceeded when trying to connect')
  expect(databaseFailure(error)).toMatchObject({ code: 'database.busy' })
})

test('what is no failure of the database is not taken for one', () => {
  for (const error of [
    new Error('a bug'),
    new TypeError('x is undefined'),
    null,
    'text',
    failed('ENOENT'),
  ])
    expect(databaseFailure(error)).toBeNull()
})

test('only the victims of a race are run again', () => {
  expect(isRetryable(wrapped(failed('40001')))).toBe(true)
  expect(isRetryable(failed('40P01'))).toBe(true)
  for (const code of ['23505', '57P01', '55P03', 'EPIPE'])
    expect(isRetryable(failed(code))).toBe(false)
})

test('a violated constraint is found by name, however deep', () => {
  const error = Object.assign(failed('23505'), { constraint: 'users_users_email' })
  expect(violatedConstraint(wrapped(wrapped(error)))).toBe('users_users_email')
  expect(violatedConstraint(new Error('a bug'))).toBeNull()
})
