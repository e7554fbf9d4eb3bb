/** The second factor of somebody without a password: what they have instead is asked for. */
import { expect, test } from 'vitest'
import { startServer } from '../../app/testing.ts'
import type { SoftPasskey } from '../auth/testing-authenticator.ts'
import { addPasskey, question, stepUpOptions } from '../auth/testing-passkeys.ts'
import { api, browserWith, cookieOf, forgetUser, query } from '../auth/testing.ts'
import {
  type Server,
  entryOf,
  environmentOf,
  givenAccount,
  givenTwin,
  signInAs,
} from '../oidc/testing.ts'
import { codeOf, givenEnrolled, nextCode, twofa } from './testing.ts'

const twin = await givenTwin()
const server = await startServer({ environment: environmentOf(entryOf(twin)) })
const stepUp = `${api}/auth/step-up`
const stepUpRequired = { status: 403, body: { code: 'access.step_up_required' } }

type Client = Server['anonymous']

async function passTime(userId: string): Promise<void> {
  await query(
    server,
    `update auth_sessions set proven_at = now() - interval '11 minutes' where user_id = $1`,
    [userId],
  )
  await forgetUser(server, userId)
}

async function stepUpWith(client: Client, passkey: SoftPasskey): Promise<void> {
  const options = await question(client, stepUpOptions)
  expect((await client.post(stepUp, { passkey: passkey.get(options) })).status).toBe(200)
}

async function turnOn(client: Client): Promise<string> {
  const shown = await client.post(`${twofa}/setup`, {})
  expect(shown.status).toBe(200)
  const { secret } = shown.body.data
  expect((await client.post(`${twofa}/enable`, { code: codeOf(secret) })).status).toBe(200)
  return secret
}

const methodsOf = async (client: Client) => (await client.get(stepUp)).body.data.methods

async function givenProviderOnly() {
  const account = givenAccount(twin)
  const signIn = async () => {
    const reply = await signInAs(server, twin, account)
    const cookie = cookieOf(reply)
    const csrf = await server.anonymous.get(`${api}/csrf-token`, {
      cookie: `__Host-ashlar_session=${cookie}`,
    })
    return browserWith(server, cookie, csrf.body.data.csrfToken)
  }
  const browser = await signIn()
  const { id } = (await browser.get(`${api}/users/me`)).body.data
  return { browser, id: String(id), signIn }
}

test('who has a passkey alone shows it, turns the factor on, and off again with a code', async () => {
  const person = await server.as()
  const { passkey } = await addPasskey(person)
  await query(server, 'delete from auth_credentials where user_id = $1', [person.user.id])
  expect(await methodsOf(person)).toEqual(['passkey'])
  await passTime(person.user.id)
  expect(await person.post(`${twofa}/setup`, {})).toMatchObject(stepUpRequired)
  await stepUpWith(person, passkey)
  const secret = await turnOn(person)
  expect(await methodsOf(person)).toEqual(['totp', 'backup_code', 'passkey'])

  await passTime(person.user.id)
  await nextCode(server, person.user.id)
  const code = codeOf(secret)
  expect(await person.post(`${twofa}/disable`, { code })).toMatchObject(stepUpRequired)
  await stepUpWith(person, passkey)
  expect(await person.post(`${twofa}/disable`, {})).toMatchObject({
    status: 403,
    body: { code: 'twofa.proof_required' },
  })
  expect((await person.post(`${twofa}/disable`, { code })).status).toBe(204)
  expect((await person.get(`${twofa}/status`)).body.data.enabled).toBe(false)
})

test('who comes from a provider alone has just shown it by signing in, and signs in again when that was long ago', async () => {
  const { browser, id, signIn } = await givenProviderOnly()
  expect(await methodsOf(browser)).toEqual([])
  await passTime(id)
  expect(await browser.post(`${twofa}/setup`, {})).toMatchObject(stepUpRequired)
  const again = await signIn()
  await turnOn(again)
  expect((await again.get(`${twofa}/status`)).body.data.enabled).toBe(true)
  expect((await browser.get(`${api}/users/me`)).status).toBe(401)
})

test('who has a password gives it: a factor shown a moment ago is no way around it', async () => {
  const person = await server.as()
  await addPasskey(person)
  expect(await methodsOf(person)).toEqual(['password', 'passkey'])
  const proofRequired = { status: 403, body: { code: 'twofa.proof_required' } }
  expect(await person.post(`${twofa}/setup`, {})).toMatchObject(proofRequired)
  const enrolled = await givenEnrolled(server)
  const code = codeOf(enrolled.secret)
  expect(await enrolled.post(`${twofa}/disable`, { code })).toMatchObject(proofRequired)
})

test('a key shows no factor', async () => {
  const person = await server.as()
  const { key } = (await person.post(`${api}/auth/api-keys`, { name: 'program' })).body.data
  await query(server, 'delete from auth_credentials where user_id = $1', [person.user.id])
  const program = server.clientWith(null, { authorization: `Bearer ${key}` })
  expect(await program.post(`${twofa}/setup`, {})).toMatchObject({
    status: 403,
    body: { code: 'access.session_required' },
  })
})

test('twenty set-ups and confirmations of somebody without a password turn it on once', async () => {
  const { browser, id } = await givenProviderOnly()
  const { secret } = (await browser.post(`${twofa}/setup`, {})).body.data
  const replies = await Promise.all(
    Array.from({ length: 20 }, () => browser.post(`${twofa}/enable`, { code: codeOf(secret) })),
  )
  expect(replies.filter(({ status }) => status === 200)).toHaveLength(1)
  expect(await query(server, 'select 1 from twofa_factors where user_id = $1', [id])).toHaveLength(
    1,
  )
})
