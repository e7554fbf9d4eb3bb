/** The portal, in a real browser: what people do with their own account. */
import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { Client } from 'pg'
import type { Download } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { codeOf } from '../server/src/features/twofa/testing.ts'
import { type StripeTwin, startStripeTwin } from '../twins/src/stripe/index.ts'
import { isBrowserHere } from './browser.ts'
import { type Person, post, register, signIn } from './person.ts'
import {
  type Product,
  type Visitor,
  givenAdmin,
  look,
  openProduct,
  picture,
  signInAs,
} from './product.ts'
import { freePort } from './running.ts'

const inBrowser = { timeout: 300_000, skip: !isBrowserHere }
const stripe = { key: 'sk_test_of_the_portal', secret: 'whsec_of_the_portal, long enough: 77ab20' }
let product: Product
let twin: StripeTwin
let person: Person
let visitor: Visitor

beforeAll(async () => {
  // The twin is told where the server listens, and the server where the twin does: one of the two has to choose first.
  const port = await freePort()
  twin = await startStripeTwin({
    apiKey: stripe.key,
    endpoints: [{ url: `http://localhost:${port}/api/v1/webhooks/stripe`, secret: stripe.secret }],
  })
  const opened = await openProduct({
    PORT: String(port),
    STRIPE_SECRET_KEY: stripe.key,
    STRIPE_API_URL: twin.url,
    STRIPE_WEBHOOK_SECRET: stripe.secret,
    MFA_REQUIRED_ROLES: 'super_admin',
  })
  if (opened === null) return
  product = opened
  person = await register(product.server.url)
  visitor = await arrive(person)
}, 300_000)

afterAll(async () => {
  await product?.stop()
  await twin?.close()
})

/** Somebody in a browser of their own, signed in. */
async function arrive(who: Person, locale?: string): Promise<Visitor> {
  const arrived = await product.visitor(locale)
  // Nobody has asked for another address yet.
  await signInAs(arrived, product, who)
  return arrived
}
const open = (path: string, { page }: Visitor = visitor) => page.goto(product.server.url + path)
const button = (name: string, { page }: Visitor = visitor) =>
  page.getByRole('button', { name, exact: true })
const heading = (name: string | RegExp, { page }: Visitor = visitor) =>
  page.getByRole('heading', { level: 1, name }).waitFor()
const said = (text: string | RegExp, { page }: Visitor = visitor) =>
  page.getByText(text).first().waitFor()
/** The button of the dialog, not the one that has opened it. */
const agree = (name: string, { page }: Visitor = visitor) =>
  page.getByRole('dialog').getByRole('button', { name, exact: true }).click()

type Reply = { status: number; body: ReturnType<typeof JSON.parse> }
async function ask(token: string, path: string, method = 'GET', body?: object): Promise<Reply> {
  const reply = await fetch(`${product.server.url}/api/v1${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body && { 'content-type': 'application/json', 'idempotency-key': randomUUID() }),
    },
    ...(body && { body: JSON.stringify(body) }),
  })
  return { status: reply.status, body: reply.status === 204 ? null : await reply.json() }
}
/** As if time had passed since their last code: the one that is shown now has not been used. */
async function forgetCodes(): Promise<void> {
  const client = new Client({ connectionString: product.ownerUrl })
  await client.connect()
  await client.query('update twofa_factors set last_step = 0')
  await client.end()
}
/** What the API answers to the session of the page. */
const read = async (path: string, { page }: Visitor = visitor): Promise<Reply['body']> =>
  page.evaluate(`fetch('/api/v1${path}').then((reply) => reply.json())`)
const tokenOf = async (who: Person) => (await signIn(product.server.url, who)).accessToken
/** The secret of the authenticator, from the button that copies it. */
const secretIn = (label: string | null) => (label ?? '').replace('Copy: ', '').replaceAll(' ', '')
const textOf = async (download: Download) => readFile(await download.path(), 'utf8')

test('a profile is changed, and seen by those whom its owner lets see it', inBrowser, async () => {
  const { page } = visitor
  await open('/account')
  await look(visitor, 'account')
  await page.getByLabel('Name', { exact: true }).first().fill('Grace Hopper')
  await page.getByLabel('Username').fill('amazing.grace')
  await page.getByRole('textbox', { name: 'A few words about you' }).fill('Compilers.')
  await button('Save').first().click()
  await said('Saved.')
  const token = await tokenOf(person)
  const { body } = await ask(token, '/users/me')
  expect(body.data).toMatchObject({ name: 'Grace Hopper', username: 'amazing.grace' })

  const stranger = await tokenOf(await register(product.server.url))
  const seen = () => ask(stranger, `/users/${body.data.id}`)
  expect((await seen()).body.data).toMatchObject({ name: 'Grace Hopper', email: null })
  await page.getByRole('combobox', { name: 'The profile as a whole' }).click()
  await page.getByRole('option', { name: 'Nobody but you' }).click()
  await button('Save').last().click()
  await expect.poll(async () => (await seen()).status).toBe(404)

  await page.getByLabel('Username').fill('x')
  visitor.expectRefusal('422 PATCH /api/v1/users/me')
  await button('Save').first().click()
  await expect.poll(() => page.getByLabel('Username').getAttribute('aria-invalid')).toBe('true')
})

test('a change of address waits for both mailboxes, and can be called off', inBrowser, async () => {
  const { page } = visitor
  await open('/account')
  await page.getByLabel('New e-mail address').fill('grace@example.com')
  await button('Change the address').click()
  await said('A change to grace@example.com waits')
  await page.reload()
  await said('A change to grace@example.com waits')
  await look(visitor, 'account-address')
  await button('Call the change off').click()
  await agree('Call the change off')
  await page.getByLabel('New e-mail address').waitFor()
  expect((await ask(await tokenOf(person), '/auth/email-change')).body).toEqual({ data: null })
})

test(
  'whoever is signed out elsewhere signs in again and is back where they were',
  inBrowser,
  async () => {
    const other = await arrive(person)
    await open('/account/privacy', other)
    await heading('Your data', other)
    await open('/account/sessions')
    await said('This one')
    await look(visitor, 'sessions')
    await button('Sign out everywhere else').click()
    await agree('Sign out everywhere else')
    await said('Only this session is left.')
    await expect.poll(() => button('Sign out').count()).toBe(0)

    other.expectRefusal('401 POST /api/v1/users/me/export')
    await button('Have it put together', other).click()
    await other.page.waitForURL(/\/sign-in\?to=/)
    await other.page.getByLabel(/^E-mail address or username/).fill(person.email)
    await other.page.locator('input[type=password]').fill(person.password)
    await button('Sign in', other).click()
    await heading('Your data', other)
    expect(new URL(other.page.url()).pathname).toBe('/account/privacy')
    expect(other.complaints()).toEqual([])

    await visitor.page.reload()
    await button('Sign out').click()
    await agree('Sign out')
    await said('That session is over.')
    await other.page.reload()
    await other.page.waitForURL(/\/sign-in/)
    await other.page.context().close()
  },
)

test('an API key does what it was made for, until it is revoked', inBrowser, async () => {
  const { page } = visitor
  await open('/account/api-keys')
  await said('You have no API key.')
  await button('Make a key').click()
  await page.getByLabel('What it is for').fill('The robot')
  await page.getByRole('combobox', { name: 'What it may do' }).click()
  await page.getByRole('option', { name: 'users.read_self' }).click()
  await page.keyboard.press('Escape')
  await look(visitor, 'api-keys-new')
  await agree('Make a key')
  await said('This is the key.')
  await look(visitor, 'api-keys')
  const key = (await page.locator('pre').textContent()) ?? ''
  expect((await ask(key, '/users/me')).status).toBe(200)
  expect((await ask(key, '/payments')).status).toBe(403)
  await button('I have saved it').click()
  expect(await page.getByText(key).count()).toBe(0)

  await button('Revoke').click()
  await agree('Revoke')
  await said('You have no API key.')
  await expect.poll(async () => (await ask(key, '/users/me')).status).toBe(401)
})

test(
  'what is paid on the provider’s page shows as paid, and has a receipt',
  inBrowser,
  async () => {
    const { page } = visitor
    await open('/account/payments')
    await said('You have not paid anything here yet.')
    const price = { amount: '1099', currency: 'USD', description: 'Two tickets' }
    const token = await tokenOf(person)
    const { id } = (await ask(token, '/checkout/sessions', 'POST', price)).body.data.payment
    await page.reload()
    await page.getByRole('link', { name: 'Two tickets' }).click()
    await heading('Two tickets')
    await said('Not paid yet')
    await look(visitor, 'payment-unpaid')

    await button('Pay now').click()
    await page.waitForURL(/\/c\/pay\//)
    await page.getByRole('button', { name: /visa/ }).first().click()
    await page.waitForURL(`${product.server.url}/account/payments/${id}?*`)
    await said('The money has arrived. Thank you.')
    expect((await ask(token, `/payments/${id}`)).body.data).toMatchObject({
      state: 'held',
      captured: { amount: '1099', currency: 'USD' },
    })
    expect(await button('Pay now').count()).toBe(0)
    await look(visitor, 'payment')
    await page.getByRole('link', { name: 'Receipt' }).click()
    await heading('Receipt')
    await said('US$10.99')
    await look(visitor, 'receipt')
    await page.emulateMedia({ media: 'print' })
    expect(await page.getByRole('navigation').isVisible()).toBe(false)
    await picture(page, 'receipt-printed')
    await page.emulateMedia({ media: 'screen' })
    await open('/account/payments')
    await look(visitor, 'account-payments')

    await open(`/checkout/thanks?payment=${id}`)
    await page.getByRole('link', { name: 'See what becomes of it' }).click()
    await heading('Two tickets')
    await open(`/checkout/cancelled?payment=../../admin`)
    expect(await page.getByRole('main').getByRole('link').getAttribute('href')).toBe(
      '/account/payments',
    )
  },
)

test('a payment that nobody wants any more is cancelled', inBrowser, async () => {
  const price = { amount: '500', currency: 'EUR', description: 'A mistake' }
  const token = await tokenOf(person)
  const { id } = (await ask(token, '/checkout/sessions', 'POST', price)).body.data.payment
  await open(`/account/payments/${id}`)
  await button('Cancel the payment').click()
  await agree('Cancel the payment')
  await said('Nothing was paid, and nothing will be.')
  expect((await ask(token, `/payments/${id}`)).body.data.state).toBe('cancelled')
  expect(await button('Pay now').count()).toBe(0)
})

test('an authenticator is set up, and its backup codes open the account', inBrowser, async () => {
  const { page } = visitor
  await open('/account/security')
  await look(visitor, 'security')
  await page.getByRole('link', { name: 'Set it up' }).click()
  await page.getByLabel('Your password').fill(person.password)
  await button('Begin').click()
  await page.getByRole('img', { name: /QR code/ }).waitFor()
  await look(visitor, 'authenticator-new')
  const label = await page.getByRole('button', { name: /^Copy: / }).getAttribute('aria-label')
  const secret = secretIn(label)
  visitor.expectRefusal('403 POST /api/v1/twofa/enable')
  await page.getByLabel('The six digits that the app shows').fill('000000')
  await button('Turn on').click()
  await said(/^The code is wrong/)
  await page.getByLabel('The six digits that the app shows').fill(codeOf(secret))
  await button('Turn on').click()
  await said('I have saved them')
  await look(visitor, 'backup-codes')
  expect(await button('Done').isDisabled()).toBe(true)
  const downloading = page.waitForEvent('download')
  await button('Download').click()
  const codes = (await textOf(await downloading)).trim().split('\n').slice(2)
  expect(codes).toHaveLength(10)
  await page.getByLabel('I have saved them').check()
  await button('Done').click()
  await said('Backup codes left')
  await look(visitor, 'authenticator')

  const { url } = product.server
  const held = await post(url, '/api/v1/auth/login', { ...person, mode: 'token' })
  const { pendingToken } = ((await held.json()) as Reply['body']).data
  const second = { pendingToken, backupCode: codes[0], mode: 'token' }
  const opened = await post(url, '/api/v1/auth/login/verify-2fa', second)
  expect(opened.status).toBe(200)

  await page.reload()
  await said('9')
  await button('New backup codes').click()
  await page.getByLabel('Code of the authenticator, or a backup code').fill(codes[1] ?? '')
  await agree('New backup codes')
  await said('I have saved them')
  expect(await page.getByText(codes[2] ?? '').count()).toBe(0)
})

test('a passkey is added, renamed and removed', inBrowser, async () => {
  const { page } = visitor
  await open('/account/security')
  await button('Add a passkey').click()
  await page.getByLabel('What you call it').fill('Laptop')
  await agree('Add a passkey')
  await said('The passkey is added.')
  await button('Rename').click()
  await page.getByLabel('What you call it').fill('Old laptop')
  await agree('Save')
  await said('Old laptop')
  expect((await read('/auth/passkeys')).data).toMatchObject([{ name: 'Old laptop' }])
  await look(visitor, 'security-passkey')
  await button('Remove').click()
  await agree('Remove')
  await said('You have no passkey yet.')
  expect((await read('/auth/passkeys')).data).toEqual([])
})

test('a password is changed by whoever knows it', inBrowser, async () => {
  const { page } = visitor
  await open('/account/security')
  visitor.expectRefusal('403 POST /api/v1/auth/change-password')
  await page.getByLabel('Current password').fill('not it at all')
  await page.getByLabel('New password').fill(`${person.password} and more`)
  await button('Change the password').click()
  await said('The current password is wrong.')
  await page.getByLabel('Current password').fill(person.password)
  await button('Change the password').click()
  await said('The password is changed.')
  person = { ...person, password: `${person.password} and more` }
  const login = await post(product.server.url, '/api/v1/auth/login', { ...person, mode: 'token' })
  expect(login.status).toBe(200)
})

test('activity tells what happened, and who acted in the account', inBrowser, async () => {
  const { page } = visitor
  await open('/account/activity')
  await said('The password was changed')
  await said('A passkey was added')
  await look(visitor, 'activity')
  await page.getByRole('link', { name: 'The password was changed' }).first().click()
  await page.waitForURL(/\/account\/activity\/[0-9a-f-]{36}$/)
  await heading('The password was changed')
  await page.reload()
  await said('auth.password_changed')
  await look(visitor, 'activity-entry')
  await page.getByRole('link', { name: 'Activity', exact: true }).last().click()
  await page.getByRole('link', { name: 'Who acted in your account' }).click()
  await said('Nobody has acted in your account.')
  expect((await read('/users/me/impersonations')).data).toEqual([])
  await look(visitor, 'activity-administrators')
  await open('/account/security/identities')
  await said('No other account is linked.')
  await look(visitor, 'identities')
})

test(
  'who needs a second factor is led to it; acting in an account stands above its screens',
  inBrowser,
  async () => {
    const admin = await givenAdmin(product)
    const ada = await product.visitor()
    await signInAs(ada, product, admin)
    const { page } = ada
    await page.waitForURL(/\/account\/security\/authenticator/)
    await said(/^A role of yours asks for a second factor/, ada)
    await look(ada, 'authenticator-due')
    await page.getByLabel('Your password').fill(admin.password)
    await button('Begin', ada).click()
    const label = await page.getByRole('button', { name: /^Copy: / }).getAttribute('aria-label')
    const secret = secretIn(label)
    await page.getByLabel('The six digits that the app shows').fill(codeOf(secret))
    await button('Turn on', ada).click()
    await said('I have saved them', ada)
    const backupCode =
      (await page
        .getByRole('list', { name: 'Backup codes' })
        .getByRole('listitem')
        .first()
        .textContent()) ?? ''
    await page.getByLabel('I have saved them').check()
    await button('Done', ada).click()
    await page.waitForURL(`${product.server.url}/account`)
    expect((await read('/twofa/status', ada)).data).toMatchObject({ enabled: true, required: true })

    const { url } = product.server
    const held = await post(url, '/api/v1/auth/login', { ...admin, mode: 'token' })
    const { pendingToken } = ((await held.json()) as Reply['body']).data
    const second = { pendingToken, backupCode, mode: 'token' }
    const login = await post(url, '/api/v1/auth/login/verify-2fa', second)
    const { accessToken } = ((await login.json()) as Reply['body']).data
    const owner = await tokenOf(await register(url))
    const userId = (await ask(owner, '/users/me')).body.data.id
    const wanted = { userId, reason: 'They asked for help with a payment' }
    await forgetCodes()
    const asked = await post(url, '/api/v1/admin/impersonation', wanted, {
      authorization: `Bearer ${accessToken}`,
      'x-admin-mfa-code': codeOf(secret),
    })
    const { token } = ((await asked.json()) as Reply['body']).data

    const acting = await product.visitor()
    await open('/sign-in', acting)
    await acting.page.evaluate(`(async () => {
    const { csrfToken } = (await (await fetch('/api/v1/auth/session')).json()).data
    await fetch('/api/v1/admin/impersonation/exchange', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-csrf-token': csrfToken },
      body: JSON.stringify({ token: '${token}', mode: 'cookie' }),
    })
  })()`)
    await open('/account', acting)
    await said(/^Ada is acting as /, acting)
    await said('Because: They asked for help with a payment', acting)
    expect(await acting.page.getByRole('link', { name: 'API keys' }).count()).toBe(0)
    await look(acting, 'acting')
    await button('Stop acting', acting).click()
    // Nobody is signed in in this window now: the console asks who it is.
    await acting.page.waitForURL(/\/admin|\/sign-in\?to=%2Fadmin/)
    expect((await read('/auth/session', acting)).data.user).toBe(null)
    const acted = (await ask(owner, '/users/me/impersonations')).body.data
    expect(acted).toMatchObject([{ reason: wanted.reason, endedAt: expect.any(String) }])
    await acting.page.context().close()
    await page.context().close()
  },
)

test('every screen speaks German', inBrowser, async () => {
  const german = await product.visitor()
  await german.page.context().addCookies(await visitor.page.context().cookies())
  await open('/account', german)
  await button('Language, Colours', german).click()
  await german.page.getByRole('menuitemradio', { name: 'Deutsch' }).click()
  const { id } = (await read('/payments?state=held')).data[0]
  const paths = {
    '/account': 'Profil',
    '/account/security': 'Sicherheit',
    '/account/security/authenticator': 'Authenticator',
    '/account/security/identities': 'Andere Konten',
    '/account/sessions': 'Sitzungen',
    '/account/api-keys': 'API-Schlüssel',
    '/account/activity': 'Aktivität',
    '/account/activity/administrators': 'Wer in Ihrem Konto gehandelt hat',
    '/account/payments': 'Zahlungen',
    [`/account/payments/${id}`]: 'Two tickets',
    [`/account/payments/${id}/receipt`]: 'Beleg',
    '/account/privacy': 'Ihre Daten',
  }
  for (const [path, name] of Object.entries(paths)) {
    await open(path, german)
    await german.page.getByRole('heading', { level: 1, name, exact: true }).waitFor()
    expect(await german.page.locator('html').getAttribute('lang')).toBe('de')
    await look(german, `de${path.replace(id, 'one').replaceAll('/', '-')}`)
  }
  await german.page.context().close()
})

test('an archive of one’s data is asked for and downloaded', inBrowser, async () => {
  const { page } = visitor
  await open('/account/privacy')
  await button('Have it put together').click()
  await said('Ready')
  await look(visitor, 'privacy')
  const downloading = page.waitForEvent('download')
  await button('Download').click()
  const archive = await readFile(await (await downloading).path())
  expect(archive.subarray(0, 2).toString()).toBe('PK')
})

test(
  'an account is closed by whoever types its address, and is signed out everywhere',
  inBrowser,
  async () => {
    const { page } = visitor
    await open('/account/privacy')
    await button('Close your account').click()
    const dialog = page.getByRole('dialog')
    const really = dialog.getByRole('button', { name: 'Close your account', exact: true })
    expect(await really.isDisabled()).toBe(true)
    await dialog.getByRole('textbox').fill(person.email)
    await look(visitor, 'privacy-close')
    await really.click()
    await said(/^Your account is closed/)
    await page.waitForURL(/\/sign-in/)
    const login = await post(product.server.url, '/api/v1/auth/login', { ...person, mode: 'token' })
    expect(login.status).toBe(401)
  },
)
