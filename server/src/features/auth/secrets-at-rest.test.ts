/** What a thief of the whole database would find of live secrets: nothing. */
import { expect, test } from 'vitest'
import { goodPassword, startServer } from '../../app/testing.ts'
import { offerInstaller } from '../admin/index.ts'
import {
  type Server,
  api,
  findResetTokens,
  givenBrowser,
  givenMember,
  givenRegistration,
  givenVisitor,
  query,
} from './testing.ts'

const server: Server = await startServer()

/** The captured mails are the mailbox of development; production has none. */
const mailbox = 'platform_captured_mails'

/** Every row of every table, as text; bytes come as hexadecimal digits. */
async function everythingStored(): Promise<string> {
  const tables = await query<{ name: string; table: string }>(
    server,
    `select format('%I.%I', schemaname, tablename) as name, tablename as table from pg_tables
     where schemaname not in ('pg_catalog', 'information_schema')`,
  )
  expect(tables.length).toBeGreaterThan(15)
  const rows = []
  for (const { name } of tables.filter(({ table }) => table !== mailbox))
    rows.push(...(await query<{ row: string }>(server, `select t::text as row from ${name} t`)))
  return rows.map(({ row }) => row).join('\n')
}

/** The shapes in which a secret could have been kept without being hashed. */
function shapesOf(secret: string): string[] {
  const text = Buffer.from(secret)
  const bytes = secret
    .replace(/^ash_[a-z]_/, '')
    .split('.')
    .map((part) => Buffer.from(part, 'base64url'))
  return [
    secret,
    text.toString('hex'),
    text.toString('base64'),
    text.toString('base64url'),
    ...bytes.filter((part) => part.length >= 24).map((part) => part.toString('hex')),
  ]
}

test('no live token, code or password is in any table', async () => {
  const member = await givenMember(server)
  const headers = { 'idempotency-key': 'one-of-ours' }
  const browser = await givenBrowser(server, member.email)
  const login = { email: member.email, password: goodPassword, mode: 'token' }
  const tokens = (await server.anonymous.post(`${api}/auth/login`, login, headers)).body.data
  const refreshed = (
    await server.anonymous.post(
      `${api}/auth/refresh`,
      { refreshToken: tokens.refreshToken },
      headers,
    )
  ).body.data
  const made = await browser.post(`${api}/auth/api-keys`, { name: 'mine' }, headers)
  const pending = await givenRegistration(server, {
    password: 'a password that waits for its proof',
  })
  const visitor = await givenVisitor(server)
  const lost = await givenMember(server)
  await server.anonymous.post(`${api}/auth/forgot-password`, { email: lost.email })
  const [reset] = await findResetTokens(server, lost.email)
  const installer = await server.ctx().tx(offerInstaller)
  const secrets: Record<string, string> = {
    cookie: browser.cookie,
    csrf: browser.csrfToken,
    visitor: visitor.cookie,
    access: tokens.accessToken,
    accessSignature: String(tokens.accessToken).split('.')[2] ?? '',
    refresh: tokens.refreshToken,
    refreshed: refreshed.refreshToken,
    key: made.body.data.key,
    verification: pending.token,
    reset: reset ?? '',
    installer: installer ?? '',
    password: goodPassword,
    waitingPassword: pending.password,
    secretKey: server.settings.secretKey,
  }
  const stored = await everythingStored()
  // The search finds what is there.
  expect(stored).toContain(member.email)
  expect(stored).toContain(shapesOf(browser.reply.body.data.user.id)[0])
  for (const [name, secret] of Object.entries(secrets)) {
    expect({ name, length: secret.length }).toEqual({ name, length: expect.any(Number) })
    expect(secret.length).toBeGreaterThan(10)
    for (const shape of shapesOf(secret))
      expect({ name, isStored: stored.includes(shape) }).toEqual({ name, isStored: false })
  }
  const numbers = stored.match(/(?<![\w.:+-])\d{6}(?![\w.:-])/g) ?? []
  expect(numbers).not.toContain(pending.code)
})

test('10,000 tokens share nothing but their label', async () => {
  const { newToken } = await import('../../platform/secrets.ts')
  const tokens = Array.from({ length: 10_000 }, () => newToken('ash_s_').slice('ash_s_'.length))
  expect(new Set(tokens.map((token) => token.slice(0, 16))).size).toBe(10_000)
  for (let at = 0; at < 42; at += 1)
    expect(new Set(tokens.map((token) => token[at])).size).toBeGreaterThan(48)
})
