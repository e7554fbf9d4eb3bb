import { expect, test } from 'vitest'
import { startServer } from '../../app/testing.ts'

const server = await startServer()
const me = '/api/v1/users/me'

test('a change of the version that was read succeeds, and moves the version on', async () => {
  const member = await server.as()
  const first = (await member.get(me)).headers['etag']
  expect(first).toMatch(/^"\d+"$/)
  const changed = await member.patch(me, { name: 'One' }, { 'if-match': String(first) })
  expect(changed.status).toBe(200)
  expect(changed.headers['etag']).not.toBe(first)
  const read = await member.get(me)
  expect(read.headers['etag']).toBe(changed.headers['etag'])
})

test('a change of a version that is gone is refused, and changes nothing', async () => {
  const member = await server.as()
  const stale = String((await member.get(me)).headers['etag'])
  await member.patch(me, { name: 'One' })
  const before = await server.facts()
  const reply = await member.patch(me, { name: 'Two' }, { 'if-match': stale })
  expect(reply).toMatchObject({ status: 412, body: { code: 'http.precondition_failed' } })
  expect((await member.get(me)).body.data.name).toBe('One')
  expect(await server.facts()).toEqual(before)
})

test.each([
  'W/"1"',
  '1',
  '"1',
  '""',
  '"x"',
  "'1'",
  '"1", "2"',
  '"01"x',
  '"-1"',
  '"1.0"',
  '"99999999999999999999"',
  'null',
  '"*"',
])('If-Match: %s matches nothing', async (header) => {
  const member = await server.as()
  const reply = await member.patch(me, { name: 'Two' }, { 'if-match': header })
  expect(reply.status).toBe(412)
  expect((await member.get(me)).body.data.name).toBeNull()
})

test('If-Match: * and no If-Match ask only that the account is there', async () => {
  const member = await server.as()
  expect((await member.patch(me, { name: 'One' }, { 'if-match': '*' })).status).toBe(200)
  expect((await member.patch(me, { name: 'Two' })).status).toBe(200)
})

test('of two changes of one version, made at once, one wins', async () => {
  const member = await server.as()
  const etag = String((await member.get(me)).headers['etag'])
  const replies = await Promise.all(
    Array.from({ length: 10 }, (_, index) =>
      member.patch(me, { name: `N${index}` }, { 'if-match': etag }),
    ),
  )
  const statuses = replies.map(({ status }) => status)
  expect(statuses.toSorted((left, right) => left - right)).toEqual([
    200,
    ...Array.from({ length: 9 }, () => 412),
  ])
})
