/** The first chapter: a stranger registers, proves their address, signs in, adds a passkey, and adds a second factor. */
import { randomBytes } from 'node:crypto'
import { type Answer, text } from './client.ts'
import { findMailed } from './mailbox.ts'
import { passkeyChapter } from './passkey.ts'
import { secondFactorChapter } from './second-factor.ts'
import { sessionsChapter } from './sessions.ts'
import type { Guide } from './step.ts'

const api = '/api/v1'
export async function identityChapter(guide: Guide): Promise<void> {
  const { client } = guide
  const email = `tour-${randomBytes(6).toString('hex')}@example.com`
  const password = `tour ${randomBytes(12).toString('base64url')}`

  await guide.call('the server is ready', { path: '/readyz' }, 200)
  await guide.call('a stranger is nobody', { path: `${api}/users/me` }, 401, ({ body }) =>
    text(body, 'code'),
  )
  await guide.call(
    'a browser gets a CSRF token',
    { path: `${api}/csrf-token` },
    200,
    ({ body }) => {
      client.csrfToken = text(body, 'data', 'csrfToken')
      return ''
    },
  )
  const registration = { email, password, name: 'Ada Tour' }
  await guide.call(
    'registers',
    { method: 'POST', path: `${api}/auth/register`, body: registration },
    202,
  )
  await guide.call(
    'cannot sign in before the address is proven',
    login(email, password),
    401,
    ({ body }) => text(body, 'code'),
  )

  const token = await findMailed(guide, email, { subject: 'Confirm', of: 'token' })
  await guide.call(
    'proves the address',
    { method: 'POST', path: `${api}/auth/verify-email`, body: { token } },
    200,
  )
  await guide.call(
    'the link works once',
    { method: 'POST', path: `${api}/auth/verify-email`, body: { token } },
    400,
    ({ body }) => text(body, 'code'),
  )
  await cookieSession(guide, email, password)
  await tokenSession(guide, email, password)
  const changed = await passwordChapter(guide, email, password)
  await passkeyChapter(guide, { email, bearer: changed.bearer })
  const bearer = await sessionsChapter(guide, { email, ...changed })
  await secondFactorChapter(guide, { email, password: changed.password, bearer })
}

async function cookieSession(guide: Guide, email: string, password: string): Promise<void> {
  const { client } = guide
  await guide.call('signs in with a cookie', login(email, password), 200, ({ body }) => {
    client.csrfToken = text(body, 'data', 'csrfToken')
    return `signed in as ${text(body, 'data', 'user', 'email')}`
  })
  await guide.call('sees who they are', { path: `${api}/users/me` }, 200)
  const rename = {
    method: 'PATCH',
    path: `${api}/users/me`,
    body: { name: 'Ada Lovelace' },
  } as const
  await guide.call('changes the name', rename, 200, ({ body }) => text(body, 'data', 'name'))
  const stale = { ...rename, headers: { 'if-match': '"1"' } }
  await guide.call('cannot overwrite what it has not seen', stale, 412, ({ body }) =>
    text(body, 'code'),
  )
  const { csrfToken } = client
  client.csrfToken = null
  await guide.call('without the CSRF token nothing changes', rename, 403, ({ body }) =>
    text(body, 'code'),
  )
  client.csrfToken = csrfToken

  const made = await guide.call(
    'makes an API key',
    {
      method: 'POST',
      path: `${api}/auth/api-keys`,
      body: { name: 'tour', scopes: ['users.read_self'] },
    },
    201,
  )
  const key = text(made.body, 'data', 'key')
  await guide.call('the key reads', { path: `${api}/users/me`, bearer: key }, 200, ({ body }) =>
    text(body, 'data', 'id'),
  )
  await guide.call(
    'the key may do no more than it was given',
    {
      method: 'DELETE',
      path: `${api}/auth/api-keys/${text(made.body, 'data', 'id')}`,
      bearer: key,
    },
    403,
    ({ body }) => text(body, 'code'),
  )
  await guide.call(
    'the key is revoked',
    { method: 'DELETE', path: `${api}/auth/api-keys/${text(made.body, 'data', 'id')}` },
    204,
  )
  await guide.call('and dead', { path: `${api}/users/me`, bearer: key }, 401, ({ body }) =>
    text(body, 'code'),
  )
  await guide.call('signs out', { method: 'POST', path: `${api}/auth/logout` }, 204)
  await guide.call('is nobody again', { path: `${api}/users/me` }, 401, ({ body }) =>
    text(body, 'code'),
  )
  client.csrfToken = null
}

async function tokenSession(guide: Guide, email: string, password: string): Promise<void> {
  const signIn = { ...login(email, password, 'token'), bearer: 'none', headers: {} }
  const first = await guide.call(
    'signs in with tokens',
    signIn,
    200,
    () => 'an access and a refresh token',
  )
  const access = text(first.body, 'data', 'accessToken')
  const refreshToken = text(first.body, 'data', 'refreshToken')
  await guide.call(
    'calls with the access token',
    { path: `${api}/users/me`, bearer: access },
    200,
    ({ body }) => text(body, 'data', 'email'),
  )
  const refresh = {
    method: 'POST',
    path: `${api}/auth/refresh`,
    body: { refreshToken },
    bearer: 'none',
  } as const
  const next = await guide.call('refreshes', refresh, 200, () => 'the next pair')
  const again = await guide.call(
    'a repeated refresh answers the same child',
    refresh,
    200,
    (answer) => isSameChild(next, answer),
  )
  await guide.call(
    'signs out',
    { method: 'POST', path: `${api}/auth/logout`, bearer: text(again.body, 'data', 'accessToken') },
    204,
  )
  await guide.call(
    'every token of the session is dead',
    { path: `${api}/users/me`, bearer: access },
    401,
    ({ body }) => text(body, 'code'),
  )
  const last = { ...refresh, body: { refreshToken: text(next.body, 'data', 'refreshToken') } }
  await guide.call('and so is the refresh token', last, 401, ({ body }) => text(body, 'code'))
}

/**
 * Weak ones are refused with advice; the mailed link sets a good one, once, and signs everybody out. Ends with another
 * password and a session, which it returns.
 */
async function passwordChapter(
  guide: Guide,
  email: string,
  password: string,
): Promise<{ password: string; bearer: string }> {
  const post = (name: string, body: object) =>
    ({ method: 'POST', path: `${api}/auth/${name}`, body, bearer: 'none' }) as const
  const signedIn = await guide.call(
    'signs in once more',
    { ...login(email, password, 'token'), bearer: 'none' },
    200,
    () => 'an access and a refresh token',
  )
  const access = text(signedIn.body, 'data', 'accessToken')
  const changed = `${password} changed`
  const change = (newPassword: string, currentPassword: string) =>
    ({ ...post('change-password', { currentPassword, newPassword }), bearer: access }) as const
  await guide.call(
    'a common password is refused',
    change('password123456789', password),
    422,
    ({ body }) => text(body, 'feedback', 'warning'),
  )
  await guide.call('the current password is asked for', change(changed, 'wrong'), 403, ({ body }) =>
    text(body, 'code'),
  )
  await guide.call('changes the password', change(changed, password), 200)
  for (const [step, address] of [
    ['forgets it', email],
    ['an address nobody has is answered alike', `nobody-${email}`],
  ] as const)
    await guide.call(step, post('forgot-password', { email: address }), 202)
  const token = await findMailed(guide, email, { subject: 'Set a new password', of: 'token' })
  const set = post('reset-password', { token, password: `${password} again` })
  await guide.call('sets a new one by the mailed link', set, 200)
  await guide.call('once', set, 400, ({ body }) => text(body, 'code'))
  await guide.call(
    'every session has ended',
    { path: `${api}/users/me`, bearer: access },
    401,
    ({ body }) => text(body, 'code'),
  )
  await guide.call('the old password is dead', post('login', { email, password: changed }), 401)
  const last = await guide.call(
    'the new one signs in',
    { ...login(email, `${password} again`, 'token'), bearer: 'none' },
    200,
    () => 'an access and a refresh token',
  )
  return { password: `${password} again`, bearer: text(last.body, 'data', 'accessToken') }
}

function isSameChild(left: Answer, right: Answer): string {
  if (text(left.body, 'data', 'refreshToken') !== text(right.body, 'data', 'refreshToken'))
    throw new Error('it is another token')
  return 'the same refresh token'
}

function login(email: string, password: string, mode: 'cookie' | 'token' = 'cookie') {
  return { method: 'POST', path: `${api}/auth/login`, body: { email, password, mode } } as const
}
