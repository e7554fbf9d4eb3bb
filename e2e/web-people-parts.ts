/** What the tests of the console's people need beside a browser: an authenticator, and calls as the browser makes them. */
import type { Page } from 'playwright-core'
import { codeOf } from '../server/src/features/twofa/testing.ts'
import { type Person, mailsTo, post, signIn } from './person.ts'
import type { Visitor } from './product.ts'

type Reply = { readonly status: number; readonly body: string }

/** A request of the page's own session, as the application sends it. */
export async function fetchInside(
  page: Page,
  method: string,
  path: string,
  body: unknown = null,
): Promise<Reply> {
  return page.evaluate(
    async ([verb, url, sent]: [string, string, unknown]) => {
      const answer = await fetch('/api/v1/auth/session')
      const session = (await answer.json()) as { data: { csrfToken: string } }
      const reply = await fetch(url, {
        method: verb,
        headers: {
          'x-csrf-token': session.data.csrfToken,
          'idempotency-key': crypto.randomUUID(),
          ...(sent === null ? {} : { 'content-type': 'application/json' }),
        },
        ...(sent === null ? {} : { body: JSON.stringify(sent) }),
      })
      return { status: reply.status, body: await reply.text() }
    },
    [method, path, body] as [string, string, unknown],
  )
}

/** An authenticator for whoever is signed in on this page, by the code of a moment ago: that of now is not used up. */
export async function giveAuthenticator(page: Page, { password }: Person): Promise<string> {
  const setUp = await fetchInside(page, 'POST', '/api/v1/twofa/setup', { password })
  const { secret } = (JSON.parse(setUp.body) as { data: { secret: string } }).data
  const code = codeOf(secret, -30)
  const enabled = await fetchInside(page, 'POST', '/api/v1/twofa/enable', { code })
  if (enabled.status !== 200) throw new Error(`enabling: ${enabled.status} ${enabled.body}`)
  return secret
}

/** Types the code of now into the dialog that asks for one. */
export async function showCode({ page }: Visitor, secret: string): Promise<void> {
  await page.getByLabel('Code of the authenticator').fill(codeOf(secret))
  await page.getByRole('button', { name: 'Go on' }).click()
}

/** Whoever was invited takes the link of the mail and chooses a password. */
export async function acceptInvitation(url: string, email: string): Promise<Person> {
  const mails = await mailsTo(url, email)
  const token = /token=(\S+)/.exec(mails.at(0)?.text ?? '')?.[1]
  const password = 'a house of many stones 7'
  const body = { token, password, mode: 'token' }
  const accepted = await post(url, '/api/v1/invitations/accept', body)
  if (accepted.status !== 201)
    throw new Error(`accept: ${accepted.status} ${await accepted.text()}`)
  return { email, password }
}

/** Whether the session of this window is alive. */
export async function isSignedIn({ page }: Visitor): Promise<boolean> {
  const { body } = await fetchInside(page, 'GET', '/api/v1/auth/session')
  return (JSON.parse(body) as { data: { user: unknown } }).data.user !== null
}

export async function idOf(url: string, person: Person): Promise<string> {
  const { accessToken } = await signIn(url, person)
  const reply = await fetch(new URL('/api/v1/users/me', url), {
    headers: { authorization: `Bearer ${accessToken}` },
  })
  return ((await reply.json()) as { data: { id: string } }).data.id
}
