/** An identity nobody has seen yet: whose account it opens, and which it does not. */
import { describe, expect, test } from 'vitest'
import { goodPassword, startServer } from '../../app/testing.ts'
import {
  api,
  bearerOf,
  browserWith,
  cookieOf,
  crowd,
  deliverMails,
  findProofs,
  givenMember,
  givenRegistration,
  me,
  newEmail,
  query,
  rounds,
  signIn,
  tally,
  together,
} from '../auth/testing.ts'
import { codeOf, enrol, verify2fa } from '../twofa/testing.ts'
import {
  type Server,
  addressesOf,
  comeBack,
  entryOf,
  environmentOf,
  givenAccount,
  givenTwin,
  landingOf,
  refusedWith,
  signInAs,
  start,
} from './testing.ts'

const twin = await givenTwin()
const other = await givenTwin()
const environment = environmentOf(
  entryOf(twin),
  entryOf(other, { id: 'other', name: 'Another', emailDomains: ['vouched.example'] }),
)
const server = await startServer({ environment })
const closed = await startServer({
  environment: { ...environment, REGISTRATION_MODE: 'closed' },
  location: server.location,
})
const instant = await startServer({
  environment: { ...environment, REGISTRATION_MODE: 'instant' },
})

const countOf = async (table: string, column: string, value: string, at: Server = server) =>
  (await query(at, `select 1 from ${table} where ${column} = $1`, [value])).length
const noticesTo = async (email: string) => {
  await deliverMails(server)
  return (await server.mails(email)).filter(({ text }) => text.includes('can now be opened with'))
}
const selfOf = async (reply: Awaited<ReturnType<typeof signInAs>>, at: Server = server) =>
  (await browserWith(at, cookieOf(reply), '').get(me)).body.data

describe('at first sight', () => {
  test('an account with the same proven address is opened, and its owner told by mail', async () => {
    const ada = await givenMember(server)
    const account = givenAccount(twin, { email: ada.email.toUpperCase() })
    const reply = await signInAs(server, twin, account)

    expect((await selfOf(reply)).email).toBe(ada.email)
    expect(await noticesTo(ada.email)).toHaveLength(1)
    expect((await signIn(server, ada.email)).status).toBe(200)
  })

  test('a new account is made without any notice', async () => {
    const account = givenAccount(twin)
    await signInAs(server, twin, account)
    expect(await noticesTo(account.email ?? '')).toEqual([])
  })

  test.each([
    ['is not proven there', { isEmailVerified: false }],
    ['is missing', { email: null }],
    ['is no address', { email: 'not an address' }],
    ['is another one in disguise', { email: 'ａda@example.com' }],
  ])('an address that %s makes no account and opens none', async (_what, given) => {
    const account = givenAccount(twin, given)
    const before = await query(server, 'select 1 from users_users')
    expect(landingOf(await signInAs(server, twin, account))).toEqual(
      refusedWith('oidc.email_not_verified'),
    )
    expect(await query(server, 'select 1 from users_users')).toHaveLength(before.length)
    expect(await countOf('oidc_identities', 'subject', account.id)).toBe(0)
  })

  test('an unproven address says the same whether it is taken here or free', async () => {
    const ada = await givenMember(server)
    const [taken, free] = [ada.email, newEmail()].map((email) =>
      givenAccount(twin, { email, isEmailVerified: false }),
    )
    const replies = [await signInAs(server, twin, taken!), await signInAs(server, twin, free!)]
    expect(replies.map(landingOf)).toEqual([
      refusedWith('oidc.email_not_verified'),
      refusedWith('oidc.email_not_verified'),
    ])
  })

  test('a provider vouches for addresses of its own domains alone', async () => {
    const ada = await givenMember(server)
    for (const [email, error] of [
      [ada.email, 'oidc.email_not_verified'],
      [`x@sub.vouched.example`, 'oidc.email_not_verified'],
      [`${ada.email.split('@')[0]}@VOUCHED.example`, undefined],
    ] as const) {
      const account = givenAccount(other, { email })
      const reply = await signInAs(server, other, account, { provider: 'other' })
      expect(landingOf(reply).fragment['error']).toBe(error)
    }
  })

  test('an unproven sign-up is taken over: its password, names and mails are worth nothing', async () => {
    const squatter = await givenRegistration(server, { name: 'Squatter', username: 'squatter_1' })
    const [proof] = await findProofs(server, squatter.email)
    const reply = await signInAs(
      server,
      twin,
      givenAccount(twin, { email: squatter.email, name: 'Owner' }),
    )

    expect(await selfOf(reply)).toMatchObject({
      email: squatter.email,
      name: 'Owner',
      username: null,
    })
    expect((await signIn(server, squatter.email)).status).toBe(401)
    const late = await server.anonymous.post(`${api}/auth/verify-email`, { token: proof?.token })
    expect(late.status).toBe(400)
    expect((await signIn(server, squatter.email)).status).toBe(401)
  })

  test('where registration is closed nobody is made; who has an account is let in', async () => {
    const stranger = givenAccount(twin)
    expect(landingOf(await signInAs(closed, twin, stranger))).toEqual(
      refusedWith('oidc.registration_closed'),
    )
    expect(await countOf('users_users', 'email', stranger.email ?? '')).toBe(0)
    const waiting = await givenRegistration(server)
    expect(
      landingOf(await signInAs(closed, twin, givenAccount(twin, { email: waiting.email }))),
    ).toEqual(refusedWith('oidc.registration_closed'))
    const ada = await givenMember(server)
    const reply = await signInAs(closed, twin, givenAccount(twin, { email: ada.email }))
    expect(landingOf(reply).fragment).toEqual({})
  })

  test('where accounts are made without proof, an address opens none: anybody may have made it', async () => {
    const email = newEmail()
    const made = await instant.anonymous.post(`${api}/auth/register`, {
      email,
      password: goodPassword,
    })
    expect(made.status).toBe(201)
    expect(landingOf(await signInAs(instant, twin, givenAccount(twin, { email })))).toEqual(
      refusedWith('oidc.account_exists'),
    )
    expect(await countOf('oidc_identities', 'email', email, instant)).toBe(0)
  })

  test('a suspended account is not opened, known or not', async () => {
    const known = givenAccount(twin)
    await signInAs(server, twin, known)
    const ada = await givenMember(server)
    await query(server, `update users_users set status = 'suspended' where email = any($1)`, [
      [known.email, ada.email],
    ])
    for (const account of [known, givenAccount(twin, { email: ada.email })]) {
      const reply = await signInAs(server, twin, account)
      expect(landingOf(reply)).toEqual(refusedWith('auth.invalid_credentials'))
      expect(reply.headers['set-cookie']).toBeUndefined()
    }
  })

  test('many first sign-ins at once make one account and one identity', async () => {
    for (let round = 0; round < rounds; round += 1) {
      const account = givenAccount(twin)
      const ways = await together(crowd, () => start(server))
      const backs = await twin.approveEach(addressesOf(ways), account.id)
      const replies = await together(crowd, (index) =>
        comeBack(server, backs[index]!, ways[index]!.cookie),
      )
      expect(replies.map((reply) => landingOf(reply).fragment)).toEqual(replies.map(() => ({})))
      expect(tally(replies)).toEqual({ 303: crowd })
      expect(await countOf('users_users', 'email', account.email ?? '')).toBe(1)
      expect(await countOf('oidc_identities', 'subject', account.id)).toBe(1)
    }
  })

  test('two identities with one address at once share one account', async () => {
    for (let round = 0; round < rounds; round += 1) {
      const email = newEmail()
      const accounts = [givenAccount(twin, { email }), givenAccount(twin, { email })]
      const ways = await together(crowd, () => start(server))
      const half = crowd / 2
      const backs = [
        ...(await twin.approveEach(addressesOf(ways.slice(0, half)), accounts[0]!.id)),
        ...(await twin.approveEach(addressesOf(ways.slice(half)), accounts[1]!.id)),
      ]
      const replies = await together(crowd, (index) =>
        comeBack(server, backs[index]!, ways[index]!.cookie),
      )
      const [one, two] = [await selfOf(replies[0]!), await selfOf(replies[half]!)]
      expect(one.id).toBe(two.id)
      expect(await countOf('users_users', 'email', email)).toBe(1)
      expect(await countOf('oidc_identities', 'user_id', one.id)).toBe(2)
    }
  })
})

describe('a user with a second factor', () => {
  test('comes home with a ticket in the fragment and no session; the code makes one', async () => {
    const ada = await server.as()
    const { secret } = await enrol(server, ada)
    const before = await countOf('auth_sessions', 'user_id', ada.user.id)
    const reply = await signInAs(server, twin, givenAccount(twin, { email: ada.email }))

    const { fragment } = landingOf(reply)
    expect(fragment).toEqual({
      pendingToken: expect.stringMatching(/^ash_p_/),
      methods: 'totp,backup_code',
      expiresAt: expect.stringMatching(/Z$/),
    })
    expect(reply.headers['set-cookie']).toBeUndefined()
    expect(await countOf('auth_sessions', 'user_id', ada.user.id)).toBe(before)

    const step = { pendingToken: fragment['pendingToken'], code: codeOf(secret), mode: 'token' }
    const opened = await server.anonymous.post(verify2fa, step)
    expect(opened.status).toBe(200)
    const client = bearerOf(server, String(opened.body.data.accessToken))
    expect((await client.get(`${api}/auth/sessions`)).body.data).toContainEqual(
      expect.objectContaining({ current: true, firstFactor: 'oidc', secondFactor: 'totp' }),
    )
  })
})
