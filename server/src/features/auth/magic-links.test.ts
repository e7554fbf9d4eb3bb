/** Signing in by mail: the owner of the mailbox gets in, once; nobody else does, and nobody learns anything. */
import { describe, expect, test } from 'vitest'
import { startServer } from '../../app/testing.ts'
import { codeOf, givenEnrolled, verify2fa } from '../twofa/testing.ts'
import { sessionCookie } from './cookies.ts'
import {
  api,
  bearerOf,
  cookieLinesOf,
  crowd,
  deliverMails,
  givenMember,
  givenRegistration,
  givenVisitor,
  me,
  newEmail,
  query,
  rounds,
  signIn,
  tally,
  together,
  visiblePartsOf,
} from './testing.ts'

const server = await startServer()
const ask = (email: string) => server.anonymous.post(`${api}/auth/magic-link`, { email })
const use = (proof: object, headers: Record<string, string> = {}) =>
  server.anonymous.post(`${api}/auth/magic-link/sign-in`, { mode: 'token', ...proof }, headers)
const invalid = { status: 401, body: { code: 'auth.invalid_sign_in_link' } }

/** Links and codes in somebody's mailbox, oldest first. */
async function findLinks(email: string) {
  await deliverMails(server)
  return (await server.mails(email)).flatMap(({ text }) => {
    const token = /sign-in-link#token=([\w.-]+)/.exec(text)?.[1]
    const code = /\b(\d{6})\b/.exec(text)?.[1]
    return token && code ? [{ token, code }] : []
  })
}
async function givenLink(email: string) {
  expect((await ask(email)).status).toBe(202)
  const link = (await findLinks(email)).at(-1)
  if (!link) throw new Error('no mail came')
  return link
}

test('the link signs in, once, and the code of the same mail is dead with it', async () => {
  const { email } = await givenMember(server)
  const { token, code } = await givenLink(email)
  const reply = await use({ token })
  expect(reply).toMatchObject({ status: 200, body: { data: { user: { email } } } })
  const mine = bearerOf(server, reply.body.data.accessToken)
  expect((await mine.get(`${api}/auth/sessions`)).body.data).toMatchObject([
    { firstFactor: 'magic_link', secondFactor: null },
  ])
  expect(await use({ token })).toMatchObject(invalid)
  expect(await use({ email, code })).toMatchObject(invalid)
})

test('the code signs in, with the address it was mailed to', async () => {
  const { email } = await givenMember(server)
  const { token, code } = await givenLink(email)
  expect(await use({ email: newEmail(), code })).toMatchObject(invalid)
  expect((await use({ email: email.toUpperCase(), code })).status).toBe(200)
  expect(await use({ token })).toMatchObject(invalid)
})

test('a browser gets a cookie session, and must show that the page is ours', async () => {
  const { email } = await givenMember(server)
  const { token } = await givenLink(email)
  const visitor = await givenVisitor(server)
  const browser = {
    cookie: `__Host-ashlar_visitor=${visitor.cookie}`,
    origin: server.settings.publicUrl,
  }
  expect((await use({ token, mode: 'cookie' }, browser)).body.code).toBe('http.csrf_token_invalid')
  const reply = await use(
    { token, mode: 'cookie' },
    { ...browser, 'x-csrf-token': visitor.csrfToken },
  )
  expect(reply.status).toBe(200)
  expect(cookieLinesOf(reply).get(sessionCookie)).toContain('HttpOnly')
})

test('a second factor is asked for, as at every door, and the session says how it was opened', async () => {
  const ada = await givenEnrolled(server)
  const { token } = await givenLink(ada.email)
  const held = (await use({ token })).body.data
  expect(held).toMatchObject({ twoFactorRequired: true, methods: ['totp', 'backup_code'] })
  expect(held.accessToken).toBeUndefined()
  const step = { pendingToken: held.pendingToken, code: codeOf(ada.secret) }
  const reply = await server.anonymous.post(verify2fa, step)
  expect(reply.status).toBe(200)
  const sessions = await bearerOf(server, reply.body.data.accessToken).get(`${api}/auth/sessions`)
  expect(sessions.body.data[0]).toMatchObject({
    current: true,
    firstFactor: 'magic_link',
    secondFactor: 'totp',
  })
})

test('opening the page of the link uses nothing up', async () => {
  const { email } = await givenMember(server)
  const { token } = await givenLink(email)
  expect((await server.anonymous.get(`/sign-in-link`)).status).toBe(200)
  expect((await use({ token })).status).toBe(200)
})

test('every address is answered alike; only an active account’s gets a mail', async () => {
  const { email } = await givenMember(server)
  const suspended = await givenMember(server)
  await query(server, `update users_users set status = 'suspended' where email = $1`, [
    suspended.email,
  ])
  const nobody = newEmail()
  const answers = []
  for (const address of [email, suspended.email, nobody, 'not@an@address'])
    answers.push(visiblePartsOf(await ask(address)))
  for (const answer of answers) expect(answer).toEqual(answers[0])
  expect(await findLinks(email)).toHaveLength(1)
  expect(await findLinks(suspended.email)).toHaveLength(0)
  expect(await server.mails(nobody)).toHaveLength(0)
})

test('an account suspended after the mail went out is not signed in by it', async () => {
  const { email } = await givenMember(server)
  const { token } = await givenLink(email)
  await query(server, `update users_users set status = 'suspended' where email = $1`, [email])
  expect(await use({ token })).toMatchObject(invalid)
})

test('a mail for an address that is not the account’s any more signs nobody in', async () => {
  const { email } = await givenMember(server)
  const { token } = await givenLink(email)
  await query(server, 'update users_users set email = $1 where email = $2', [newEmail(), email])
  expect(await use({ token })).toMatchObject(invalid)
})

test('a newer mail ends the older one; five an hour are sent', async () => {
  const { email } = await givenMember(server)
  const first = await givenLink(email)
  const second = await givenLink(email)
  expect(await use({ token: first.token })).toMatchObject(invalid)
  expect((await use({ token: second.token })).status).toBe(200)
  await together(8, () => ask(email))
  expect((await findLinks(email)).length).toBeLessThanOrEqual(5)
})

test('a quarter of an hour later it is too late', async () => {
  const { email } = await givenMember(server)
  const { token, code } = await givenLink(email)
  await query(
    server,
    `update auth_mail_requests set expires_at = expires_at - interval '15 minutes' where email = $1`,
    [email],
  )
  expect(await use({ token })).toMatchObject(invalid)
  expect(await use({ email, code })).toMatchObject(invalid)
})

test('five wrong codes and the code is dead, the link is not', async () => {
  const { email } = await givenMember(server)
  const { token, code } = await givenLink(email)
  const other = code === '000000' ? '000001' : '000000'
  for (let guess = 0; guess < 5; guess += 1)
    expect(await use({ email, code: other })).toMatchObject(invalid)
  expect(await use({ email, code })).toMatchObject(invalid)
  expect((await use({ token })).status).toBe(200)
})

test('however many guess at once, five are looked at', async () => {
  const { email } = await givenMember(server)
  for (let round = 0; round < rounds; round += 1) {
    await query(server, 'delete from auth_mail_requests where email = $1', [email])
    const { token, code } = await givenLink(email)
    const wrong = (index: number) => String((Number(code) + index + 1) % 1_000_000).padStart(6, '0')
    const replies = await together(crowd, (index) => use({ email, code: wrong(index) }))
    expect(tally(replies)).toEqual({ 401: crowd })
    expect(await use({ email, code })).toMatchObject(invalid)
    expect((await use({ token })).status).toBe(200)
  }
})

test('of many who use the link or the code at once, one gets in', async () => {
  const { email } = await givenMember(server)
  for (let round = 0; round < rounds; round += 1) {
    await query(server, 'delete from auth_mail_requests where email = $1', [email])
    const { token, code } = await givenLink(email)
    const replies = await together(crowd, (index) => use(index % 2 ? { token } : { email, code }))
    expect(tally(replies)).toEqual({ 200: 1, 401: crowd - 1 })
  }
})

describe('whoever signed up with somebody’s address', () => {
  test('loses the password they chose when the owner signs in by mail', async () => {
    const { email, password, token: proof } = await givenRegistration(server)
    const { token } = await givenLink(email)
    expect((await use({ token })).body.data.user).toMatchObject({ email, emailVerified: true })
    expect((await signIn(server, email, { password })).status).toBe(401)
    const late = await server.anonymous.post(`${api}/auth/verify-email`, { token: proof })
    expect(late.status).toBe(400)
    expect((await signIn(server, email, { password })).status).toBe(401)
  })
})

test('no token of another kind signs in, and this one does nothing else', async () => {
  const { email, token: proof } = await givenRegistration(server)
  const { token } = await givenLink(email)
  expect(await use({ token: proof })).toMatchObject(invalid)
  const reset = { token, password: 'an entirely fresh passphrase' }
  expect((await server.anonymous.post(`${api}/auth/reset-password`, reset)).status).toBe(400)
  expect((await server.anonymous.post(`${api}/auth/verify-email`, { token })).status).toBe(400)
  expect((await bearerOf(server, token).get(me)).status).toBe(401)
  for (const body of [{}, { token, code: '123456' }, { email }, { token: 'x', email, code: '1' }])
    expect((await use(body)).status).toBe(422)
})

test('neither the link nor the code lies in the database', async () => {
  const { email } = await givenMember(server)
  const { token, code } = await givenLink(email)
  const [dump] = await query<{ rows: string }>(
    server,
    `select string_agg(r::text, ' ') as rows from auth_mail_requests r where email = '${email}'`,
  )
  expect(dump?.rows).not.toContain(token)
  expect(dump?.rows).not.toContain(code)
})

test('nothing here was our own failure', () => {
  expect(server.failures).toEqual([])
})
