/** The chapter on sessions: where one is signed in, signing out elsewhere, showing a factor again, signing in by mail. */
import { type Call, api, codeIn as code, post, text } from './client.ts'
import { findMailed } from './mailbox.ts'
import type { Guide } from './step.ts'

type Person = { readonly email: string; readonly password: string; readonly bearer: string }

/** Somebody who is signed in and has no second factor. Returns the one session that is left. */
export async function sessionsChapter(guide: Guide, person: Person): Promise<string> {
  const { email, password, bearer: laptop } = person
  const signIn = post('/auth/login', { email, password, mode: 'token' })
  const phone = await signInBy(guide, 'signs in on a phone too', signIn)
  const listed = await guide.call(
    'sees both',
    { path: `${api}/auth/sessions`, bearer: laptop },
    200,
    ({ body }) => `${sessionsIn(body).length} sessions`,
  )
  const other = sessionsIn(listed.body).find(({ current }) => !current)?.id ?? 'none'
  await guide.call(
    'signs out on the phone',
    { method: 'DELETE', path: `${api}/auth/sessions/${other}`, bearer: laptop },
    204,
  )
  await guide.call('which is out at once', { path: `${api}/users/me`, bearer: phone }, 401, code)

  await guide.call(
    'a step-up wants a real factor',
    post('/auth/step-up', { password: 'not it' }, laptop),
    403,
    code,
  )
  const shown = await guide.call(
    'shows the password again, before something sensitive',
    post('/auth/step-up', { password }, laptop),
    200,
    ({ body }) => `until ${text(body, 'data', 'expiresAt')}, and new tokens`,
  )
  await guide.call('the old token is dead', { path: `${api}/users/me`, bearer: laptop }, 401, code)
  const proven = text(shown.body, 'data', 'accessToken')

  await guide.call('has a link mailed that signs in', post('/auth/magic-link', { email }), 202)
  const token = await findMailed(guide, email, { subject: 'Sign in to', of: 'token' })
  const byMail = post('/auth/magic-link/sign-in', { token, mode: 'token' })
  const mailed = await signInBy(guide, 'signs in by mail', byMail)
  await guide.call('the link works once', byMail, 401, code)
  await guide.call(
    'signs out everywhere else',
    { method: 'DELETE', path: `${api}/auth/sessions`, bearer: mailed },
    200,
    ({ body }) => `${(body as { data: { sessionsEnded: number } }).data.sessionsEnded} ended`,
  )
  await guide.call('the laptop is out', { path: `${api}/users/me`, bearer: proven }, 401, code)
  return mailed
}

async function signInBy(guide: Guide, step: string, call: Call): Promise<string> {
  const { body } = await guide.call(step, call, 200, () => 'tokens')
  return text(body, 'data', 'accessToken')
}

const sessionsIn = (body: unknown) => (body as { data: { id: string; current: boolean }[] }).data
