/** Every kind of token opens its own door and no other. */
import { describe, expect, test } from 'vitest'
import { goodPassword, startServer } from '../../app/testing.ts'
import { offerInstaller } from '../admin/index.ts'
import { administration, givenAdmin, usersUrl } from '../admin/testing.ts'
import { exchangeUrl, requestToken } from '../impersonation/testing.ts'
import { codeOf, givenEnrolled, holdSignIn, nextCode, verify2fa } from '../twofa/testing.ts'
import { preLoginCookie, sessionCookie, trustedCookie } from './cookies.ts'
import {
  type Server,
  api,
  cookieOf,
  findResetTokens,
  givenRegistration,
  givenVisitor,
  me,
  newEmail,
  query,
} from './testing.ts'

/** The longest token most doors read. */
const maxLength = 200

/** One of every kind, all of one person where that is possible. */
async function givenTokens(server: Server) {
  const ada = await givenEnrolled(server)
  const { key } = (await ada.post(`${api}/auth/api-keys`, { name: 'mine' })).body.data
  const pendingToken = await holdSignIn(server, ada.email, { mode: 'cookie' })
  const passed = await server.anonymous.post(verify2fa, {
    pendingToken,
    code: codeOf(ada.secret),
    trustDevice: true,
  })
  await nextCode(server, ada.user.id)
  await server.anonymous.post(`${api}/auth/forgot-password`, { email: ada.email })
  const [reset = ''] = await findResetTokens(server, ada.email)
  const boss = await givenAdmin(server, 'admin')
  const made = await boss.post(`${administration}/service-tokens`, {
    name: 'console',
    scopes: ['admin.read_users'],
  })
  const tokens = {
    access: ada.accessToken,
    key: String(key),
    refresh: ada.refreshToken,
    cookie: cookieOf(passed),
    csrf: String(passed.body.data.csrfToken),
    trust: cookieOf(passed, trustedCookie),
    verification: (await givenRegistration(server)).token,
    installer: (await server.ctx().tx(offerInstaller)) ?? '',
    pending: await holdSignIn(server, ada.email),
    reset,
    service: String(made.body.data.token),
    impersonation: await requestToken(boss, (await server.as()).userId),
  }
  // It lives for a minute, which slow machines need for the other doors.
  await query(
    server,
    `update impersonation_impersonations set token_expires_at = now() + interval '1 hour'`,
  )
  return { ada, tokens }
}
type Kind = keyof Awaited<ReturnType<typeof givenTokens>>['tokens']

describe.each(['EdDSA', 'RS256'])('with %s', async (algorithm) => {
  const server: Server = await startServer({
    environment: { TOKEN_SIGNING_ALGORITHM: algorithm },
  })
  const { ada, tokens } = await givenTokens(server)
  const { post, get } = server.anonymous

  /** Each door, and whether it opened. The ones that end something come last. */
  const doors: { door: string; opensFor: Kind[]; try(value: string): Promise<boolean> }[] = [
    {
      door: 'a bearer’s request',
      opensFor: ['access', 'key'],
      try: async (value) => isOpen(await get(me, { authorization: `Bearer ${value}` })),
    },
    {
      door: 'a browser’s request',
      opensFor: ['cookie'],
      try: async (value) => isOpen(await get(me, { cookie: `${sessionCookie}=${value}` })),
    },
    {
      door: 'a browser’s change',
      opensFor: ['csrf'],
      try: async (value) =>
        isOpen(
          await post(
            `${api}/auth/api-keys`,
            { name: 'another' },
            {
              cookie: `${sessionCookie}=${tokens.cookie}`,
              origin: server.settings.publicUrl,
              'x-csrf-token': value,
            },
          ),
        ),
    },
    {
      door: 'a sign-in without the second factor',
      opensFor: ['trust'],
      try: async (value) => {
        const visitor = await givenVisitor(server)
        const reply = await post(
          `${api}/auth/login`,
          { email: ada.email, password: goodPassword, mode: 'token' },
          {
            cookie: `${preLoginCookie}=${visitor.cookie}; ${trustedCookie}=${value}`,
            origin: server.settings.publicUrl,
            'x-csrf-token': visitor.csrfToken,
          },
        )
        return isOpen(reply) && 'accessToken' in reply.body.data
      },
    },
    {
      door: 'the second step of a sign-in',
      opensFor: ['pending'],
      try: async (value) =>
        isOpen(
          await post(verify2fa, {
            pendingToken: value.slice(0, maxLength),
            code: codeOf(ada.secret),
          }),
        ),
    },
    {
      door: 'the proof of an address',
      opensFor: ['verification'],
      try: async (value) =>
        isOpen(await post(`${api}/auth/verify-email`, { token: value.slice(0, maxLength) })),
    },
    {
      door: 'the next pair of tokens',
      opensFor: ['refresh'],
      try: async (value) =>
        isOpen(await post(`${api}/auth/refresh`, { refreshToken: value.slice(0, maxLength) })),
    },
    {
      door: 'the installer',
      opensFor: ['installer'],
      try: async (value) =>
        isOpen(
          await post(`${api}/admin/setup`, {
            token: value.slice(0, maxLength),
            email: newEmail(),
            password: goodPassword,
          }),
        ),
    },
    {
      door: 'a new password',
      opensFor: ['reset'],
      try: async (value) =>
        isOpen(
          await post(`${api}/auth/reset-password`, {
            token: value.slice(0, maxLength),
            password: 'another horse, another battery',
          }),
        ),
    },
    {
      door: 'a program’s request',
      opensFor: ['service'],
      try: async (value) => isOpen(await get(usersUrl, { authorization: `Bearer ${value}` })),
    },
    {
      door: 'somebody else’s account',
      opensFor: ['impersonation'],
      try: async (value) => isOpen(await post(exchangeUrl, { token: value.slice(0, maxLength) })),
    },
  ]

  // In order: a token that works once is tried at its own door last of all kinds.
  test.each(doors)('$door opens for $opensFor alone', async ({ opensFor, try: attempt }) => {
    const kinds = Object.keys(tokens) as Kind[]
    const strangers = kinds.filter((kind) => !opensFor.includes(kind))
    for (const kind of [...strangers, ...opensFor])
      expect({ kind, isOpen: await attempt(tokens[kind]) }).toEqual({
        kind,
        isOpen: opensFor.includes(kind),
      })
    expect(await attempt('')).toBe(false)
  })

  test('and nothing of it was our own failure', () => {
    expect(server.failures).toEqual([])
  })
})

/** Opened, or refused as a stranger is: never anything else. */
function isOpen({ status }: { status: number }): boolean {
  if (status < 300) return true
  expect([400, 401, 403, 410, 422]).toContain(status)
  return false
}
