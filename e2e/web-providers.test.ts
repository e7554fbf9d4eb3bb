/** Accounts elsewhere, in a real browser: signing in with one, linking one, and letting go of it. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { codeOf } from '../server/src/features/twofa/testing.ts'
import { startOidcTwin } from '../twins/src/oidc/index.ts'
import { isBrowserHere } from './browser.ts'
import { alert, button, enrolAt, heading, typePassword, whoIsAt } from './doors.ts'
import { mailsTo, post, register } from './person.ts'
import { type Product, look, openProduct } from './product.ts'
import { freePort } from './running.ts'

const inBrowser = { timeout: 300_000, skip: !isBrowserHere }
let product: Product
let url: string
let twin: Awaited<ReturnType<typeof startOidcTwin>>

beforeAll(async () => {
  if (!isBrowserHere) return
  const port = await freePort()
  const client = { id: 'ashlar', secret: 'of the doors' }
  const callback = `http://localhost:${port}/api/v1/oidc/twin/callback`
  twin = await startOidcTwin({
    clients: [{ ...client, redirectUris: [callback] }],
    accounts: [
      { id: '1', email: 'grace@example.com', isEmailVerified: true, name: 'Grace' },
      { id: '2', email: 'hopper@elsewhere.example', isEmailVerified: true, name: 'Hopper' },
    ],
  })
  const provider = { id: 'twin', name: 'the twin', issuer: twin.issuer }
  const opened = await openProduct({
    PORT: String(port),
    OIDC_PROVIDERS: JSON.stringify([
      { ...provider, clientId: client.id, clientSecret: client.secret },
    ]),
  })
  if (opened === null) return
  product = opened
  ;({ url } = opened.server)
}, 300_000)

afterAll(async () => {
  await product?.stop()
  await twin?.close()
})

test(
  'a provider signs in, says no, and leads to the second step where there is one',
  inBrowser,
  async () => {
    const visitor = await product.visitor()
    const { page } = visitor
    await page.goto(`${url}/sign-in?to=%2Faccount%3Ftab%3Dx`)
    await button(page, 'Sign in with the twin').click()
    await page.click('text=No, do not sign in')
    await alert(page).getByText('You said no there').waitFor()
    expect(page.url()).not.toContain('#')
    await button(page, 'Sign in with the twin').click()
    await page.click('text=Sign in as Grace')
    await page.waitForURL('**/account?tab=x')
    expect(await whoIsAt(url, visitor)).toBe('grace@example.com')

    const person = { email: 'grace@example.com', password: 'wharf lintel copper gannet' }
    await post(url, '/api/v1/auth/forgot-password', { email: person.email })
    const token = () =>
      mailsTo(url, person.email).then((mails) =>
        mails.map(({ text }) => /reset-password\S*#token=(\S+)/.exec(text)?.[1]).find(Boolean),
      )
    await expect.poll(token, { timeout: 60_000 }).toBeDefined()
    await post(url, '/api/v1/auth/reset-password', {
      token: await token(),
      password: person.password,
    })
    const { secret } = await enrolAt(product, person)
    const other = await product.visitor()
    await other.page.goto(`${url}/sign-in`)
    await button(other.page, 'Sign in with the twin').click()
    await other.page.click('text=Sign in as Grace')
    await heading(other.page, 'One more step')
    expect(other.page.url()).not.toContain('pendingToken')
    await other.page.getByLabel('Code of the authenticator').fill(codeOf(secret))
    await button(other.page, 'Go on').click()
    await other.page.waitForURL('**/account')
    expect(await whoIsAt(url, other)).toBe(person.email)

    for (const [code, said] of [
      ['oidc.account_exists', 'There is an account with this address'],
      ['oidc.something_new', 'That did not work (oidc.something_new)'],
    ] as const) {
      const third = await product.visitor()
      await third.page.goto(`${url}/sign-in#error=${code}`)
      await alert(third.page).getByText(said).waitFor()
      expect(third.page.url()).toBe(`${url}/sign-in`)
    }
  },
)

test(
  'an account elsewhere is linked, signs in, and opens nothing once it was removed',
  inBrowser,
  async () => {
    const person = await register(url)
    const visitor = await product.visitor()
    const { page } = visitor
    await page.goto(`${url}/sign-in?to=%2Faccount%2Fsecurity%2Fidentities`)
    await typePassword(page, person)
    await heading(page, 'Other accounts')
    await page.getByText('No other account is linked.').waitFor()

    await button(page, 'Link the twin').click()
    await page.click('text=No, do not sign in')
    await alert(page).getByText('Nothing was linked').waitFor()
    await button(page, 'Link the twin').click()
    await page.click('text=Sign in as Hopper')
    await page.getByText('The account is linked.').waitFor()
    await page.getByText('hopper@elsewhere.example').waitFor()
    await look(visitor, 'identities-linked')

    const other = await product.visitor()
    await other.page.goto(`${url}/sign-in`)
    await button(other.page, 'Sign in with the twin').click()
    await other.page.click('text=Sign in as Hopper')
    await other.page.waitForURL('**/account')
    expect(await whoIsAt(url, other)).toBe(person.email)

    await page.goto(`${url}/account/security/identities`)
    await button(page, 'Remove').click()
    await page.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }).click()
    await page.getByText('No other account is linked.').waitFor()
    expect(await whoIsAt(url, other)).toBeNull()
    await other.page.goto(`${url}/sign-in`)
    await button(other.page, 'Sign in with the twin').click()
    await alert(other.page).getByText('taken off its account').waitFor()
    expect(await whoIsAt(url, other)).toBeNull()
    expect(visitor.complaints()).toEqual([])
  },
)
