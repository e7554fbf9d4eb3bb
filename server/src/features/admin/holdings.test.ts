/** What somebody is let in by, in the hands of administrators: seen, and ended one by one. */
import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { startServer } from '../../app/testing.ts'
import { addPasskey } from '../auth/testing-passkeys.ts'
import { api, bearerOf, countFacts, crowd, me, signIn, tally, together } from '../auth/testing.ts'
import { givenEnrolled } from '../twofa/testing.ts'
import { usersUrl } from './testing.ts'

const server = await startServer()
const admin = await server.as('admin')
const support = await server.as('support')
const nobody = randomUUID()

test('support sees where somebody is signed in, and an administrator ends one of it, once', async () => {
  const member = await server.as('member')
  const second = await signIn(server, member.email)
  const there = bearerOf(server, String(second.body.data.accessToken))
  const url = `${usersUrl}/${member.userId}/sessions`
  const { body } = await support.get(url)
  expect(body.data).toHaveLength(2)
  expect(body.data[0]).toMatchObject({ current: false, kind: 'token', ip: '127.0.0.1' })
  const mine = (await there.get(`${api}/auth/sessions`)).body.data
  const { id } = mine.find(({ current }: { current: boolean }) => current)
  expect((await support.delete(`${url}/${id}`)).status).toBe(403)
  const replies = await together(crowd, () => admin.delete(`${url}/${id}`))
  expect(tally(replies)).toEqual({ 204: 1, 404: crowd - 1 })
  expect((await there.get(me)).status).toBe(401)
  expect((await member.get(me)).status).toBe(200)
  expect(await countFacts(server, 'admin.session_ended', member.userId)).toBe(1)
  // Who signs themselves out states that fact; here nobody did.
  expect(await countFacts(server, 'auth.signed_out', member.userId)).toBe(0)
})

test('a session is ended under its own account only, and of nobody above', async () => {
  const [member, other, root] = [
    await server.as('member'),
    await server.as('member'),
    await server.as('super_admin'),
  ]
  const [session] = (await member.get(`${api}/auth/sessions`)).body.data
  const elsewhere = await admin.delete(`${usersUrl}/${other.userId}/sessions/${session.id}`)
  expect(elsewhere).toMatchObject({ status: 404, body: { code: 'auth.session_not_found' } })
  const [above] = (await root.get(`${api}/auth/sessions`)).body.data
  const refused = await admin.delete(`${usersUrl}/${root.userId}/sessions/${above.id}`)
  expect(refused).toMatchObject({ status: 403, body: { code: 'admin.account_above' } })
  const own = await admin.delete(`${usersUrl}/${admin.userId}/sessions/${session.id}`)
  expect(own.body.code).toBe('admin.own_account')
  for (const client of [member, root]) expect((await client.get(me)).status).toBe(200)
})

test('an API key is seen without its secret, and revoked by who may, once', async () => {
  const member = await server.as('member')
  const made = (await member.post(`${api}/auth/api-keys`, { name: 'a script' })).body.data
  const url = `${usersUrl}/${member.userId}/api-keys`
  const listed = await support.get(url)
  expect(listed.body.data).toMatchObject([{ id: made.id, name: 'a script', scopes: null }])
  expect(listed.text).not.toContain(made.key)
  expect((await support.delete(`${url}/${made.id}`)).status).toBe(403)
  expect((await admin.delete(`${usersUrl}/${support.userId}/api-keys/${made.id}`)).status).toBe(404)
  expect((await bearerOf(server, made.key).get(me)).status).toBe(200)
  const replies = await together(crowd, () => admin.delete(`${url}/${made.id}`))
  expect(tally(replies)).toEqual({ 204: 1, 404: crowd - 1 })
  expect((await bearerOf(server, made.key).get(me)).status).toBe(401)
  expect((await support.get(url)).body.data).toEqual([])
  expect(await countFacts(server, 'admin.key_revoked', member.userId)).toBe(1)
})

test('factors are listed without anything that would let somebody in', async () => {
  const enrolled = await givenEnrolled(server)
  await addPasskey(enrolled)
  const { body, text } = await support.get(`${usersUrl}/${enrolled.userId}/factors`)
  expect(body.data).toMatchObject({
    authenticator: { since: expect.any(String), backupCodesLeft: 10 },
    passkeys: [{ name: expect.any(String), lastUsedAt: null }],
    trustedDevices: [],
  })
  expect(Object.keys(body.data.passkeys[0]).toSorted()).toEqual(
    ['createdAt', 'id', 'isBackedUp', 'lastUsedAt', 'name'].toSorted(),
  )
  expect(text).not.toContain(enrolled.secret)
})

test('wrong passwords in a row are seen on the account', async () => {
  const member = await server.as('member')
  const url = `${usersUrl}/${member.userId}`
  expect((await support.get(url)).body.data.signInLock).toBeNull()
  await signIn(server, member.email, { password: 'quite another one' })
  expect((await support.get(url)).body.data.signInLock).toEqual({ failures: 1, lockedUntil: null })
})

test.each(['sessions', 'api-keys', 'factors', 'identities', 'impersonations'])(
  'nobody without the permission reads somebody’s %s',
  async (part) => {
    const member = await server.as('member')
    const url = `${usersUrl}/${support.userId}/${part}`
    expect((await server.anonymous.get(url)).status).toBe(401)
    expect((await member.get(url)).status).toBe(403)
    expect((await support.get(url)).status).toBe(200)
    expect((await support.get(`${usersUrl}/${nobody}/${part}`)).status).toBe(404)
  },
)
