/** One's own account: what its owner may change, and what nobody can make of themselves. */
import { eq } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import { startServer } from '../../app/testing.ts'
import { type Server, crowd, me, newEmail, rounds, tally, together } from '../auth/testing.ts'
import { users } from './tables.ts'

const server: Server = await startServer()
describe('one’s own account', () => {
  test('is answered in full, with its version as ETag, to nobody else', async () => {
    const ada = await server.as('member')
    const reply = await ada.get(me)
    expect(reply).toMatchObject({
      status: 200,
      headers: { etag: '"1"', 'cache-control': 'no-store' },
    })
    expect(reply.body).toEqual({
      data: {
        id: ada.userId,
        impersonation: null,
        email: ada.email,
        emailVerified: true,
        name: null,
        username: null,
        bio: null,
        avatar: null,
        locale: 'en',
        timeZone: null,
        privacy: {
          profile: 'members',
          email: 'nobody',
          name: 'public',
          bio: 'public',
          avatar: 'public',
        },
        roles: ['member'],
        websocketId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        lastLoginAt: expect.stringMatching(/^\d{4}-.*Z$/),
        createdAt: expect.stringMatching(/^\d{4}-.*Z$/),
      },
    })
    expect(await server.anonymous.get(me)).toMatchObject({
      status: 401,
      body: { code: 'access.unauthenticated' },
    })
  })

  test('changes by its owner, and records which fields, not what is in them', async () => {
    const ada = await server.as('member')
    const reply = await ada.patch(me, {
      name: 'Ada',
      bio: 'Counts.',
      locale: 'de',
      privacy: { email: 'members' },
    })
    expect(reply).toMatchObject({
      status: 200,
      headers: { etag: '"2"' },
      body: {
        data: {
          name: 'Ada',
          bio: 'Counts.',
          locale: 'de',
          privacy: { profile: 'members', email: 'members' },
        },
      },
    })
    expect((await ada.get(me)).body).toEqual(reply.body)
    const facts = (await server.facts()).filter(({ subjectId }) => subjectId === ada.userId)
    expect(facts.at(-1)).toMatchObject({
      name: 'users.user_updated',
      actorId: ada.userId,
      data: { fields: ['name', 'bio', 'locale', 'emailAudience'] },
    })
  })

  test('cannot be given a role, another address, a status or another owner', async () => {
    const ada = await server.as('member')
    const [before] = await server.db.select().from(users).where(eq(users.id, ada.user.id))
    const forbidden = {
      id: '00000000-0000-4000-8000-000000000000',
      userId: '00000000-0000-4000-8000-000000000000',
      email: newEmail(),
      emailVerified: false,
      emailVerifiedAt: null,
      role: 'super_admin',
      roles: ['super_admin'],
      isAdmin: true,
      status: 'suspended',
      version: 99,
      websocketId: '00000000-0000-4000-8000-000000000000',
      lastLoginAt: '2020-01-01T00:00:00Z',
      createdAt: '2020-01-01T00:00:00Z',
      deletedAt: '2020-01-01T00:00:00Z',
      profileAudience: 'nobody',
    }
    const reply = await ada.patch(me, { name: 'Ada', ...forbidden })
    expect(reply).toMatchObject({ status: 200, body: { data: { name: 'Ada', roles: ['member'] } } })
    const [after] = await server.db.select().from(users).where(eq(users.id, ada.user.id))
    expect({ ...after, name: null, updatedAt: null, version: null }).toEqual({
      ...before,
      name: null,
      updatedAt: null,
      version: null,
    })
  })

  test.each([
    [{}],
    [{ name: '' }],
    [{ name: 'a'.repeat(101) }],
    [{ name: ['Ada'] }],
    [{ name: 7 }],
    [{ name: 'a\u0000b' }],
    [{ username: 'ab' }],
    [{ username: 'a@b' }],
    [{ username: '-ada' }],
    [{ username: 'ａda' }],
    [{ username: null }],
    [{ locale: 'english' }],
    [{ bio: 'a'.repeat(2001) }],
    [{ privacy: { email: 'friends' } }],
    [{ privacy: 'public' }],
    [[]],
    ['"text"'],
  ])('a change to %j is refused and changes nothing', async (change) => {
    const ada = await server.as('member')
    const before = (await ada.get(me)).body
    expect((await ada.patch(me, change)).status).toBe(422)
    expect((await ada.get(me)).body).toEqual(before)
  })

  test('of many changes to one version at once, one is made and the others are told', async () => {
    const ada = await server.as('member')
    for (let round = 1; round <= rounds; round += 1) {
      const replies = await together(crowd, (index) =>
        ada.patch(me, { name: `Ada ${round}.${index}` }, { 'if-match': `"${round}"` }),
      )
      expect(tally(replies)).toEqual({ 200: 1, 412: crowd - 1 })
      const winner = replies.find(({ status }) => status === 200)
      expect((await ada.get(me)).body.data.name).toBe(winner?.body.data.name)
    }
  })

  test.each(['"0"', '"1", "2"', 'W/"1"', '"x"', '1', ''])(
    'If-Match %s matches nothing of ours',
    async (header) => {
      const ada = await server.as('member')
      expect(await ada.patch(me, { name: 'Ada' }, { 'if-match': header })).toMatchObject({
        status: 412,
        body: { code: 'http.precondition_failed' },
      })
    },
  )

  test('a username has one owner, whatever its case, however many want it at once', async () => {
    const people = await together(crowd, () => server.as('member'))
    for (let round = 0; round < rounds; round += 1) {
      const replies = await Promise.all(
        people.map((person, index) =>
          person.patch(me, { username: index % 2 ? `Wanted-${round}` : `wanted-${round}` }),
        ),
      )
      expect(tally(replies)).toEqual({ 200: 1, 409: crowd - 1 })
      expect(replies.find(({ status }) => status === 409)?.body.code).toBe('users.username_taken')
    }
  })
})

test('nothing here was our own failure', () => {
  expect(server.failures).toEqual([])
})
