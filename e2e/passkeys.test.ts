/** Passkeys in a real browser, Chromium, whose authenticator is virtual and whose WebAuthn is its own. */
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testDatabase } from '../server/src/app/testing.ts'
import { codeOf } from '../server/src/features/twofa/testing.ts'
import { isBrowserHere, openBrowser, openPage } from './browser.ts'
import { register } from './person.ts'
import { type Running, dataDirectory, start } from './running.ts'

/** What pages use to talk to authenticators: the browser's side of the library, as it is loaded by a script tag. */
const webauthn = await readFile(
  fileURLToPath(
    new URL('../dist/bundle/index.umd.min.js', import.meta.resolve('@simplewebauthn/browser')),
  ),
  'utf8',
)
/** A page of ours as its script would be: it sends what the API wants of a browser, and remembers its CSRF token. */
const script = `
let csrfToken = null
globalThis.call = async (method, path, body) => {
  csrfToken ??= (await (await fetch('/api/v1/csrf-token')).json()).data.csrfToken
  const reply = await fetch('/api/v1' + path, {
    method,
    headers: { 'x-csrf-token': csrfToken, ...(body ? { 'content-type': 'application/json' } : {}) },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
  const answer = reply.status === 204 ? null : await reply.json()
  if (path === '/auth/logout') csrfToken = null
  csrfToken = answer?.data?.csrfToken ?? csrfToken
  return { status: reply.status, data: answer?.data, code: answer?.code }
}
globalThis.create = (optionsJSON) => SimpleWebAuthnBrowser.startRegistration({ optionsJSON })
globalThis.get = (optionsJSON) => SimpleWebAuthnBrowser.startAuthentication({ optionsJSON })
`

let server: Running
let browser: Browser
let page: Page
const directory = await dataDirectory()

beforeAll(async () => {
  if (!isBrowserHere) return
  const location = await testDatabase()
  server = await start({
    DATABASE_URL: location.appUrl,
    DATABASE_OWNER_URL: location.ownerUrl,
    ASHLAR_DATA_DIR: directory.path,
    RATE_LIMIT_ENABLED: 'false',
  })
  browser = await openBrowser()
  page = await openPage(browser)
  await page.goto(`${server.url}/verify-email`)
  await page.evaluate(webauthn)
  await page.evaluate(script)
}, 300_000)

afterAll(async () => {
  await browser?.close()
  await server?.stop()
  await directory.remove()
})

type Reply = { status: number; code?: string; data: ReturnType<typeof JSON.parse> }
const inPage = <T>(name: string, ...given: unknown[]): Promise<T> =>
  page.evaluate(`${name}(...${JSON.stringify(given)})`)
const post = (path: string, body?: unknown) => inPage<Reply>('call', 'POST', path, body)
const whoami = () => inPage<Reply>('call', 'GET', '/users/me')
/** What the page's authenticator answers to what a route asks. */
async function answer(kind: 'create' | 'get', path: string, body?: unknown): Promise<unknown> {
  const { status, data } = await post(path, body)
  if (status !== 200) throw new Error(`${path} answered ${status}`)
  return inPage(kind, data)
}

test.runIf(isBrowserHere)(
  'somebody adds a passkey, signs in with nothing else, and shows it as a second factor',
  async () => {
    const person = await register(server.url)
    expect((await post('/auth/login', person)).status).toBe(200)

    const passkey = await answer('create', '/auth/passkeys/options')
    const added = await post('/auth/passkeys', { name: 'This browser', passkey })
    expect(added).toMatchObject({ status: 201, data: { name: 'This browser' } })
    expect((await post('/auth/passkeys', { name: 'Again', passkey })).code).toBe(
      'auth.passkey_invalid',
    )
    // The authenticator has one of this user already, and says so.
    await expect(answer('create', '/auth/passkeys/options')).rejects.toThrow(
      /previously registered/,
    )

    expect((await post('/auth/logout')).status).toBe(204)
    expect((await whoami()).status).toBe(401)
    const signIn = { passkey: await answer('get', '/auth/passkeys/sign-in/options') }
    expect((await post('/auth/passkeys/sign-in', signIn)).status).toBe(200)
    expect((await whoami()).data.email).toBe(person.email)
    expect(await post('/auth/passkeys/sign-in', signIn)).toMatchObject({
      status: 401,
      code: 'auth.sign_in_passkey_refused',
    })

    const proof = { passkey: await answer('get', '/auth/step-up/passkey-options') }
    expect((await post('/auth/step-up', proof)).status).toBe(200)
    expect(await post('/auth/step-up', proof)).toMatchObject({ status: 403 })

    const { data: shown } = await post('/twofa/setup', { password: person.password })
    expect((await post('/twofa/enable', { code: codeOf(shown.secret) })).status).toBe(200)
    expect((await post('/auth/logout')).status).toBe(204)
    const held = await post('/auth/login', person)
    expect(held.data.methods).toContain('passkey')
    const { pendingToken } = held.data
    const second = {
      pendingToken,
      passkey: await answer('get', '/auth/login/verify-2fa/passkey-options', { pendingToken }),
    }
    expect((await whoami()).status).toBe(401)
    expect((await post('/auth/login/verify-2fa', second)).status).toBe(200)
    expect((await whoami()).data.email).toBe(person.email)
    expect((await post('/auth/login/verify-2fa', second)).status).toBe(401)

    const id = String(added.data.id)
    expect((await inPage<Reply>('call', 'DELETE', `/auth/passkeys/${id}`)).status).toBe(204)
    // It had opened this session.
    expect((await whoami()).status).toBe(401)
  },
  300_000,
)
