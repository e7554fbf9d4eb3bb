/** Each thing in a profile is shown to whom its owner says, and what only the server decides nobody sets for themselves. */
import { describe, expect, test } from 'vitest'
import { startServer } from '../../app/testing.ts'
import { type Server, api, me, query } from '../auth/testing.ts'

const server: Server = await startServer()
const profile = (id: string | null) => `${api}/users/${id}`
const search = async (client: Pick<Server['anonymous'], 'get'>, parameters: string) =>
  (await client.get(`${api}/users?limit=100&${parameters}`)).body.data as { id: string }[]

describe('what is in a profile', () => {
  test('is shown field by field, to the audience of each', async () => {
    const [ada, eve, support] = [await server.as(), await server.as(), await server.as('support')]
    const shown = { name: 'Hidden Ada', bio: 'counts', avatar: 'https://cdn.example.net/ada.png' }
    const privacy = { profile: 'public', name: 'nobody', bio: 'members', avatar: 'public' }
    expect((await ada.patch(me, { ...shown, privacy })).status).toBe(200)
    const seenBy = async (client: Pick<Server['anonymous'], 'get'>) =>
      (await client.get(profile(ada.userId))).body.data
    expect(await seenBy(server.anonymous)).toMatchObject({ ...shown, name: null, bio: null })
    expect(await seenBy(eve)).toMatchObject({ ...shown, name: null })
    expect(await seenBy(ada)).toMatchObject(shown)
    expect(await seenBy(support)).toMatchObject(shown)
  })

  test('does not tell a hidden name to who searches for it', async () => {
    const [ada, eve, support] = [await server.as(), await server.as(), await server.as('support')]
    await ada.patch(me, { name: 'Zzyzx Secret', privacy: { name: 'nobody' } })
    const found = async (client: Pick<Server['anonymous'], 'get'>) =>
      (await search(client, 'search=Zzyzx')).map(({ id }) => id)
    expect(await found(eve)).toEqual([])
    expect(await found(ada)).toEqual([ada.userId])
    expect(await found(support)).toEqual([ada.userId])
  })

  test('what only readers of any account see, nobody else can filter by', async () => {
    const [eve, support] = [await server.as(), await server.as('support')]
    const suspended = await server.as()
    await query(server, `update users_users set status = 'suspended' where id = $1`, [
      suspended.userId,
    ])
    for (const parameters of ['status=suspended', 'verified=false']) {
      expect((await eve.get(`${api}/users?${parameters}`)).status).toBe(403)
      expect((await support.get(`${api}/users?${parameters}`)).status).toBe(200)
    }
    const ids = (await search(support, 'status=suspended')).map(({ id }) => id)
    expect(ids).toContain(suspended.userId)
    expect((await search(eve, '')).map(({ id }) => id)).not.toContain(suspended.userId)
    const email = encodeURIComponent(suspended.email)
    expect((await search(support, `search=${email}`)).map(({ id }) => id)).toEqual([
      suspended.userId,
    ])
  })

  test('a list is narrowed by time and by whether there is a username', async () => {
    const ada = await server.as()
    await ada.patch(me, { username: `narrowed-${Date.now()}` })
    const later = new Date(Date.now() + 60_000).toISOString()
    const ids = async (parameters: string) => (await search(ada, parameters)).map(({ id }) => id)
    expect(await ids(`createdFrom=${later}`)).toEqual([])
    expect(await ids(`createdTo=${later}&hasUsername=true`)).toContain(ada.userId)
    expect(await ids('hasUsername=false')).not.toContain(ada.userId)
    expect((await ada.get(`${api}/users?createdFrom=yesterday`)).status).toBe(422)
  })
})

describe('one’s own account', () => {
  test.each([
    'http://cdn.example.net/a.png',
    'javascript:alert(1)',
    'data:image/png;base64,AAAA',
    'https://user:secret@cdn.example.net/a.png',
    'https://127.0.0.1/a.png',
    'https://[::1]/a.png',
    'https://2130706433/a.png',
    'https://localhost/a.png',
    'https://printer.local/a.png',
    'https://cdn.example.net:8443/a.png',
    'https:\\\\cdn.example.net\\a.png',
    '//cdn.example.net/a.png',
    'https://cdn.example.net/a b.png',
    `https://cdn.example.net/${'a'.repeat(600)}`,
    '',
    7,
  ])('takes no picture from %j', async (avatar) => {
    const ada = await server.as()
    expect((await ada.patch(me, { avatar })).status).toBe(422)
    expect((await ada.get(me)).body.data.avatar).toBeNull()
  })

  test('has a time zone that exists', async () => {
    const ada = await server.as()
    expect((await ada.patch(me, { timeZone: 'Europe/Berlin' })).body.data.timeZone).toBe(
      'Europe/Berlin',
    )
    for (const timeZone of ['Mars/Olympus', '+02:00', 'x', 7])
      expect((await ada.patch(me, { timeZone })).status).toBe(422)
    expect((await ada.patch(me, { timeZone: null })).body.data.timeZone).toBeNull()
  })

  test('keeps what the server alone decides, whatever is sent along', async () => {
    const ada = await server.as()
    const row = async () =>
      (await query(server, 'select * from users_users where id = $1', [ada.userId]))[0] as object
    const before = await row()
    const wished = {
      id: '00000000-0000-4000-8000-000000000000',
      email: 'other@example.com',
      emailVerified: false,
      email_verified_at: null,
      status: 'suspended',
      role: 'super_admin',
      roles: ['super_admin'],
      websocketId: '00000000-0000-4000-8000-000000000000',
      createdAt: '2000-01-01T00:00:00Z',
      lastLoginAt: null,
      deletedAt: '2000-01-01T00:00:00Z',
      erasedAt: '2000-01-01T00:00:00Z',
      version: 99,
    }
    await ada.patch(me, { name: 'Ada', ...wished })
    const {
      name: _was,
      updated_at: _at,
      version: _version,
      ...kept
    } = before as Record<string, unknown>
    expect(await row()).toMatchObject(kept)
    expect((await ada.get(me)).body.data.roles).toEqual(['member'])
  })
})

test('nothing here was our own failure', () => {
  expect(server.failures).toEqual([])
})
