/** API keys: what they were given, never more than their owner, and nothing once they are revoked. */
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { startServer } from '../../app/testing.ts'
import { isWholeToken, newCheckedToken } from '../../platform/secrets.ts'
import {
  type Server,
  api,
  crowd,
  forgetUser,
  givenBrowser,
  me,
  query,
  rounds,
  tally,
  together,
} from './testing.ts'

const server: Server = await startServer()
const url = `${api}/auth/api-keys`
const using = (key: string, at: Server = server) =>
  at.clientWith(null, { authorization: `Bearer ${key}` })

type Person = Awaited<ReturnType<Server['as']>>
async function givenKey(person: Pick<Person, 'post'>, body: object = {}) {
  const reply = await person.post(url, { name: 'a key', ...body })
  if (reply.status !== 201) throw new Error(reply.text)
  const { id, key } = reply.body.data as { id: string; key: string }
  return { id, key, reply, client: using(key) }
}

test('a key is shown once, and then only by its first characters', async () => {
  const ada = await server.as('member')
  const { key, reply } = await givenKey(ada, { name: 'backup', scopes: ['users.read_self'] })
  expect(reply.body.data).toEqual({
    id: expect.any(String),
    name: 'backup',
    key: expect.stringMatching(/^ash_k_[\w-]{49}$/),
    hint: key.slice(0, 12),
    scopes: ['users.read_self'],
    expiresAt: null,
    requestsPerMinute: null,
    lastUsedAt: null,
    lastUsedIp: null,
    createdAt: expect.any(String),
  })
  const list = await ada.get(url)
  const { key: _key, ...shown } = reply.body.data
  expect(list.body.data).toEqual([shown])
  expect(list.text).not.toContain(key.slice(12))
  const facts = (await server.facts()).filter(({ name }) => name === 'auth.api_key_created')
  expect(JSON.stringify(facts)).not.toContain(key.slice(12))
})

test('a key does what its owner may, without CSRF; with scopes only those', async () => {
  const ada = await server.as('member')
  const full = await givenKey(ada)
  expect((await full.client.patch(me, { name: 'Ada' })).body.data.name).toBe('Ada')
  const reader = await givenKey(ada, { scopes: ['users.read_self'] })
  expect((await reader.client.get(me)).status).toBe(200)
  expect(await reader.client.patch(me, { name: 'Eve' })).toMatchObject({
    status: 403,
    body: { code: 'access.forbidden', permission: 'users.update_self' },
  })
  expect((await reader.client.get(url)).status).toBe(403)
  expect((await reader.client.delete(`${url}/${full.id}`)).status).toBe(403)
  expect((await ada.get(me)).body.data.name).toBe('Ada')
})

test('a key without the right to read its owner’s account does not read it by another door', async () => {
  const ada = await server.as('member')
  await ada.patch(me, { name: 'Shy Person', privacy: { profile: 'nobody', email: 'nobody' } })
  const { client } = await givenKey(ada, { scopes: ['users.update_self'] })
  expect((await client.get(`${api}/users/${ada.userId}`)).status).toBe(404)
  expect((await client.get(`${api}/users?search=Shy`)).body.data).toEqual([])
  expect((await ada.get(`${api}/users/${ada.userId}`)).body.data.email).toBe(ada.email)
})

describe('no key is more than its owner', () => {
  test.each([
    ['users.read_any'],
    ['*'],
    ['admin.read_health'],
    ['no.such_permission'],
    ['users.read_self '],
    [''],
  ])('a member cannot give one %j', async (scope) => {
    const ada = await server.as('member')
    expect(await ada.post(url, { name: 'x', scopes: ['users.read_self', scope] })).toMatchObject({
      status: 422,
      body: { code: 'auth.unknown_scope', scopes: [scope] },
    })
    expect((await ada.get(url)).body.data).toEqual([])
  })

  test('a role taken away is taken from the key as well', async () => {
    const hidden = await server.as('member')
    await hidden.patch(me, { privacy: { profile: 'nobody' } })
    const support = await server.as('support')
    const { client } = await givenKey(support, { scopes: ['users.read_any'] })
    expect((await client.get(`${api}/users/${hidden.userId}`)).status).toBe(200)
    await query(server, 'delete from access_grants where user_id = $1', [support.userId])
    await forgetUser(server, support.user.id)
    expect((await client.get(`${api}/users/${hidden.userId}`)).status).toBe(404)
  })

  test.each([
    ['everything', {}],
    ['the right to make keys', { scopes: ['auth.manage_api_keys'] }],
  ])('a key with %s makes no other key', async (_name, body) => {
    const ada = await server.as('member')
    const { client } = await givenKey(ada, body)
    for (const wanted of [
      {},
      { scopes: ['auth.manage_api_keys'] },
      { scopes: ['users.read_self'] },
    ])
      expect(await client.post(url, { name: 'child', ...wanted })).toMatchObject({
        status: 403,
        body: { code: 'access.session_required' },
      })
    expect((await ada.get(url)).body.data).toHaveLength(1)
  })
})

describe('a key ends', () => {
  test('at once when it is revoked, and elsewhere within a second', async () => {
    const second: Server = await startServer({ location: server.location })
    const ada = await server.as('member')
    const { id, key, client } = await givenKey(ada)
    expect((await client.get(me)).status).toBe(200)
    expect((await using(key, second).get(me)).status).toBe(200)
    expect((await ada.delete(`${url}/${id}`)).status).toBe(204)
    expect((await client.get(me)).status).toBe(401)
    expect((await ada.get(url)).body.data).toEqual([])
    await pause(1_000)
    expect((await using(key, second).get(me)).status).toBe(401)
  })

  test('once, when many revoke it at once', async () => {
    const ada = await server.as('member')
    for (let round = 0; round < rounds; round += 1) {
      const { id } = await givenKey(ada)
      const replies = await together(crowd, () => ada.delete(`${url}/${id}`))
      expect(tally(replies)).toEqual({ 204: 1, 404: crowd - 1 })
    }
  })

  test('when its time is over', async () => {
    const ada = await server.as('member')
    const expiresAt = new Date(Date.now() + 1_000).toISOString()
    const { client } = await givenKey(ada, { expiresAt })
    const eternal = await givenKey(ada)
    expect((await client.get(me)).status).toBe(200)
    await pause(1_100)
    expect((await client.get(me)).status).toBe(401)
    expect((await eternal.client.get(me)).status).toBe(200)
  })

  test('not with a session: signing out leaves keys alone', async () => {
    const ada = await server.as('member')
    const browser = await givenBrowser(server, ada.email)
    const { client } = await givenKey(browser)
    expect((await browser.post(`${api}/auth/logout`)).status).toBe(204)
    expect((await client.get(me)).status).toBe(200)
    // A key has no session to end.
    await client.post(`${api}/auth/logout`)
    expect((await ada.get(me)).status).toBe(200)
  })
})

test('its owner sees when and from where it was used last; reading does not write each time', async () => {
  const ada = await server.as('member')
  const { id, client } = await givenKey(ada)
  await client.get(me)
  const used = async () =>
    (await ada.get(url)).body.data.find((each: { id: string }) => each.id === id)
  const first = await used()
  expect(first).toMatchObject({ lastUsedAt: expect.stringMatching(/Z$/), lastUsedIp: '127.0.0.1' })
  await client.get(me)
  expect(await used()).toEqual(first)
  await query(
    server,
    `update auth_api_keys set last_used_at = now() - interval '6 minutes' where id = $1`,
    [id],
  )
  await server.ctx().tx((tx) => tx.invalidate(`api_key:${id}`))
  await client.get(me)
  expect((await used()).lastUsedAt >= first.lastUsedAt).toBe(true)
})

test('a key has a limit of its own, beside the one that its owner’s requests share', async () => {
  const limited: Server = await startServer({ environment: { RATE_LIMIT_ENABLED: 'true' } })
  const ada = await limited.as('member')
  const slow = await givenKey(ada, { requestsPerMinute: 5 })
  const other = await givenKey(ada, { requestsPerMinute: 5 })
  expect(slow.reply.body.data.requestsPerMinute).toBe(5)
  const replies = await together(20, () => using(slow.key, limited).get(me))
  expect(tally(replies)).toEqual({ 200: 5, 429: 15 })
  expect(replies.find(({ status }) => status === 429)).toMatchObject({
    headers: { 'retry-after': expect.any(String) },
    body: { code: 'rate_limit.exceeded', policy: 'auth_api_key' },
  })
  expect((await using(other.key, limited).get(me)).status).toBe(200)
  expect((await ada.get(me)).status).toBe(200)
})

test('a key that is not whole is refused without being looked for', async () => {
  const { key } = await givenKey(await server.as('member'))
  const changed = key.slice(0, -1) + (key.endsWith('0') ? '1' : '0')
  const made = newCheckedToken('ash_k_')
  expect(isWholeToken('ash_k_', key)).toBe(true)
  expect(isWholeToken('ash_k_', made)).toBe(true)
  for (const broken of [changed, key.slice(0, -6), `${key}0`, 'ash_k_', `ash_x_${key.slice(6)}`])
    expect(isWholeToken('ash_k_', broken)).toBe(false)
  for (const stranger of [changed, made]) expect((await using(stranger).get(me)).status).toBe(401)
})

test('another’s key does not exist: it is not listed, not revoked, and works on', async () => {
  const ada = await server.as('member')
  const eve = await server.as('super_admin')
  const { id, client } = await givenKey(ada)
  const foreign = await eve.delete(`${url}/${id}`)
  const never = await eve.delete(`${url}/00000000-0000-4000-8000-000000000000`)
  expect(foreign).toMatchObject({ status: 404, body: { code: 'auth.api_key_not_found' } })
  expect({ ...foreign.body, requestId: 0 }).toEqual({ ...never.body, requestId: 0 })
  expect((await eve.get(url)).body.data).toEqual([])
  expect((await client.get(me)).status).toBe(200)
  expect((await eve.delete(`${url}/not-an-id`)).status).toBe(404)
})

test('a wrong key is nobody’s', async () => {
  const { key, client } = await givenKey(await server.as('member'))
  const wrong = [
    key.slice(0, -1),
    `${key}A`,
    key.slice(0, -1) + (key.endsWith('A') ? 'B' : 'A'),
    key.replace('ash_k_', ''),
    key.replace('ash_k_', 'ash_s_'),
    key.toUpperCase(),
    'ash_k_',
    `ash_k_${'A'.repeat(3000)}`,
    "ash_k_' or 1=1 --",
  ]
  for (const one of wrong) expect((await using(one).get(me)).status).toBe(401)
  expect((await client.get(me)).status).toBe(200)
})

test.each([
  {},
  { name: '' },
  { name: 'x'.repeat(101) },
  { name: 'x', scopes: [] },
  { name: 'x', scopes: 'users.read_self' },
  { name: 'x', scopes: ['users.read_self', 'users.read_self'] },
  { name: 'x', scopes: [7] },
  { name: 'x', expiresAt: '2020-01-01T00:00:00Z' },
  { name: 'x', expiresAt: '0000-01-01T00:00:00Z' },
  { name: 'x', expiresAt: '9999-12-31T23:59:59-23:59' },
  { name: 'x', expiresAt: '2028-12-31T23:59:60Z' },
  { name: 'x', expiresAt: '2028-02-30T00:00:00Z' },
  { name: 'x', expiresAt: 'tomorrow' },
  { name: 'x', expiresAt: 4102444800 },
  { name: 'x', expiresAt: null },
  { name: 'x', requestsPerMinute: 0 },
  { name: 'x', requestsPerMinute: 1.5 },
  { name: 'x', requestsPerMinute: 1001 },
  { name: 'x', requestsPerMinute: '5' },
])('%j makes no key', async (body) => {
  const ada = await server.as('member')
  expect((await ada.post(url, body)).status).toBe(422)
  expect((await ada.get(url)).body.data).toEqual([])
})

test('no owner, no id and no hash can be chosen', async () => {
  const ada = await server.as('member')
  const eve = await server.as('member')
  const { id } = await givenKey(eve, {
    userId: ada.userId,
    ownerId: ada.userId,
    id: ada.userId,
    hash: 'x',
    revokedAt: null,
  })
  expect(id).not.toBe(ada.userId)
  expect((await ada.get(url)).body.data).toEqual([])
  expect((await eve.get(url)).body.data).toHaveLength(1)
})

test('nothing here was our own failure', () => {
  expect(server.failures).toEqual([])
})
