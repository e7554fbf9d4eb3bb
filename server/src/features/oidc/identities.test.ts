/** The identities of one's own account: adding and removing them, by who has just shown a factor. */
import { describe, expect, test } from 'vitest'
import { goodPassword, startServer } from '../../app/testing.ts'
import {
  api,
  browserWith,
  cookieOf,
  crowd,
  deliverMails,
  findResetTokens,
  forgetUser,
  givenBrowser,
  givenMember,
  me,
  newEmail,
  query,
  rounds,
  signIn,
  together,
} from '../auth/testing.ts'
import {
  type Server,
  addressesOf,
  comeBack,
  entryOf,
  environmentOf,
  givenAccount,
  givenTwin,
  landingOf,
  onTheWay,
  publicUrl,
  refusedWith,
  signInAs,
  start,
} from './testing.ts'

const twin = await givenTwin()
const server = await startServer({ environment: environmentOf(entryOf(twin)) })

const identities = `${api}/oidc/identities`
const countOf = async (table: string, column: string, value: string, at: Server = server) =>
  (await query(at, `select 1 from ${table} where ${column} = $1`, [value])).length
const noticesTo = async (email: string) => {
  await deliverMails(server)
  return (await server.mails(email)).filter(({ text }) => text.includes('can now be opened with'))
}
const selfOf = async (reply: Awaited<ReturnType<typeof signInAs>>, at: Server = server) =>
  (await browserWith(at, cookieOf(reply), '').get(me)).body.data

/** A fresh sign-in with an identity, as a client of our own page. */
async function givenSignedIn(account = givenAccount(twin)) {
  const reply = await signInAs(server, twin, account)
  const cookie = cookieOf(reply)
  const csrf = await server.anonymous.get(`${api}/csrf-token`, {
    cookie: `__Host-ashlar_session=${cookie}`,
  })
  const browser = browserWith(server, cookie, String(csrf.body.data.csrfToken))
  return { account, cookie, browser, user: (await browser.get(me)).body.data }
}

async function link(client: Pick<Server['anonymous'], 'post'>, id: string) {
  const way = onTheWay(await client.post(`${api}/oidc/twin/link`, { redirectTo: '/me' }))
  return comeBack(server, await twin.approve(way.authorizationUrl, id), way.cookie)
}

describe('adding an identity to one’s own account', () => {
  test('works whatever the address there is, and the owner is told', async () => {
    const ada = await givenMember(server)
    const browser = await givenBrowser(server, ada.email)
    const account = givenAccount(twin, { email: newEmail(), isEmailVerified: false })

    const reply = await link(browser, account.id)
    expect(landingOf(reply)).toMatchObject({
      address: `${publicUrl}/me`,
      fragment: { linked: 'twin' },
    })
    expect((await browser.get(identities)).body.data).toEqual([
      expect.objectContaining({ provider: 'twin', issuer: twin.issuer, email: account.email }),
    ])
    const [notice] = await noticesTo(ada.email)
    expect(notice?.text).toContain('The Twin')
    expect((await selfOf(await signInAs(server, twin, account))).email).toBe(ada.email)
  })

  test('twice changes nothing, and an identity of somebody else stays theirs', async () => {
    const ada = await givenMember(server)
    const browser = await givenBrowser(server, ada.email)
    const account = givenAccount(twin)
    await link(browser, account.id)
    expect(landingOf(await link(browser, account.id)).fragment).toEqual({ linked: 'twin' })
    expect(await noticesTo(ada.email)).toHaveLength(1)

    const bob = await givenMember(server)
    const bobs = await givenBrowser(server, bob.email)
    expect(landingOf(await link(bobs, account.id))).toEqual(
      refusedWith('oidc.identity_taken', `${publicUrl}/me`),
    )
    expect((await bobs.get(identities)).body.data).toEqual([])
  })

  test('needs somebody who has just shown a factor, in a session', async () => {
    const ada = await givenMember(server)
    const browser = await givenBrowser(server, ada.email)
    const { id } = browser.reply.body.data.user
    await query(
      server,
      `update auth_sessions set proven_at = now() - interval '1 hour' where user_id = $1`,
      [id],
    )
    await forgetUser(server, id)
    expect(await browser.post(`${api}/oidc/twin/link`, {})).toMatchObject({
      status: 403,
      body: { code: 'access.step_up_required' },
    })
    expect((await server.anonymous.post(`${api}/oidc/twin/link`, {})).status).toBe(401)
  })

  test('ends with the session that asked, and in a browser where somebody else is signed in', async () => {
    const ada = await givenMember(server)
    const browser = await givenBrowser(server, ada.email)
    const account = givenAccount(twin)
    const way = onTheWay(await browser.post(`${api}/oidc/twin/link`, {}))
    const bob = await givenMember(server)
    const bobs = await givenBrowser(server, bob.email)
    const back = await twin.approve(way.authorizationUrl, account.id)
    const both = `${way.cookie}; __Host-ashlar_session=${bobs.cookie}`
    expect(landingOf(await comeBack(server, back, both))).toEqual(refusedWith('oidc.invalid_state'))

    const again = onTheWay(await browser.post(`${api}/oidc/twin/link`, {}))
    await browser.post(`${api}/auth/logout`)
    const late = await twin.approve(again.authorizationUrl, account.id)
    expect(landingOf(await comeBack(server, late, again.cookie))).toEqual(
      refusedWith('oidc.invalid_state'),
    )
    expect(await countOf('oidc_identities', 'subject', account.id)).toBe(0)
  })

  test('somebody else’s browser cannot finish it: their identity stays out of my account', async () => {
    const mallory = await givenMember(server)
    const browser = await givenBrowser(server, mallory.email)
    const way = onTheWay(await browser.post(`${api}/oidc/twin/link`, {}))
    const victim = givenAccount(twin)
    const back = await twin.approve(way.authorizationUrl, victim.id)
    expect(landingOf(await comeBack(server, back, null))).toEqual(refusedWith('oidc.invalid_state'))
    expect(await countOf('oidc_identities', 'subject', victim.id)).toBe(0)
  })
})

describe('removing an identity', () => {
  test('ends what it has opened, and its provider’s word alone does not bring it back', async () => {
    const ada = await givenMember(server)
    const byPassword = await givenBrowser(server, ada.email)
    const { account, browser } = await givenSignedIn(givenAccount(twin, { email: ada.email }))
    const [listed] = (await byPassword.get(identities)).body.data

    expect((await byPassword.delete(`${identities}/${listed.id}`)).status).toBe(204)
    expect((await browser.get(me)).status).toBe(401)
    expect((await byPassword.get(me)).status).toBe(200)
    expect(landingOf(await signInAs(server, twin, account))).toEqual(
      refusedWith('oidc.identity_removed'),
    )
    expect((await byPassword.delete(`${identities}/${listed.id}`)).status).toBe(404)

    expect(landingOf(await link(byPassword, account.id)).fragment).toEqual({ linked: 'twin' })
    expect(landingOf(await signInAs(server, twin, account)).fragment).toEqual({})
  })

  test('is refused where it is the only way in, until there is a password', async () => {
    const { browser, account, user } = await givenSignedIn()
    const [listed] = (await browser.get(identities)).body.data
    expect(await browser.delete(`${identities}/${listed.id}`)).toMatchObject({
      status: 409,
      body: { code: 'oidc.last_way_in' },
    })

    // "Forgotten password" is how somebody without one sets their first.
    await server.anonymous.post(`${api}/auth/forgot-password`, { email: user.email })
    const [token] = await findResetTokens(server, user.email)
    await server.anonymous.post(`${api}/auth/reset-password`, { token, password: goodPassword })
    const again = await givenSignedIn(account)
    expect((await again.browser.delete(`${identities}/${listed.id}`)).status).toBe(204)
    expect((await signIn(server, user.email)).status).toBe(200)
  })

  test('of two at once, one stays: an account keeps a way in', async () => {
    for (let round = 0; round < rounds; round += 1) {
      const { browser } = await givenSignedIn()
      const second = givenAccount(twin)
      await link(browser, second.id)
      const listed = (await browser.get(identities)).body.data as { id: string }[]
      const replies = await together(crowd, (index) =>
        browser.delete(`${identities}/${listed[index % 2]?.id}`),
      )
      // The session may have been opened by the one that went first; then the other removal has no caller left.
      const done = replies.filter(({ status }) => status === 204)
      expect(done).toHaveLength(1)
    }
  })

  test('an identity whose provider is not offered any more is no way in', async () => {
    const { browser, user } = await givenSignedIn()
    await query(
      server,
      `insert into oidc_identities (id, user_id, issuer, subject) values (gen_random_uuid(), $1, 'https://gone.example', '1')`,
      [user.id],
    )
    const [gone, listed] = (await browser.get(identities)).body.data
    const mine = [gone, listed].find(({ provider }) => provider === 'twin')
    expect(await browser.delete(`${identities}/${mine.id}`)).toMatchObject({ status: 409 })
  })

  test('nobody removes, or sees, what is somebody else’s', async () => {
    const { browser } = await givenSignedIn()
    const [listed] = (await browser.get(identities)).body.data
    const bob = await server.as()
    expect(await bob.delete(`${identities}/${listed.id}`)).toMatchObject({
      status: 404,
      body: { code: 'oidc.identity_not_found' },
    })
    expect((await bob.get(identities)).body.data).toEqual([])
    expect((await server.anonymous.get(identities)).status).toBe(401)
  })

  test('while it signs in: no session of it outlives the removal', async () => {
    for (let round = 0; round < rounds; round += 1) {
      const ada = await givenMember(server)
      const byPassword = await givenBrowser(server, ada.email)
      const account = givenAccount(twin, { email: ada.email })
      await signInAs(server, twin, account)
      const [listed] = (await byPassword.get(identities)).body.data
      const ways = await together(crowd - 1, () => start(server))
      const backs = await twin.approveEach(addressesOf(ways), account.id)
      await Promise.all([
        ...ways.map(({ cookie }, index) => comeBack(server, backs[index]!, cookie)),
        byPassword.delete(`${identities}/${listed.id}`),
      ])
      expect(
        await query(
          server,
          `select 1 from auth_sessions where credential_id = $1 and revoked_at is null`,
          [listed.id],
        ),
      ).toEqual([])
    }
  })
})

test('somebody without a password shows none: step-up and change say so and offer the reset', async () => {
  const { browser } = await givenSignedIn()
  expect(await browser.post(`${api}/auth/step-up`, { password: goodPassword })).toMatchObject({
    status: 403,
    body: { code: 'auth.wrong_password' },
  })
  const change = { currentPassword: goodPassword, newPassword: 'another good battery staple' }
  expect(await browser.post(`${api}/auth/change-password`, change)).toMatchObject({
    status: 403,
    body: { code: 'auth.wrong_password' },
  })
  expect(await browser.post(`${api}/oidc/twin/link`, {})).toMatchObject({ status: 200 })
})
