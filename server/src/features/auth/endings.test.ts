/**
 * What ends what: each event that makes older credentials doubtful, against each kind of credential, on another
 * process than the one where it happened. One table; the other door of every event is in it.
 */
import { describe, expect, test } from 'vitest'
import { type Reply, eventually, goodPassword, startServer } from '../../app/testing.ts'
import { grantRole } from '../access/index.ts'
import { givenAdmin, usersUrl } from '../admin/testing.ts'
import { codeOf, enrol, holdSignIn, nextCode, twofa, verify2fa } from '../twofa/testing.ts'
import { trustedCookie } from './cookies.ts'
import {
  type Server,
  api,
  bearerOf,
  cookieOf,
  findResetTokens,
  forgetUser,
  givenBrowser,
  me,
  query,
  signIn,
} from './testing.ts'

const server: Server = await startServer()
/** Another process on the same database: it has everything in its caches when the event happens. */
const second: Server = await startServer({ location: server.location })
const boss = await givenAdmin(server)
const newPassword = 'an entirely fresh passphrase'

/** Somebody signed in in every way there is. They act in one more session of their own. */
async function givenEverything({ hasFactor = true } = {}) {
  const ada = await server.as()
  const factor = hasFactor ? await enrol(server, ada) : null
  const finish = async (mode: 'cookie' | 'token', trustDevice = false) => {
    if (!factor) return signIn(server, ada.email, { mode })
    await nextCode(server, ada.userId ?? '')
    const pendingToken = await holdSignIn(server, ada.email, { mode })
    const step = { pendingToken, mode, trustDevice, code: codeOf(factor.secret) }
    const reply = await server.anonymous.post(verify2fa, step)
    if (reply.status !== 200) throw new Error(`${reply.status} ${reply.text}`)
    return reply
  }
  const cookieReply = factor ? await finish('cookie', true) : null
  const browser = factor ? null : await givenBrowser(server, ada.email)
  const cookieHeaders = browser
    ? browser.headers
    : { cookie: `__Host-ashlar_session=${cookieOf(cookieReply as Reply)}` }
  const tokens = (await finish('token')).body.data
  const { key } = (await ada.post(`${api}/auth/api-keys`, { name: 'program' })).body.data
  const pendingToken = factor ? await holdSignIn(server, ada.email) : null
  const trust =
    cookieReply === null ? null : `${trustedCookie}=${cookieOf(cookieReply, trustedCookie)}`
  const at = second
  const own = { accessToken: factor?.accessToken ?? ada.accessToken }
  const ways = {
    own: async () => (await bearerOf(at, own.accessToken).get(me)).status === 200,
    cookie: async () => (await at.clientWith(null, cookieHeaders).get(me)).status === 200,
    access: async () => (await bearerOf(at, tokens.accessToken).get(me)).status === 200,
    key: async () => (await bearerOf(at, key).get(me)).status === 200,
  }
  // Spent by trying: each is asked once, at the end.
  const spendable = {
    refresh: async () =>
      (await at.anonymous.post(`${api}/auth/refresh`, { refreshToken: tokens.refreshToken }))
        .status === 200,
    ...(factor && pendingToken
      ? {
          pending: async () => {
            await nextCode(server, ada.userId ?? '')
            const step = { pendingToken, code: codeOf(factor.secret) }
            return (await at.anonymous.post(verify2fa, step)).status === 200
          },
        }
      : {}),
  }
  for (const [name, isAlive] of Object.entries(ways))
    if (!(await isAlive())) throw new Error(`${name} is dead before anything has happened`)
  return { ...ada, factor, trust, ways, spendable, own }
}
type Everything = Awaited<ReturnType<typeof givenEverything>>

const changePassword = (ada: Everything) =>
  ada.post(`${api}/auth/change-password`, { currentPassword: goodPassword, newPassword })
async function resetPassword({ email }: Everything) {
  await server.anonymous.post(`${api}/auth/forgot-password`, { email })
  const token = (await findResetTokens(server, email)).at(-1)
  return server.anonymous.post(`${api}/auth/reset-password`, { token, password: newPassword })
}
const freshCode = async (ada: Everything) => {
  await nextCode(server, ada.userId ?? '')
  return codeOf(ada.factor?.secret ?? '')
}
const setStatus = (status: string) => async (ada: Everything) => {
  await query(server, 'update users_users set status = $1 where id = $2', [status, ada.userId])
  // What the commands that do this say to every process.
  await forgetUser(server, ada.userId ?? '')
  return { status: 200, body: null }
}

const everyCredential = ['own', 'cookie', 'access', 'key', 'refresh', 'pending'] as const
type Credential = (typeof everyCredential)[number]
const events: readonly {
  readonly event: string
  readonly happens: (ada: Everything) => Promise<Pick<Reply, 'status' | 'body'>>
  readonly survives: readonly Credential[]
  readonly hasFactor?: boolean
}[] = [
  { event: 'a changed password', happens: changePassword, survives: ['own', 'key'] },
  { event: 'a reset password', happens: resetPassword, survives: [] },
  {
    event: 'a second factor turned on',
    happens: async (ada) => {
      const { secret } = (await ada.post(`${twofa}/setup`, { password: goodPassword })).body.data
      return ada.post(`${twofa}/enable`, { code: codeOf(secret) })
    },
    survives: ['own', 'key'],
    hasFactor: false,
  },
  {
    event: 'a second factor turned off',
    happens: async (ada) =>
      ada.post(`${twofa}/disable`, { password: goodPassword, code: await freshCode(ada) }),
    survives: ['own', 'key'],
  },
  {
    event: 'new backup codes',
    happens: async (ada) =>
      ada.post(`${twofa}/regenerate-backup-codes`, { code: await freshCode(ada) }),
    survives: ['own', 'key'],
  },
  {
    event: 'signing out everywhere',
    happens: (ada) => ada.post(`${api}/auth/logout-all`),
    survives: ['key'],
  },
  {
    event: 'signing out everywhere else',
    happens: (ada) => ada.delete(`${api}/auth/sessions`),
    survives: ['own', 'key'],
  },
  {
    event: 'signing out',
    happens: (ada) => ada.post(`${api}/auth/logout`),
    survives: ['cookie', 'access', 'key', 'refresh', 'pending'],
  },
  {
    event: 'a suspension',
    happens: (ada) => boss.post(`${usersUrl}/${ada.userId}/suspend`, { reason: 'a complaint' }),
    survives: [],
  },
  {
    event: 'signing out by an administrator',
    happens: (ada) => boss.post(`${usersUrl}/${ada.userId}/sign-out`),
    survives: ['key'],
  },
  {
    event: 'factors taken away by an administrator',
    happens: (ada) => boss.post(`${usersUrl}/${ada.userId}/reset-factors`, { reason: 'lost' }),
    survives: ['key'],
  },
  {
    event: 'a role given',
    happens: (ada) => boss.put(`${usersUrl}/${ada.userId}/roles/editor`),
    survives: ['key'],
  },
  {
    event: 'a role taken away',
    happens: async (ada) => {
      await server.ctx().tx((tx) => grantRole(tx, ada.user.id, 'editor'))
      return boss.delete(`${usersUrl}/${ada.userId}/roles/editor`)
    },
    survives: ['key'],
  },
  { event: 'a deletion', happens: setStatus('deleted'), survives: [] },
]

test.each(events)('$event ends all but: $survives', async ({ happens, survives, hasFactor }) => {
  const ada = await givenEverything({ hasFactor: hasFactor ?? true })
  const reply = await happens(ada)
  expect(reply.status).toBeLessThan(300)
  // The session that turned a factor on goes on under a new id.
  ada.own.accessToken = reply.body?.data?.accessToken ?? ada.own.accessToken
  const isAsTold = async (name: string, isAlive: () => Promise<boolean>) =>
    (await isAlive()) === survives.includes(name as Credential)
  for (const [name, isAlive] of Object.entries(ada.ways)) {
    // The other process hears of it within a second, and what it spares is alive long after that.
    await eventually(() => isAsTold(name, isAlive))
    expect({ name, isAsTold: await isAsTold(name, isAlive) }).toEqual({ name, isAsTold: true })
  }
  for (const [name, isAlive] of Object.entries(ada.spendable))
    expect({ name, isAlive: await isAlive() }).toEqual({
      name,
      isAlive: survives.includes(name as Credential),
    })
})

describe('a device that needs no second factor', () => {
  const asksForCode = async (ada: Everything, password: string) => {
    const visitor = (await server.anonymous.get(`${api}/csrf-token`, { cookie: ada.trust ?? '' }))
      .headers['set-cookie']
    const cookie = `${ada.trust}; ${String(visitor).split(';')[0]}`
    const { csrfToken } = (await server.anonymous.get(`${api}/csrf-token`, { cookie })).body.data
    const headers = { cookie, origin: server.settings.publicUrl, 'x-csrf-token': csrfToken }
    const reply = await signIn(server, ada.email, { mode: 'cookie', password, headers })
    expect(reply.status).toBe(200)
    return reply.body.data.twoFactorRequired === true
  }
  test('is trusted after its owner has changed the password, and not after a reset by mail', async () => {
    const ada = await givenEverything()
    expect(await asksForCode(ada, goodPassword)).toBe(false)
    await changePassword(ada)
    expect(await asksForCode(ada, newPassword)).toBe(false)
    const eve = await givenEverything()
    await resetPassword(eve)
    expect(await asksForCode(eve, newPassword)).toBe(true)
  })
})

test('nothing here was our own failure', () => {
  expect([...server.failures, ...second.failures]).toEqual([])
})
