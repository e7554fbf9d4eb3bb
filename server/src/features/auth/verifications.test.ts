/** Proving an address: by link or by code, once, and not by guessing. */
import { describe, expect, test } from 'vitest'
import { goodPassword, startServer } from '../../app/testing.ts'
import {
  type Server,
  api,
  findProofs,
  givenRegistration,
  newEmail,
  query,
  signIn,
} from './testing.ts'

const server: Server = await startServer()
const verify = (body: object) => server.anonymous.post(`${api}/auth/verify-email`, body)
const register = (email: string) =>
  server.anonymous.post(`${api}/auth/register`, { email, password: goodPassword })
const otherThan = (code: string, n = 1) => String((Number(code) + n) % 1_000_000).padStart(6, '0')
const refusal = { status: 400, body: { code: 'auth.invalid_verification' } }

test('the link’s token verifies, once, and kills the code', async () => {
  const { email, token, code } = await givenRegistration(server)
  expect(await verify({ token })).toMatchObject({
    status: 200,
    body: { data: { status: 'verified' } },
  })
  expect(await verify({ token })).toMatchObject(refusal)
  expect(await verify({ email, code })).toMatchObject(refusal)
  expect((await signIn(server, email)).status).toBe(200)
})

test('the code verifies, once, and kills the link', async () => {
  const { email, token, code } = await givenRegistration(server)
  expect((await verify({ email, code })).status).toBe(200)
  expect(await verify({ email, code })).toMatchObject(refusal)
  expect(await verify({ token })).toMatchObject(refusal)
  expect((await signIn(server, email)).status).toBe(200)
})

test('the code goes with the address in whatever spelling it was typed', async () => {
  const email = newEmail()
  const { code } = await givenRegistration(server, { email: email.toUpperCase() })
  expect((await verify({ email: ` ${email.toUpperCase()}`, code })).status).toBe(200)
})

test('the code of one address says nothing about another', async () => {
  const ada = await givenRegistration(server)
  const eve = await givenRegistration(server)
  // Two codes are equal once in a million times.
  const notHers = ada.code === eve.code ? otherThan(ada.code) : eve.code
  expect(await verify({ email: ada.email, code: notHers })).toMatchObject(refusal)
  expect(await verify({ email: newEmail(), code: eve.code })).toMatchObject(refusal)
  expect(await verify({ email: 'not an address', code: eve.code })).toMatchObject(refusal)
  expect((await verify({ email: eve.email, code: eve.code })).status).toBe(200)
})

test('opening the link’s page changes nothing, by GET or HEAD, however often', async () => {
  const { email, token } = await givenRegistration(server)
  for (const url of ['/verify-email', `/verify-email?token=${token}`]) {
    const page = await server.anonymous.get(url)
    expect(page).toMatchObject({ status: 200, headers: { 'referrer-policy': 'no-referrer' } })
    expect(page.headers['content-type']).toContain('text/html')
    expect(page.headers['content-security-policy']).toMatch(
      /default-src 'none'.*script-src 'sha256-/,
    )
    expect(page.text).not.toContain(token)
    expect((await server.app.inject({ method: 'HEAD', url })).statusCode).toBe(200)
  }
  const opened = await server.anonymous.get(`${api}/auth/verify-email?token=${token}`)
  expect(opened.status).toBe(405)
  expect((await signIn(server, email)).status).toBe(401)
  expect((await verify({ token })).status).toBe(200)
})

describe('guessing a code', () => {
  test('ends after five: the right one comes too late, the link still works', async () => {
    const { email, token, code } = await givenRegistration(server)
    for (let n = 1; n <= 5; n += 1)
      expect(await verify({ email, code: otherThan(code, n) })).toMatchObject(refusal)
    expect(await verify({ email, code })).toMatchObject(refusal)
    expect((await verify({ token })).status).toBe(200)
  })

  test('may be right the fifth time', async () => {
    const { email, code } = await givenRegistration(server)
    for (let n = 1; n <= 4; n += 1) await verify({ email, code: otherThan(code, n) })
    expect((await verify({ email, code })).status).toBe(200)
  })

  test('does not start over with every new mail', async () => {
    const email = newEmail()
    let guesses = 0
    for (let mails = 0; mails < 6; mails += 1) {
      await register(email)
      const proof = (await findProofs(server, email)).at(-1)
      for (let n = 1; n <= 5; n += 1) await verify({ email, code: otherThan(proof?.code ?? '', n) })
    }
    for (const { attempts } of await query<{ attempts: number }>(
      server,
      `select v.attempts from auth_verifications v join users_users u on u.id = v.user_id where u.email = $1`,
      [email],
    ))
      guesses += attempts
    expect(guesses).toBe(20)
    const newest = (await findProofs(server, email)).at(-1)
    expect(await verify({ email, code: newest?.code })).toMatchObject(refusal)
    // Whoever really has the mailbox still has the link.
    expect((await verify({ token: newest?.token })).status).toBe(200)
  })
})

test('a newer mail kills the older ones, link and code', async () => {
  const email = newEmail()
  for (let n = 0; n < 3; n += 1) await register(email)
  const proofs = await findProofs(server, email)
  // A verification that was replaced before its mail was written is not mailed any more.
  expect(proofs).toHaveLength(1)
  await register(email)
  const [older, newer] = await findProofs(server, email)
  expect(await verify({ token: older?.token })).toMatchObject(refusal)
  expect((await verify({ token: newer?.token })).status).toBe(200)
})

test('link and code die with time', async () => {
  const { email, token, code } = await givenRegistration(server)
  await query(
    server,
    `update auth_verifications set expires_at = now() - interval '1 second'
     where user_id = (select id from users_users where email = $1)`,
    [email],
  )
  expect(await verify({ token })).toMatchObject(refusal)
  expect(await verify({ email, code })).toMatchObject(refusal)
})

test('a token with any other bit is not a token, nor is one of another key', async () => {
  const { token } = await givenRegistration(server)
  const [id = '', seal = ''] = token.split('.')
  const flipped = (text: string, at: number) =>
    text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1)
  const forged = [
    flipped(token, 0),
    flipped(token, 10),
    flipped(token, id.length + 1),
    flipped(token, token.length - 3),
    `${token}=`,
    `${token}A`,
    `${token}.`,
    ` ${token}`,
    token.slice(0, -1),
    id,
    `${id}.`,
    `.${seal}`,
    `${id}.${'A'.repeat(seal.length)}`,
    '',
    '.',
    "' or 1=1 --",
  ]
  for (const one of forged) expect(await verify({ token: one })).toMatchObject(refusal)
  const other: Server = await startServer({
    location: server.location,
    environment: { PUBLIC_URL: 'http://localhost:5000' },
  })
  // The same database and key: a token of one server works at another.
  expect((await other.anonymous.post(`${api}/auth/verify-email`, { token })).status).toBe(200)
})

test.each([
  {},
  { email: 'ada@example.com' },
  { code: '123456' },
  { email: 'ada@example.com', code: 123456 },
  { email: 'ada@example.com', code: '12345' },
  { email: 'ada@example.com', code: '１２３４５６' },
  { token: ['x'] },
  { token: null },
  { token: 'x'.repeat(201) },
])('%j is no proof at all', async (body) => {
  expect((await verify(body)).status).toBe(422)
})

test('nothing here was our own failure', () => {
  expect(server.failures).toEqual([])
})
