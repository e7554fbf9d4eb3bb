/** Ways in: passwords, passkeys and identities count for each other, and the last one stays, whoever keeps it. */
import { describe, expect, test } from 'vitest'
import { type TestClient, goodPassword, startServer } from '../../app/testing.ts'
import { SoftPasskey } from '../auth/testing-authenticator.ts'
import { addPasskey, passkeysUrl, signInWith } from '../auth/testing-passkeys.ts'
import {
  api,
  bearerOf,
  deliverMails,
  findResetTokens,
  me,
  newEmail,
  query,
  signIn,
  tally,
  together,
} from '../auth/testing.ts'
import {
  type Server,
  comeBack,
  entryOf,
  environmentOf,
  givenAccount,
  givenTwin,
  landingOf,
  onTheWay,
  refusedWith,
  signInAs,
} from './testing.ts'

const twin = await givenTwin()
const environment = environmentOf(entryOf(twin))
const server = await startServer({ environment })
const instant = await startServer({
  environment: { ...environment, REGISTRATION_MODE: 'instant' },
})
const identitiesUrl = `${api}/oidc/identities`
/** A thousand requests: room for a machine that has much else to do. */
const ofManyRounds = { timeout: 300_000 }
const newPassword = 'wharf lintel copper gannet'

/** Somebody who is signed in and has neither password nor anything else. */
async function givenNobodysKeys() {
  const person = await server.as()
  await query(server, 'delete from auth_credentials where user_id = $1', [person.user.id])
  return person
}

async function link(at: Server, client: Pick<TestClient, 'post'>, id: string) {
  const way = onTheWay(await client.post(`${api}/oidc/twin/link`, {}))
  const back = await comeBack(at, await twin.approve(way.authorizationUrl, id), way.cookie)
  expect(landingOf(back).fragment).toEqual({ linked: 'twin' })
}

async function idsOf(client: TestClient): Promise<string[]> {
  const { data } = (await client.get(identitiesUrl)).body
  return data.map(({ id }: { id: string }) => id)
}

describe('the last way in', () => {
  test('a passkey is one: an identity beside it can be removed, and then the passkey stays', async () => {
    const person = await givenNobodysKeys()
    const { passkey, passkeyId } = await addPasskey(person)
    const account = givenAccount(twin)
    await link(server, person, account.id)
    const [identityId] = await idsOf(person)
    expect((await person.delete(`${identitiesUrl}/${identityId}`)).status).toBe(204)
    expect(await person.delete(`${passkeysUrl}/${passkeyId}`)).toMatchObject({
      status: 409,
      body: { code: 'auth.last_way_in' },
    })
    expect((await signInWith(server, passkey)).status).toBe(200)
  })

  test('an identity is one: a passkey beside it can be removed, and then the identity stays', async () => {
    const person = await givenNobodysKeys()
    const { passkeyId } = await addPasskey(person)
    const account = givenAccount(twin)
    await link(server, person, account.id)
    const [identityId] = await idsOf(person)
    expect((await person.delete(`${passkeysUrl}/${passkeyId}`)).status).toBe(204)
    expect(await person.delete(`${identitiesUrl}/${identityId}`)).toMatchObject({
      status: 409,
      body: { code: 'oidc.last_way_in' },
    })
    expect(landingOf(await signInAs(server, twin, account)).fragment).toEqual({})
  })

  test('an identity of a provider that is not offered any more is none', async () => {
    const person = await givenNobodysKeys()
    const { passkeyId } = await addPasskey(person)
    await query(
      server,
      `insert into oidc_identities (id, user_id, issuer, subject) values (gen_random_uuid(), $1, 'https://gone.example', '1')`,
      [person.user.id],
    )
    expect(await person.delete(`${passkeysUrl}/${passkeyId}`)).toMatchObject({
      status: 409,
      body: { code: 'auth.last_way_in' },
    })
  })

  test('a refused removal changes nothing and tells nobody', async () => {
    const person = await givenNobodysKeys()
    const { passkeyId } = await addPasskey(person)
    await deliverMails(server)
    expect((await person.delete(`${passkeysUrl}/${passkeyId}`)).status).toBe(409)
    expect(await server.jobs()).toEqual([])
    const facts = (await server.facts()).filter(({ subjectId }) => subjectId === passkeyId)
    expect(facts.map(({ name }) => name)).toEqual(['auth.passkey_added'])
  })

  test(
    'of the last two removed at once, by twenty requests, one stays; fifty times',
    ofManyRounds,
    async () => {
      const person = await givenNobodysKeys()
      const identityId = crypto.randomUUID()
      await query(
        server,
        'insert into oidc_identities (id, user_id, issuer, subject) values ($1, $2, $3, $4)',
        [identityId, person.user.id, twin.issuer, 'race'],
      )
      let { passkeyId } = await addPasskey(person)
      for (let round = 0; round < 50; round += 1) {
        const urls = [`${passkeysUrl}/${passkeyId}`, `${identitiesUrl}/${identityId}`]
        const replies = await together(20, (index) => person.delete(urls[index % 2] ?? ''))
        // Who comes late finds that it is gone, or the last one.
        expect(tally(replies)).toEqual({ 204: 1, 404: 9, 409: 10 })
        const [passkeys, identities] = [
          (await person.get(passkeysUrl)).body.data,
          await idsOf(person),
        ]
        expect(passkeys.length + identities.length).toBe(1)
        if (passkeys.length === 0) ({ passkeyId } = await addPasskey(person))
        await query(server, 'update oidc_identities set removed_at = null where id = $1', [
          identityId,
        ])
      }
    },
  )
})

describe('a password reset', () => {
  test('takes off what a stranger added to an account whose address nobody had proven', async () => {
    const email = newEmail()
    const registration = { email, password: goodPassword }
    expect((await instant.anonymous.post(`${api}/auth/register`, registration)).status).toBe(201)
    const tokens = (await signIn(instant, email)).body.data
    const stranger = bearerOf(instant, tokens.accessToken)
    const account = givenAccount(twin)
    await link(instant, stranger, account.id)
    const { passkey } = await addPasskey(stranger)
    expect(landingOf(await signInAs(instant, twin, account)).fragment).toEqual({})

    await reset(instant, email)
    expect((await stranger.get(me)).status).toBe(401)
    expect(landingOf(await signInAs(instant, twin, account))).toEqual(
      refusedWith('oidc.identity_removed'),
    )
    expect((await signInWith(instant, passkey)).status).toBe(401)
    expect((await signIn(instant, email)).status).toBe(401)
    expect((await signIn(instant, email, { password: newPassword })).status).toBe(200)
    await deliverMails(instant)
    const notice = (await instant.mails(email)).find(({ subject }) =>
      subject.includes('was changed'),
    )
    expect(notice?.text).toContain('were removed')
  })

  test('keeps what was added since: the first reset was the proof', async () => {
    const email = newEmail()
    await instant.anonymous.post(`${api}/auth/register`, { email, password: goodPassword })
    await reset(instant, email)
    const tokens = (await signIn(instant, email, { password: newPassword })).body.data
    const owner = bearerOf(instant, tokens.accessToken)
    const account = givenAccount(twin)
    await link(instant, owner, account.id)
    const { passkey } = await addPasskey(owner)
    await reset(instant, email)
    expect((await owner.get(me)).status).toBe(401)
    expect(landingOf(await signInAs(instant, twin, account)).fragment).toEqual({})
    expect((await signInWith(instant, passkey)).status).toBe(200)
  })

  test('keeps passkeys and identities of an account with a proven address, and ends its sessions', async () => {
    const person = await server.as()
    const account = givenAccount(twin)
    await link(server, person, account.id)
    const { passkey } = await addPasskey(person, new SoftPasskey())
    await reset(server, person.email)
    expect((await person.get(me)).status).toBe(401)
    expect(landingOf(await signInAs(server, twin, account)).fragment).toEqual({})
    expect((await signInWith(server, passkey)).status).toBe(200)
    await deliverMails(server)
    const notice = (await server.mails(person.email)).find(({ subject }) =>
      subject.includes('was changed'),
    )
    expect(notice?.text).not.toContain('were removed')
  })

  test('an address taken on trust stays so when the mode changes: no identity meets the account by it', async () => {
    const email = newEmail()
    await instant.anonymous.post(`${api}/auth/register`, { email, password: goodPassword })
    const later = await startServer({ environment, location: instant.location })
    expect(landingOf(await signInAs(later, twin, givenAccount(twin, { email })))).toEqual(
      refusedWith('oidc.account_exists'),
    )
    await reset(later, email)
    expect(landingOf(await signInAs(later, twin, givenAccount(twin, { email }))).fragment).toEqual(
      {},
    )
  })
})

async function reset(at: Server, email: string): Promise<void> {
  await at.anonymous.post(`${api}/auth/forgot-password`, { email })
  const token = (await findResetTokens(at, email)).at(-1)
  const body = { token, password: newPassword }
  expect((await at.anonymous.post(`${api}/auth/reset-password`, body)).status).toBe(200)
}
