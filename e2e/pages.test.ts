/** The pages that mails lead to, in a real browser: what their buttons do, what they say in two languages, where they lead. */
import { Client } from 'pg'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testDatabase } from '../server/src/app/testing.ts'
import { codeOf } from '../server/src/features/twofa/testing.ts'
import { startOidcTwin } from '../twins/src/oidc/index.ts'
import { isBrowserHere, openBrowser, openPage } from './browser.ts'
import { type Person, mailsTo, post, register, signIn } from './person.ts'
import { type Running, dataDirectory, freePort, start } from './running.ts'

const ofBrowser = { timeout: 300_000 }
let server: Running
let browser: Browser
let twin: Awaited<ReturnType<typeof startOidcTwin>>
let ownerUrl: string
const directory = await dataDirectory()

beforeAll(async () => {
  if (!isBrowserHere) return
  const location = await testDatabase()
  ;({ ownerUrl } = location)
  const port = await freePort()
  twin = await startOidcTwin({
    clients: [
      {
        id: 'ashlar',
        secret: 'of the pages',
        redirectUris: [`http://localhost:${port}/api/v1/oidc/twin/callback`],
      },
    ],
    accounts: [{ id: '1', email: 'ada@example.com', isEmailVerified: true, name: 'Ada' }],
  })
  server = await start({
    PORT: String(port),
    DATABASE_URL: location.appUrl,
    DATABASE_OWNER_URL: location.ownerUrl,
    ASHLAR_DATA_DIR: directory.path,
    RATE_LIMIT_ENABLED: 'false',
    OIDC_PROVIDERS: JSON.stringify([
      {
        id: 'twin',
        name: 'the twin',
        issuer: twin.issuer,
        clientId: 'ashlar',
        clientSecret: 'of the pages',
      },
    ]),
  })
  browser = await openBrowser()
}, 300_000)

afterAll(async () => {
  await browser?.close()
  await server?.stop()
  await twin?.close()
  await directory.remove()
})

async function query<Row extends object>(text: string, values: unknown[] = []): Promise<Row[]> {
  const client = new Client({ connectionString: ownerUrl })
  await client.connect()
  try {
    return (await client.query<Row>(text, values)).rows
  } finally {
    await client.end()
  }
}

/** The newest link to a page in somebody's mailbox; waits for it. */
async function linkTo(page: string, email: string): Promise<URL> {
  const find = async () => {
    const texts = (await mailsTo(server.url, email)).map(({ text }) => text)
    return new RegExp(`http\\S*${page}\\S*#token=\\S+`).exec(texts.join('\n'))?.[0]
  }
  await expect.poll(find, { timeout: 60_000, interval: 200 }).toBeDefined()
  return new URL((await find()) ?? '')
}

const said = (page: Page) => page.locator('[role=status]')
/** Waits until the page says this. */
async function says(page: Page, text: string): Promise<void> {
  await expect.poll(() => said(page).textContent(), { timeout: 60_000 }).toContain(text)
}

/** By the sign-in of the web application, which has tests of its own (web-doors.test.ts). */
async function enter(page: Page, { email, password }: Person): Promise<void> {
  await page.goto(`${server.url}/sign-in`)
  await page.getByLabel(/^E-mail address or username/).fill(email)
  await page.locator('input[type=password]').fill(password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.waitForURL('**/account')
  expect(await whoIsIn(page)).toBe(email)
}

async function whoIsIn(page: Page): Promise<string | null> {
  const reply = await page.request.get(`${server.url}/api/v1/auth/session`)
  return (
    ((await reply.json()) as { data: { user: { email: string } | null } }).data.user?.email ?? null
  )
}

/** Where a page leads on to when it is done. */
const onward = (page: Page) => page.locator('a.onward').getAttribute('href')

describe.runIf(isBrowserHere)('in a browser', () => {
  test(
    'an address is proven by a click, in German where the browser is, and not by opening',
    ofBrowser,
    async () => {
      const email = 'new@example.com'
      const registration = { email, password: 'wharf lintel copper gannet' }
      await post(server.url, '/api/v1/auth/register', registration)
      const link = await linkTo('/verify-email', email)
      const page = await openPage(browser, 'de-DE')
      await page.goto(link.href)
      expect(page.url()).not.toContain('token')
      const verified = () =>
        query('select 1 from users_users where email = $1 and email_verified_at is not null', [
          email,
        ])
      expect(await verified()).toEqual([])
      await page.click('text=Adresse bestätigen')
      await says(page, 'Ihre Adresse ist bestätigt')
      expect(await verified()).toHaveLength(1)
      expect(await onward(page)).toBe('/sign-in')

      await page.goto(link.href.replace('#', '?lang=en#'))
      await page.click('text=Confirm my address')
      await says(page, 'not valid any more')
      await page.goto(`${server.url}/verify-email?lang=de`)
      await says(page, 'Dieser Link ist unvollständig')
    },
  )

  test(
    'a forgotten password is set anew: a weak one is refused with the reason',
    ofBrowser,
    async () => {
      const person = await register(server.url)
      const page = await openPage(browser)
      await page.goto(`${server.url}/forgot-password`)
      await page.fill('#email', person.email)
      await page.click('text=Send the link')
      await says(page, 'on its way')
      const link = await linkTo('/reset-password', person.email)
      await page.goto(link.href)
      await page.fill('#password', 'short')
      await page.click('text=Set the password')
      await says(page, 'too weak')
      await page.fill('#password', 'an entirely fresh passphrase')
      await page.click('text=Set the password')
      await says(page, 'Your password is set')
      await page.click('a.onward')
      await page.waitForURL('**/sign-in')
      await enter(page, { ...person, password: 'an entirely fresh passphrase' })
      expect((await post(server.url, '/api/v1/auth/login', person)).status).toBe(401)
    },
  )

  test(
    'a mailed link signs in where it is opened, asks for the second step in German, and leads into the application',
    ofBrowser,
    async () => {
      const person = await register(server.url)
      const { accessToken } = await signIn(server.url, person)
      const authorization = `Bearer ${accessToken}`
      const setup = await post(
        server.url,
        '/api/v1/twofa/setup',
        { password: person.password },
        { authorization },
      )
      const { secret } = ((await setup.json()) as { data: { secret: string } }).data
      const enable = { code: codeOf(secret) }
      await post(server.url, '/api/v1/twofa/enable', enable, { authorization })
      await post(server.url, '/api/v1/auth/magic-link', { email: person.email })

      const page = await openPage(browser, 'de-DE')
      await page.goto((await linkTo('/sign-in-link', person.email)).href)
      expect(await whoIsIn(page)).toBeNull()
      await page.click('main > button')
      await says(page, 'Noch ein Schritt')
      await page.fill('#code', '000000')
      await page.click('#second button:not([type])')
      await says(page, 'Dieser Code ist falsch')
      await query('update twofa_factors set last_step = 0')
      await page.fill('#code', codeOf(secret))
      await page.click('#second button:not([type])')
      await page.waitForURL('**/account')
      expect(await whoIsIn(page)).toBe(person.email)

      const other = await register(server.url)
      await post(server.url, '/api/v1/auth/magic-link', { email: other.email })
      const second = await openPage(browser)
      await second.goto((await linkTo('/sign-in-link', other.email)).href)
      await second.click('main > button')
      await second.waitForURL('**/account')
      expect(await whoIsIn(second)).toBe(other.email)
    },
  )

  test(
    'who has no password fetches their data with a passkey, and signs in with it',
    ofBrowser,
    async () => {
      const person = await register(server.url)
      const page = await openPage(browser)
      await enter(page, person)
      await page.evaluate(addPasskey)
      await page.evaluate(`postApi('/users/me/export')`)
      const [user] = await query<{ id: string }>('select id from users_users where email = $1', [
        person.email,
      ])
      await expect
        .poll(
          () =>
            query(`select 1 from privacy_exports where status = 'ready' and user_id = $1`, [
              user?.id,
            ]),
          {
            timeout: 60_000,
          },
        )
        .toHaveLength(1)
      await query('delete from auth_credentials where user_id = $1', [user?.id])
      await query(
        `update auth_sessions set proven_at = now() - interval '1 hour' where user_id = $1`,
        [user?.id],
      )
      await query('insert into platform_invalidations (topic) values ($1)', [`user:${user?.id}`])

      await expect
        .poll(
          async () => {
            await page.goto(`${server.url}/your-data`)
            await page.click('#fetch')
            await page.waitForFunction(
              `document.querySelector('[role=status]').textContent !== 'One moment…'`,
            )
            return said(page).textContent()
          },
          { timeout: 60_000 },
        )
        .toContain('Please show once more')
      expect(await page.isVisible('#password-field')).toBe(false)
      const download = page.waitForEvent('download', { timeout: 60_000 })
      await page.click('#passkey')
      expect((await download).suggestedFilename()).toBe('your-data.zip')
      await says(page, 'on its way')

      await page.context().clearCookies()
      await page.goto(`${server.url}/your-data`)
      await page.click('#fetch')
      await says(page, 'Please sign in first')
      await page.click('a.onward')
      await page.getByRole('button', { name: 'Use a passkey' }).click()
      // Back where they wanted to be.
      await page.waitForURL(`${server.url}/your-data`)
      expect(await whoIsIn(page)).toBe(person.email)
    },
  )

  test(
    'who comes from a provider alone signs in there again for their data',
    ofBrowser,
    async () => {
      const page = await openPage(browser)
      await page.goto(`${server.url}/sign-in`)
      await page.click('text=Sign in with the twin')
      await page.click('text=Sign in as Ada')
      await page.waitForURL('**/account')
      expect(await whoIsIn(page)).toBe('ada@example.com')
      await page.evaluate(`${helpers}; postApi('/users/me/export')`)
      const [user] = await query<{ id: string }>(
        `select id from users_users where email = 'ada@example.com'`,
      )
      await expect
        .poll(
          () =>
            query(`select 1 from privacy_exports where status = 'ready' and user_id = $1`, [
              user?.id,
            ]),
          {
            timeout: 60_000,
          },
        )
        .toHaveLength(1)
      await query(
        `update auth_sessions set proven_at = now() - interval '1 hour' where user_id = $1`,
        [user?.id],
      )
      await query('insert into platform_invalidations (topic) values ($1)', [`user:${user?.id}`])
      await expect
        .poll(
          async () => {
            await page.goto(`${server.url}/your-data`)
            await page.click('#fetch')
            await page.waitForFunction(
              `document.querySelector('[role=status]').textContent !== 'One moment…'`,
            )
            return said(page).textContent()
          },
          { timeout: 60_000 },
        )
        .toContain('Please show once more')
      // The twin knows this browser, and sends it straight back.
      const back = page.waitForResponse(/oidc\/twin\/callback/, { timeout: 60_000 })
      await page.click('text=Sign in again with the twin')
      expect((await back).status()).toBe(303)
      await page.waitForFunction(`document.querySelector('form')?.hidden === true`)
      const download = page.waitForEvent('download', { timeout: 60_000 })
      await page.click('#fetch')
      expect((await download).suggestedFilename()).toBe('your-data.zip')
    },
  )

  test(
    'an invitation is accepted by somebody new, and by who is signed in',
    ofBrowser,
    async () => {
      const boss = await register(server.url)
      await query(
        `insert into access_grants (user_id, role) select id, 'super_admin' from users_users where email = $1`,
        [boss.email],
      )
      const first = await signIn(server.url, boss)
      const setUp = await post(
        server.url,
        '/api/v1/twofa/setup',
        { password: boss.password },
        { authorization: `Bearer ${first.accessToken}` },
      )
      const { secret } = ((await setUp.json()) as { data: { secret: string } }).data
      const enabled = await post(
        server.url,
        '/api/v1/twofa/enable',
        { code: codeOf(secret) },
        { authorization: `Bearer ${first.accessToken}` },
      )
      const { accessToken } = ((await enabled.json()) as { data: { accessToken: string } }).data
      // As if time had passed: the code that is shown now has not been used.
      await query('update twofa_factors set last_step = 0', [])
      const invite = async (email: string) => {
        const invited = await post(
          server.url,
          '/api/v1/invitations',
          { email, role: 'editor' },
          { authorization: `Bearer ${accessToken}`, 'x-admin-mfa-code': codeOf(secret) },
        )
        expect(invited.status).toBe(201)
      }
      await invite('guest@example.com')
      const page = await openPage(browser, 'de-DE')
      await page.goto((await linkTo('/accept-invitation', 'guest@example.com')).href)
      await expect.poll(() => page.textContent('#offer'), { timeout: 60_000 }).toContain('„editor“')
      await page.fill('#password', 'an entirely fresh passphrase')
      await page.click('text=Einladung annehmen')
      await says(page, 'Willkommen')
      expect(await onward(page)).toBe('/')
      expect(await whoIsIn(page)).toBe('guest@example.com')

      const known = await register(server.url)
      await invite(known.email)
      const second = await openPage(browser)
      await enter(second, known)
      const cookies = await second.context().cookies()
      await second.goto((await linkTo('/accept-invitation', known.email)).href)
      await says(second, `You are signed in as ${known.email}`)
      await second.click('text=Accept the invitation')
      await says(second, 'the role “editor” now')
      const sessionIn = (all: typeof cookies) =>
        all.find(({ name }) => name === '__Host-ashlar_session')?.value
      expect(sessionIn(await second.context().cookies())).not.toBe(sessionIn(cookies))
      await second.click('a.onward')
      await second.waitForURL('**/account')
      expect(await whoIsIn(second)).toBe(known.email)
    },
  )

  test(
    'an address changes when both mailboxes agree, and a closed account is kept',
    ofBrowser,
    async () => {
      const person = await register(server.url)
      const page = await openPage(browser)
      await enter(page, person)
      const email = `next-${person.email}`
      await page.evaluate(`${helpers}; postApi('/auth/email-change', ${JSON.stringify({ email })})`)
      await page.goto((await linkTo('/change-email', person.email)).href)
      await page.click('button[value=confirm]')
      await says(page, 'as soon as the other mailbox')
      await page.goto((await linkTo('/change-email', email)).href)
      await page.click('button[value=confirm]')
      await says(page, 'Your address is changed')
      expect(await onward(page)).toBe('/account')

      await page.evaluate(`${helpers}; callApi('DELETE', '/users/me')`)
      const link = await linkTo('/restore-account', email)
      await page.goto(link.href)
      await page.click('text=Keep my account')
      await says(page, 'Your account is open again')
      expect(await onward(page)).toBe('/sign-in')
      await enter(page, { ...person, email })
      expect((await post(server.url, '/api/v1/auth/login', person)).status).toBe(401)
    },
  )
})

/** Calls as the page's own script makes them, under names that it does not have. */
const helpers = `
globalThis.callApi = async (method, path, body) => {
  const { csrfToken } = (await (await fetch('/api/v1/csrf-token')).json()).data
  const reply = await fetch('/api/v1' + path, {
    method,
    headers: { 'x-csrf-token': csrfToken, ...(body ? { 'content-type': 'application/json' } : {}) },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
  return (await reply.json()).data
}
globalThis.postApi = (path, body) => callApi('POST', path, body)
`
const addPasskey = `${helpers}
;(async () => {
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(await postApi('/auth/passkeys/options'))
  const credential = await navigator.credentials.create({ publicKey })
  await postApi('/auth/passkeys', { name: 'This browser', passkey: credential.toJSON() })
})()`
