/** Profiles: who sees what of whom, by every door. */
import { eq } from 'drizzle-orm'
import { beforeAll, describe, expect, test } from 'vitest'
import { startServer } from '../../app/testing.ts'
import { type Server, api, givenRegistration, me, query } from '../auth/testing.ts'
import { getProfile, listProfiles } from './profiles.ts'
import { audiences, users } from './tables.ts'

const server: Server = await startServer()
const profile = (id: string) => `${api}/users/${id}`
const list = async (client: Pick<Server['anonymous'], 'get'>, search: string) =>
  (await client.get(`${api}/users?limit=100&search=${encodeURIComponent(search)}`)).body.data as {
    id: string
    email: string | null
  }[]

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

  /** What only readers of any account see. */
  const account = {
    status: 'active',
    emailVerified: true,
    websocketId: expect.any(String),
    teams: [],
    lastLoginAt: expect.any(String),
  }
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
        avatar: null,
        email: isIn(mail, who) ? owner.email : null,
        deleted: false,
        createdAt: expect.any(String),
        ...(who === 'support' ? { account } : {}),
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
    for (const extra of [
      `email=${hidden?.email}`,
      `filter[email]=${hidden?.email}`,
      'sort=email',
      'orderBy=email',
      'fields=email,passwordHash',
      'include=credentials',
    ]) {
      const reply = await stranger.get(`${api}/users?limit=100&${extra}`)
      expect({ status: reply.status, code: reply.body.code }).toEqual({
        status: 422,
        code: 'http.invalid_request',
      })
    }
    const all = (await stranger.get(`${api}/users?limit=100`)).body
    expect(all.data.length).toBeGreaterThan(0)
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

test('a job reads any profile, though it is no user', async () => {
  const shy = await server.as('member')
  await shy.patch(me, { name: 'Shy for jobs', privacy: { profile: 'nobody', email: 'nobody' } })
  const ctx = server.ctx()
  expect(await getProfile(ctx, shy.user.id)).toMatchObject({
    name: 'Shy for jobs',
    email: shy.email,
  })
  const page = await listProfiles(ctx, { limit: 20, search: 'Shy for jobs' })
  expect(page.rows.map(({ id }) => id)).toEqual([shy.userId])
})

test('nothing here was our own failure', () => {
  expect(server.failures).toEqual([])
})
