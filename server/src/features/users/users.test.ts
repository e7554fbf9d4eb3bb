/** Accounts and profiles: who sees what of whom, and what nobody can make of themselves. */
import { eq } from 'drizzle-orm'
import { beforeAll, describe, expect, test } from 'vitest'
import { startServer } from '../../app/testing.ts'
import {
  type Server,
  api,
  givenRegistration,
  me,
  newEmail,
  query,
  tally,
  together,
} from '../auth/testing.ts'
import { audiences, users } from './tables.ts'

const server: Server = await startServer()
const profile = (id: string) => `${api}/users/${id}`
const list = async (client: Pick<Server['anonymous'], 'get'>, search: string) =>
  (await client.get(`${api}/users?limit=100&search=${encodeURIComponent(search)}`)).body.data as {
    id: string
    email: string | null
  }[]

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
        email: ada.email,
        emailVerified: true,
        name: null,
        username: null,
        bio: null,
        locale: 'en',
        privacy: { profile: 'members', email: 'nobody' },
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

  test('of 20 changes to one version at once, one is made and 19 are told', async () => {
    const ada = await server.as('member')
    for (let round = 1; round <= 10; round += 1) {
      const replies = await together(20, (index) =>
        ada.patch(me, { name: `Ada ${round}.${index}` }, { 'if-match': `"${round}"` }),
      )
      expect(tally(replies)).toEqual({ 200: 1, 412: 19 })
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
    const people = await together(20, () => server.as('member'))
    for (let round = 0; round < 5; round += 1) {
      const replies = await Promise.all(
        people.map((person, index) =>
          person.patch(me, { username: index % 2 ? `Wanted-${round}` : `wanted-${round}` }),
        ),
      )
      expect(tally(replies)).toEqual({ 200: 1, 409: 19 })
      expect(replies.find(({ status }) => status === 409)?.body.code).toBe('users.username_taken')
    }
  })
})

describe('profiles', () => {
  const owners = new Map<string, Awaited<ReturnType<Server['as']>>>()
  let stranger: Server['anonymous']
  let support: Server['anonymous']
  const cases = audiences.flatMap((shown) => audiences.map((mail) => ({ shown, mail })))
  const ownerOf = (shown: string, mail: string) => owners.get(`${shown}/${mail}`)

  beforeAll(async () => {
    for (const { shown, mail } of cases) {
      const owner = await server.as('member')
      await owner.patch(me, {
        name: `Matrix ${shown} ${mail}`,
        privacy: { profile: shown, email: mail },
      })
      owners.set(`${shown}/${mail}`, owner)
    }
    stranger = await server.as('member')
    support = await server.as('support')
  })

  const isIn = (audience: string, who: string) =>
    who === 'owner' ||
    who === 'support' ||
    audience === 'public' ||
    (audience === 'members' && who === 'member')

  const readers = ['anonymous', 'member', 'owner', 'support'] as const
  const matrix = cases.flatMap((one) => readers.map((who) => ({ ...one, who })))

  test.each(matrix)(
    'a profile for $shown with an address for $mail, read by $who',
    async ({ shown, mail, who }) => {
      const owner = ownerOf(shown, mail)
      if (!owner) throw new Error('nobody')
      const reader = { anonymous: server.anonymous, member: stranger, owner, support }[who]
      const one = await reader.get(profile(owner.user.id))
      const found = (await list(reader, `Matrix ${shown} ${mail}`)).find(
        ({ id }) => id === owner.userId,
      )
      const seen = {
        id: owner.userId,
        name: `Matrix ${shown} ${mail}`,
        username: null,
        bio: null,
        email: isIn(mail, who) ? owner.email : null,
        createdAt: expect.any(String),
      }
      const isShown = isIn(shown, who)
      expect({ status: one.status, code: one.body.code, data: one.body.data, found }).toEqual(
        isShown
          ? { status: 200, code: undefined, data: seen, found: seen }
          : { status: 404, code: 'users.user_not_found', data: undefined, found: undefined },
      )
    },
  )

  test('a hidden profile looks exactly like one that never was', async () => {
    const hidden = await stranger.get(profile(ownerOf('nobody', 'nobody')?.user.id ?? ''))
    const never = await stranger.get(profile('00000000-0000-4000-8000-000000000000'))
    expect({ ...hidden.body, requestId: 0 }).toEqual({ ...never.body, requestId: 0 })
    expect(hidden.status).toBe(404)
  })

  test('a hidden profile is not counted either', async () => {
    const search = `${api}/users?total=true&search=${encodeURIComponent('Matrix nobody')}`
    expect((await stranger.get(search)).body.meta.total).toBe(0)
    expect((await support.get(search)).body.meta.total).toBe(3)
  })

  test('search takes % and _ and \\ for what they are', async () => {
    for (const name of ['100% Ada', '100x Ada', 'A_da', 'Axda', 'back\\slash'])
      await (await server.as('member')).patch(me, { name })
    const names = async (search: string) =>
      (await list(stranger, search)).map((row) => (row as unknown as { name: string }).name)
    expect(await names('100%')).toEqual(['100% Ada'])
    expect(await names('A_')).toEqual(['A_da'])
    expect(await names('back\\')).toEqual(['back\\slash'])
    expect(await names('%')).toEqual([])
    expect(await names("'")).toEqual([])
  })

  test('nobody is found by an address they hide, by no parameter', async () => {
    const hidden = ownerOf('public', 'nobody')
    const local = hidden?.email.split('@')[0] ?? ''
    expect(await list(stranger, hidden?.email ?? '')).toEqual([])
    expect(await list(stranger, local)).toEqual([])
    const all = (await stranger.get(`${api}/users?limit=100`)).body
    for (const extra of [
      `email=${hidden?.email}`,
      `filter[email]=${hidden?.email}`,
      'sort=email',
      'orderBy=email',
      'fields=email,passwordHash',
      'include=credentials',
    ]) {
      const reply = await stranger.get(`${api}/users?limit=100&${extra}`)
      expect({ status: reply.status, data: reply.body.data }).toEqual({
        status: 200,
        data: all.data,
      })
    }
    expect(JSON.stringify(all)).not.toContain(hidden?.email)
  })

  test('who has not proven an address, and who is suspended, is nobody yet or no more', async () => {
    const pending = await givenRegistration(server, { name: 'Pending Person', username: 'pending' })
    const [row] = await server.db.select().from(users).where(eq(users.email, pending.email))
    expect(await list(stranger, 'Pending')).toEqual([])
    expect(await list(server.anonymous, 'pending')).toEqual([])
    expect((await stranger.get(profile(row?.id ?? ''))).status).toBe(404)
    expect((await support.get(profile(row?.id ?? ''))).status).toBe(200)

    const suspended = await server.as('member')
    await suspended.patch(me, { name: 'Suspended Person' })
    expect(await list(stranger, 'Suspended')).toHaveLength(1)
    await query(server, `update users_users set status = 'suspended' where id = $1`, [
      suspended.userId,
    ])
    expect(await list(stranger, 'Suspended')).toEqual([])
    expect((await stranger.get(profile(suspended.user.id))).status).toBe(404)
  })

  test('pages go through everybody once, also while others arrive', async () => {
    const names = Array.from({ length: 7 }, (_, index) => `Paged ${index}`)
    for (const name of names) await (await server.as('member')).patch(me, { name })
    const seen: string[] = []
    let cursor: string | null = null
    do {
      const next: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`
      const reply = await stranger.get(`${api}/users?limit=2&search=Paged${next}`)
      expect(reply.status).toBe(200)
      seen.push(...reply.body.data.map(({ name }: { name: string }) => name))
      cursor = reply.body.meta.nextCursor
      await (await server.as('member')).patch(me, { name: `Paged late ${seen.length}` })
    } while (cursor !== null)
    expect(seen).toEqual(names.toReversed())
  })

  const encoded = (keys: unknown) => Buffer.from(JSON.stringify(keys)).toString('base64url')
  test.each([
    'x',
    encoded([]),
    encoded(['2026-11-20', 'not an id']),
    encoded(['not a time', '00000000-0000-4000-8000-000000000000']),
    encoded(['2026-02-30 00:00:00+00', '00000000-0000-4000-8000-000000000000']),
    encoded([1e99, '00000000-0000-4000-8000-000000000000']),
    encoded([-1, '00000000-0000-4000-8000-000000000000']),
    encoded([Number.MAX_SAFE_INTEGER, '00000000-0000-4000-8000-00000000000']),
    encoded([null, null]),
    encoded([["' or 1=1 --"], {}]),
  ])('the cursor %s is not one of ours', async (cursor) => {
    expect(await stranger.get(`${api}/users?cursor=${cursor}`)).toMatchObject({
      status: 422,
      body: { code: 'http.invalid_cursor' },
    })
  })

  test.each([
    'limit=0',
    'limit=-1',
    'limit=1e9',
    'limit=NaN',
    'limit=1&limit=2',
    'search=',
    'total=7',
  ])('a list is not asked with %s', async (parameters) => {
    expect((await stranger.get(`${api}/users?${parameters}`)).status).toBe(422)
  })
})

test('nothing here was our own failure', () => {
  expect(server.failures).toEqual([])
})
