/** The doors in a real browser: the first start, making an account, and the ways of signing in that need nobody else. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { codeOf } from '../server/src/features/twofa/testing.ts'
import { isBrowserHere } from './browser.ts'
import {
  alert,
  button,
  enrolAt,
  forget,
  heading,
  newCodeFor,
  nextCode,
  queryAt,
  typePassword,
  whoIsAt,
} from './doors.ts'
import { type Person, mailsTo, post, register } from './person.ts'
import { type Product, type Visitor, look, openProduct } from './product.ts'

const inBrowser = { timeout: 300_000, skip: !isBrowserHere }
let product: Product
let url: string

beforeAll(async () => {
  const opened = await openProduct()
  if (opened === null) return
  product = opened
  ;({ url } = opened.server)
}, 300_000)

afterAll(() => product?.stop())

/** A browser of somebody's own. */
const newVisitor = (locale?: string): Promise<Visitor> => product.visitor(locale)
const codeFor = (email: string, not?: readonly string[]) => newCodeFor(url, email, not)
const whoIs = (visitor: Visitor) => whoIsAt(url, visitor)
const enrol = (person: Person) => enrolAt(product, person)

/** What a portal's own script would do: a passkey of this browser, for whoever is signed in here. */
const addPasskey = `(async () => {
  const { csrfToken } = (await (await fetch('/api/v1/auth/session')).json()).data
  const post = async (path, body) => (await (await fetch('/api/v1' + path, { method: 'POST',
    headers: { 'x-csrf-token': csrfToken, 'content-type': 'application/json' }, body: JSON.stringify(body ?? {}) })).json()).data
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(await post('/auth/passkeys/options'))
  const credential = await navigator.credentials.create({ publicKey })
  await post('/auth/passkeys', { name: 'This browser', passkey: credential.toJSON() })
})()`

test(
  'the installer’s link leads to an administrator with an authenticator, backup codes and the checklist',
  inBrowser,
  async () => {
    const visitor = await newVisitor()
    const { page } = visitor
    const link = /http\S+\/setup#token=\S+/.exec(product.server.output())?.[0] ?? ''
    await page.goto(`${url}/setup`)
    await heading(page, 'This link is incomplete, or was used already')
    await look(visitor, 'setup-incomplete')
    await page.goto('about:blank')
    await page.goto(link)
    await heading(page, 'Welcome to Ashlar')
    await look(visitor, 'setup-account')
    await page.getByLabel('Name').fill('Ada')
    await page.getByLabel('E-mail address').fill('ada@example.com')
    await page.getByLabel(/^Password/).fill('password1234')
    visitor.expectRefusal('422 POST /api/v1/admin/setup')
    await button(page, 'Create the administrator').click()
    await page.getByText('This password is too weak. It is').waitFor()
    await look(visitor, 'setup-weak-password')
    await page.reload()
    await page.getByLabel('E-mail address').fill('ada@example.com')
    await page.getByLabel(/^Password/).fill('wharf lintel copper gannet')
    await button(page, 'Create the administrator').click()
    await heading(page, 'Protect the account with an authenticator')
    expect(page.url()).toBe(`${url}/setup`)
    expect(await whoIs(visitor)).toBe('ada@example.com')
    await look(visitor, 'setup-authenticator')

    await button(page, 'Set up an authenticator').click()
    await page.getByAltText('QR code with the secret for your authenticator').waitFor()
    await look(visitor, 'setup-qr')
    const secret = ((await page.locator('code').textContent()) ?? '').replaceAll(' ', '')
    visitor.expectRefusal('403 POST /api/v1/admin/security/mfa/verify')
    const code = page.getByLabel('The six digits that the app shows')
    await code.fill(codeOf(secret, 86_400))
    await code.press('Enter')
    await alert(page).getByText('The code is wrong').waitFor()
    await code.fill(codeOf(secret))
    await code.press('Enter')
    await heading(page, 'Keep your backup codes')
    await look(visitor, 'setup-codes')
    const codes = await page.locator('li').allTextContents()
    expect(codes).toHaveLength(10)
    const download = page.waitForEvent('download')
    await button(page, 'Download').click()
    const file = await (await download).createReadStream()
    const text = (await file.toArray()).join('')
    for (const each of codes) expect(text).toContain(each)
    expect(await button(page, 'Go on to the checklist').isEnabled()).toBe(false)
    await page.getByLabel('I have saved them').check()
    visitor.expectRefusal('403 GET /api/v1/admin/checklist')
    await button(page, 'Go on to the checklist').click()
    await page.waitForURL('**/admin/checklist')
    await nextCode(product)
    await page.getByLabel('Code of the authenticator').fill(codeOf(secret))
    await button(page, 'Go on').click()
    await heading(page, 'Checklist')
    for (const [part, said] of [
      ['Mail', 'Mail is captured and reaches nobody.'],
      ['Files', 'An object was written, read and deleted.'],
      ['Signing key', 'A document was signed and verified.'],
    ] as const) {
      await button(page, `Test it: ${part}`).click()
      const section = page.getByRole('region', { name: part, exact: true })
      await section.getByText('Tested just now').waitFor()
      await section.getByText(said).waitFor()
    }
    expect((await mailsTo(url, 'ada@example.com')).length).toBeGreaterThan(0)
    await look(visitor, 'checklist')
    await page.getByRole('button', { name: /^Language/ }).click()
    await page.getByRole('menu').waitFor()
    await look(visitor, 'look-choice')
    await page.getByRole('menuitemradio', { name: 'Deutsch' }).click()
    await page.keyboard.press('Escape')
    await page.getByRole('menu').waitFor({ state: 'detached' })
    await page.getByText('Mail wird aufgefangen und erreicht niemanden.').waitFor()
    await look(visitor, 'checklist-de')
    await page.getByRole('banner').getByText('ada@example.com').click()
    await page.getByRole('menu').waitFor()
    await look(visitor, 'person-menu-de')
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: /^Sprache/ }).click()
    await page.getByRole('menuitemradio', { name: 'English' }).click()
    await page.keyboard.press('Escape')
    await heading(page, 'Checklist')

    await forget(visitor)
    await page.goto('about:blank')
    await page.goto(link)
    await page.getByLabel('E-mail address').fill('eve@example.com')
    await page.getByLabel(/^Password/).fill('wharf lintel copper gannet')
    visitor.expectRefusal('410 POST /api/v1/admin/setup')
    await button(page, 'Create the administrator').click()
    await alert(page).getByText('does not work any more').waitFor()
    expect(await whoIs(visitor)).toBeNull()

    await page.goto(`${url}/sign-in`)
    await typePassword(page, { email: 'ada@example.com', password: 'wharf lintel copper gannet' })
    await button(page, 'Use a backup code').click()
    await page.getByLabel('Backup code').fill(codes[0] ?? '')
    await page.getByLabel('Backup code').press('Enter')
    await page.waitForURL('**/admin')
    expect(await whoIs(visitor)).toBe('ada@example.com')
  },
)

test('somebody makes an account, types in the code of the mail, and is in', inBrowser, async () => {
  const visitor = await newVisitor()
  const { page } = visitor
  await page.goto(`${url}/sign-in?to=%2Faccount%3Ftab%3Dx`)
  await page.getByRole('link', { name: 'Create an account' }).click()
  await heading(page, 'Create an account')
  await look(visitor, 'register')
  await button(page, 'Create an account').click()
  await page.getByText('This is needed.').first().waitFor()
  const email = 'newcomer@example.com'
  await page.getByLabel('Name').fill('New Comer')
  await page.getByLabel('E-mail address').fill(email)
  await page.getByLabel(/^Password/).fill('newcomer')
  visitor.expectRefusal('422 POST /api/v1/auth/register')
  await button(page, 'Create an account').click()
  await page.getByText('It has 8 characters; at least').waitFor()
  await page.getByLabel(/^Password/).fill('wharf lintel copper gannet')
  await button(page, 'Create an account').click()
  await heading(page, 'Confirm your address')
  const first = await codeFor(email)
  expect(await page.getByRole('link', { name: 'mailbox' }).getAttribute('href')).toBe(
    '/dev/mailbox',
  )
  await look(visitor, 'register-code')
  visitor.expectRefusal('400 POST /api/v1/auth/verify-email')
  const code = page.getByLabel('Code of the mail')
  await code.fill(first === '123456' ? '654321' : '123456')
  await code.press('Enter')
  await alert(page).getByText('not valid any more').waitFor()
  await button(page, 'Send the mail again').click()
  await page.getByText('a new mail is on its way').waitFor()
  await code.fill(await codeFor(email, [first]))
  await code.press('Enter')
  await page.waitForURL('**/account?tab=x')
  expect(await whoIs(visitor)).toBe(email)
  expect(visitor.complaints()).toEqual([])

  // Whoever is signed in has nothing to do at the doors.
  await page.goto(`${url}/register`)
  await page.waitForURL('**/account')
  await page.goto(`${url}/sign-in`)
  await page.waitForURL('**/account')
})

test(
  'who closed the page types in code and address later, in German, and signs in',
  inBrowser,
  async () => {
    const person = { email: 'later@example.com', password: 'wharf lintel copper gannet' }
    await post(url, '/api/v1/auth/register', person)
    const visitor = await newVisitor('de-DE')
    const { page } = visitor
    await page.goto(`${url}/register`)
    await heading(page, 'Konto anlegen')
    await look(visitor, 'register-de')
    await page.getByLabel('E-Mail-Adresse').fill('schwach@example.com')
    await page.getByLabel(/^Passwort/).fill('schwach')
    visitor.expectRefusal('422 POST /api/v1/auth/register')
    await button(page, 'Konto anlegen').click()
    await page.getByText('Dieses Passwort ist zu schwach').waitFor()
    await page.getByRole('link', { name: 'Code eingeben' }).click()
    await page.reload()
    await heading(page, 'Bestätigen Sie Ihre Adresse')
    await page.getByLabel('E-Mail-Adresse').fill(person.email)
    await page.getByLabel('Code aus der Mail').fill(await codeFor(person.email))
    await look(visitor, 'register-code-de')
    await button(page, 'Adresse bestätigen').click()
    await page.waitForURL('**/sign-in')
    await page.getByText('Ihre Adresse ist bestätigt').waitFor()
    await typePassword(page, person)
    await page.waitForURL('**/account')
    expect(await whoIs(visitor)).toBe(person.email)
  },
)

test(
  'somebody signs in by password and code, in German; a device that is trusted is asked for none',
  inBrowser,
  async () => {
    const person = await register(url)
    const { secret } = await enrol(person)
    const visitor = await newVisitor('de-DE')
    const { page } = visitor
    await page.goto(`${url}/account`)
    await page.waitForURL('**/sign-in?to=*')
    await heading(page, 'Anmelden')
    await look(visitor, 'sign-in-de')
    visitor.expectRefusal('401 POST /api/v1/auth/login')
    await typePassword(page, { ...person, password: 'not it' })
    await alert(page).getByText('Name oder Passwort stimmen nicht').waitFor()
    await look(visitor, 'sign-in-refused-de')
    await typePassword(page, person)
    await heading(page, 'Noch ein Schritt')
    await look(visitor, 'sign-in-second-de')
    visitor.expectRefusal('401 POST /api/v1/auth/login/verify-2fa')
    const code = page.getByLabel('Code des Authenticators')
    await code.fill('000000')
    await code.press('Enter')
    await alert(page).getByText('Dieser Code ist falsch').waitFor()
    expect(await whoIs(visitor)).toBeNull()
    await code.fill(codeOf(secret))
    await page.getByLabel('Auf diesem Gerät 30 Tage lang nicht nach einem Code fragen').check()
    await button(page, 'Weiter').click()
    await page.waitForURL('**/account')
    expect(await whoIs(visitor)).toBe(person.email)

    const kept = await page.context().cookies()
    await forget(visitor, { name: '__Host-ashlar_session' })
    expect(kept.length).toBeGreaterThan(1)
    await page.goto(`${url}/sign-in`)
    await typePassword(page, person)
    await page.waitForURL('**/account')
    expect(visitor.complaints()).toEqual([])
  },
)

test(
  'a mailed code signs in where it was asked for, and a mailed link where it is opened',
  inBrowser,
  async () => {
    const person = await register(url)
    const visitor = await newVisitor()
    const { page } = visitor
    await page.goto(`${url}/sign-in`)
    await heading(page, 'Sign in')
    await look(visitor, 'sign-in')
    await page.getByLabel(/^E-mail address or username/).fill(person.email)
    await page.getByRole('link', { name: 'Mail me a link' }).click()
    await look(visitor, 'sign-in-mail')
    expect(await page.getByLabel('E-mail address').inputValue()).toBe(person.email)
    const proving = await codeFor(person.email)
    await button(page, 'Send the mail').click()
    await heading(page, 'Look into your mail')
    await look(visitor, 'sign-in-code')
    const mailed = await codeFor(person.email, [proving])
    visitor.expectRefusal('401 POST /api/v1/auth/magic-link/sign-in')
    const code = page.getByLabel('Code of the mail')
    await code.fill(mailed === '123456' ? '654321' : '123456')
    await code.press('Enter')
    await alert(page).getByText('not valid any more').waitFor()
    await code.fill(mailed)
    await code.press('Enter')
    await page.waitForURL('**/account')
    expect(await whoIs(visitor)).toBe(person.email)
    expect(visitor.complaints()).toEqual([])
  },
)

test(
  'a passkey signs in, is a second step, and is refused once it was removed',
  inBrowser,
  async () => {
    const person = await register(url)
    const visitor = await newVisitor()
    const { page } = visitor
    await page.goto(`${url}/sign-in`)
    await typePassword(page, person)
    await page.waitForURL('**/account')
    await page.evaluate(addPasskey)
    await forget(visitor)
    await page.goto(`${url}/sign-in`)
    await button(page, 'Use a passkey').click()
    await page.waitForURL('**/account')
    expect(await whoIs(visitor)).toBe(person.email)

    const { backupCodes } = await enrol(person)
    expect(backupCodes).toHaveLength(10)
    await forget(visitor)
    await page.goto(`${url}/sign-in`)
    await typePassword(page, person)
    await heading(page, 'One more step')
    await button(page, 'Use a passkey').click()
    await page.waitForURL('**/account')
    expect(await whoIs(visitor)).toBe(person.email)

    await queryAt(product, 'delete from auth_passkeys')
    await forget(visitor)
    await page.goto(`${url}/sign-in`)
    visitor.expectRefusal('401 POST /api/v1/auth/passkeys/sign-in')
    await button(page, 'Use a passkey').click()
    await alert(page).getByText('This passkey does not sign you in').waitFor()
    expect(await whoIs(visitor)).toBeNull()
    expect(visitor.complaints()).toEqual([])
  },
)

test(
  'a sign-in leads to where one wanted to go, and never to another place',
  inBrowser,
  async () => {
    const person = await register(url)
    const visitor = await newVisitor()
    const { page } = visitor
    await page.goto(`${url}/sign-in?to=${encodeURIComponent('/your-data')}`)
    await typePassword(page, person)
    await page.waitForURL(`${url}/your-data`)
    for (const to of [
      '//evil.example/x',
      '/\\evil.example',
      '/.//evil.example',
      'https://evil.example/',
      `${url}.evil.example/account`,
      'javascript:alert(1)',
      '/sign-in?to=/sign-in',
    ]) {
      await page.goto(`${url}/sign-in?to=${encodeURIComponent(to)}`)
      await page.waitForURL(`${url}/account`)
    }

    // Who has nothing to show but a sign-in is sent there although they are signed in.
    await page.goto(`${url}/sign-in?again=1&to=${encodeURIComponent('/your-data')}`)
    await typePassword(page, person)
    await page.waitForURL(`${url}/your-data`)
    expect(visitor.complaints()).toEqual([])
  },
)

test(
  'the pages behind mails look like the application, and its mark leads there',
  inBrowser,
  async () => {
    const visitor = await newVisitor()
    const { page } = visitor
    for (const name of ['verify-email', 'forgot-password', 'sign-in-link', 'your-data']) {
      await page.goto(`${url}/${name}#token=x`)
      await look(visitor, `page-${name}`)
    }
    await page.getByRole('link', { name: 'Ashlar' }).click()
    await page.waitForURL('**/sign-in')
    expect(visitor.complaints()).toEqual([])
  },
)
