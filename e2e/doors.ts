/** What tests at the doors do again and again: type, look who is in, and wait for the code of a mail. */
import { Client } from 'pg'
import type { Page } from 'playwright-core'
import { vi } from 'vitest'
import { codeOf } from '../server/src/features/twofa/testing.ts'
import { type Person, mailsTo, post, signIn } from './person.ts'
import type { Product, Visitor } from './product.ts'

export async function queryAt<Row extends object>(
  { ownerUrl }: Product,
  text: string,
  values: unknown[] = [],
): Promise<Row[]> {
  const client = new Client({ connectionString: ownerUrl })
  await client.connect()
  try {
    return (await client.query<Row>(text, values)).rows
  } finally {
    await client.end()
  }
}

/** As if time had passed since the last code. */
export const nextCode = (product: Product) =>
  queryAt(product, 'update twofa_factors set last_step = 0')

/** The browser forgets who it was, once the screen that is open has all that it asked for. */
export async function forget({ page, quiet }: Visitor, cookie?: { name: string }): Promise<void> {
  await quiet()
  await page.context().clearCookies(cookie)
}

export const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
export const heading = (page: Page, name: string) =>
  page.getByRole('heading', { level: 1, name, exact: true }).waitFor()
export const alert = (page: Page) => page.getByRole('alert')

export async function typePassword(page: Page, { email, password }: Person): Promise<void> {
  await page.getByLabel(/^(E-mail address or username|E-Mail-Adresse oder)/).fill(email)
  await page.getByLabel(/^(Password|Passwort)/).fill(password)
  await page.getByLabel(/^(Password|Passwort)/).press('Enter')
}

/** The newest code in somebody's mailbox that is not one of these. */
export function newCodeFor(
  url: string,
  email: string,
  not: readonly string[] = [],
): Promise<string> {
  return vi.waitFor(
    async () => {
      const code = (await mailsTo(url, email))
        .map(({ text }) => /^\s*(\d{3} ?\d{3})\s*$/m.exec(text)?.[1])
        .find((each) => each !== undefined && !not.includes(each))
      if (code === undefined) throw new Error(`there is no new code for ${email}`)
      return code
    },
    { timeout: 60_000 },
  )
}

/** Who is signed in, as the API says it. */
export async function whoIsAt(url: string, { page }: Visitor): Promise<string | null> {
  const reply = await page.request.get(`${url}/api/v1/auth/session`)
  const { data } = (await reply.json()) as { data: { user: { email: string } | null } }
  return data.user?.email ?? null
}

/** Somebody with an authenticator: its secret, and their backup codes. */
export async function enrolAt(product: Product, person: Person) {
  const { url } = product.server
  const { accessToken } = await signIn(url, person)
  const bearer = { authorization: `Bearer ${accessToken}` }
  const given = { password: person.password }
  const setup = await post(url, '/api/v1/twofa/setup', given, bearer)
  const { secret } = ((await setup.json()) as { data: { secret: string } }).data
  const enabled = await post(url, '/api/v1/twofa/enable', { code: codeOf(secret) }, bearer)
  const { backupCodes } = ((await enabled.json()) as { data: { backupCodes: string[] } }).data
  await nextCode(product)
  return { secret, backupCodes }
}
