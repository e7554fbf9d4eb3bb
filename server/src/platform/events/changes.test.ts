/** What the audit log is told of a change: the fields that differ, and of secret ones only that they do. */
import { expect, test } from 'vitest'
import { changes } from './index.ts'

const before = { url: 'https://a.test', key: 'key-before', note: 'old', email: 'a@example.com' }
const after = { url: 'https://b.test', key: 'key-after', note: 'old', email: 'b@example.com' }

test('the fields that differ are named, with their values before and after', () => {
  expect(changes(before, after)).toEqual({
    data: {
      fields: ['url', 'key', 'email'],
      before: { url: before.url, key: before.key, email: before.email },
      after: { url: after.url, key: after.key, email: after.email },
    },
    personal: null,
  })
  expect(changes(before, after, { of: ['note'] }).data).toEqual({
    fields: [],
    before: {},
    after: {},
  })
})

test('of a secret that changes neither the old nor the new value is told', () => {
  const told = changes(before, after, { of: ['url', 'key'], secret: ['key'] })
  expect(told).toEqual({
    data: {
      fields: ['url', 'key'],
      before: { url: before.url, key: '***' },
      after: { url: after.url, key: '***' },
    },
    personal: null,
  })
  expect(changes(before, { ...before, url: after.url }, { secret: ['key'] }).data.fields).toEqual([
    'url',
  ])
})

test('a secret that is first set, or taken away, shows no value either', () => {
  type Hook = { readonly secret: string | null }
  const [none, some]: [Hook, Hook] = [{ secret: null }, { secret: 'key-after' }]
  for (const [from, to] of [
    [none, some],
    [some, none],
  ] as const) {
    const told = changes(from, to, { secret: ['secret'] })
    expect(told.data.fields).toEqual(['secret'])
    expect(JSON.stringify(told)).not.toContain('key-')
  }
})

test('what is personal lies apart, and a secret that is personal nowhere', () => {
  const told = changes(before, after, { personal: ['email', 'key'], secret: ['key'] })
  expect(told.data).toEqual({
    fields: ['url', 'key', 'email'],
    before: { url: before.url },
    after: { url: after.url },
  })
  expect(told.personal).toEqual({
    before: { email: before.email },
    after: { email: after.email },
  })
})
