/** The chapter on the second factor: enrolling, signing in with a code and with a backup code, and what is refused. */
import { authenticatorIn, codeAt, periodMs, waitForFreshCode } from './authenticator.ts'
import { type Answer, type Call, api, post, text } from './client.ts'
import type { Guide } from './step.ts'

type Person = { readonly email: string; readonly password: string; readonly bearer: string }

/** Somebody who is signed in turns the second factor on and signs in with it. They sign in by tokens. */
export async function secondFactorChapter(guide: Guide, person: Person): Promise<void> {
  const { email, password, bearer } = person
  const signIn = post('/auth/login', { email, password, mode: 'token' })
  const setup = post('/twofa/setup', { password }, bearer)
  const shown = await guide.call('sets up an authenticator', setup, 200, (answer) => {
    authenticatorIn(answer)
    return 'a QR code; the authenticator reads it'
  })
  const totp = authenticatorIn(shown)
  await waitForFreshCode()
  // The code that has just gone by is still taken, and the one shown now remains for the sign-in.
  const confirm = post('/twofa/enable', { code: codeAt(totp, -periodMs) }, bearer)
  const enabled = await guide.call('confirms it with a code', confirm, 200, ({ body }) => {
    return `${backupCodesIn(body).length} backup codes, shown this once`
  })
  const [backupCode = ''] = backupCodesIn(enabled.body)

  const ticket = await hold(guide, 'the password alone is not enough now', signIn)
  await guide.call('the ticket opens nothing', { path: `${api}/users/me`, bearer: ticket }, 401)
  const code = codeAt(totp, 0)
  const passed = await guide.call(
    'signs in with a code',
    post('/auth/login/verify-2fa', { pendingToken: ticket, code }),
    200,
    ({ body }) => `signed in as ${text(body, 'data', 'user', 'email')}`,
  )
  const next = await hold(guide, 'signs in elsewhere', signIn)
  const replay = post('/auth/login/verify-2fa', { pendingToken: next, code })
  await guide.call('the same code does not work twice', replay, 401, ({ body }) =>
    text(body, 'code'),
  )
  const backup = post('/2fa/backup/verify', { pendingToken: next, code: backupCode })
  await guide.call('a backup code works', backup, 200, () => 'signed in')
  const last = await hold(guide, 'signs in once more', signIn)
  const again = post('/2fa/backup/verify', { pendingToken: last, code: backupCode })
  await guide.call('and works once', again, 401, ({ body }) => text(body, 'code'))
  const session = text(passed.body, 'data', 'accessToken')
  await guide.call(
    'nine backup codes are left',
    post('/twofa/backup-codes', undefined, session),
    200,
    ({ body }) => {
      const { left } = (body as { data: { left: number } }).data
      if (left !== 9) throw new Error(`${left} are left`)
      return `${left} left`
    },
  )
}

async function hold(guide: Guide, step: string, signIn: Call): Promise<string> {
  const { body } = await guide.call(step, signIn, 200, (answer: Answer) => {
    text(answer.body, 'data', 'pendingToken')
    return 'a second factor is required'
  })
  return text(body, 'data', 'pendingToken')
}

const backupCodesIn = (body: unknown) =>
  (body as { data: { backupCodes: string[] } }).data.backupCodes
