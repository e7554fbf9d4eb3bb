/** The SDK in a real browser, on a page of another origin than the server's: cookies, and tabs that share tokens. */
import { once } from 'node:events'
import { type Server, createServer } from 'node:http'
import path from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { eventually, testDatabase } from '../server/src/app/testing.ts'
import { rounds } from '../server/src/features/auth/testing.ts'
import { bundleForBrowser } from '../sdk/testing-pack.ts'
import { isBrowserHere, openBrowser } from './browser.ts'
import { type Person, register } from './person.ts'
import { type Running, dataDirectory, freePort, start } from './running.ts'

const sources = path.resolve(import.meta.dirname, '../sdk')
/** The package by its name, as the example writes it. */
const byName = {
  '@ashlar/sdk/auth': path.join(sources, 'src/generated/auth.ts'),
  '@ashlar/sdk/users': path.join(sources, 'src/generated/users.ts'),
  '@ashlar/sdk': path.join(sources, 'src/index.ts'),
}
const directory = await dataDirectory()
const port = await freePort()
const origin = `http://localhost:${port}`
/** Not in CORS_ORIGINS. */
const strange = `http://127.0.0.1:${port}`

let api: Running
let pages: Server
let browser: Browser
let person: Person

beforeAll(async () => {
  if (!isBrowserHere) return
  const location = await testDatabase()
  api = await start({
    DATABASE_URL: location.appUrl,
    DATABASE_OWNER_URL: location.ownerUrl,
    ASHLAR_DATA_DIR: directory.path,
    CORS_ORIGINS: origin,
    RATE_LIMIT_ENABLED: 'false',
  })
  person = await register(api.url)
  pages = await servePages({
    '/form.js': await bundleForBrowser(path.join(sources, 'examples/browser.ts'), byName),
    '/tabs.js': await bundleForBrowser(path.join(import.meta.dirname, 'sdk-tabs.page.ts')),
  })
  browser = await openBrowser()
}, 300_000)

afterAll(async () => {
  await browser?.close()
  pages?.closeAllConnections()
  pages?.close()
  await api?.stop()
  await directory.remove()
})

async function servePages(scripts: Record<string, string>): Promise<Server> {
  const server = createServer((request, response) => {
    const script = scripts[request.url ?? '']
    if (script !== undefined)
      return response.writeHead(200, { 'content-type': 'text/javascript' }).end(script)
    return response
      .writeHead(200, { 'content-type': 'text/html' })
      .end(
        `<!doctype html><title>Shop</title><body data-api="${api.url}"><form><input name="email"><input name="password" type="password"><button>Sign in</button></form><script type="module" src="${request.url}.js"></script>`,
      )
  }).listen(port)
  await once(server, 'listening')
  return server
}

async function openForm(at: string): Promise<Page> {
  const page = await (await browser.newContext()).newPage()
  await page.goto(`${at}/form`)
  return page
}

async function fill(page: Page, { email, password }: Person): Promise<string> {
  await page.fill('[name=email]', email)
  await page.fill('[name=password]', password)
  await page.click('button')
  return page.locator('output').last().innerText()
}

test.runIf(isBrowserHere)(
  'a page of an allowed origin signs in with a cookie that it cannot read, and changes something with its CSRF token',
  async () => {
    const page = await openForm(origin)
    expect(await fill(page, { ...person, password: 'not the password' })).toContain('wrong')
    await page.locator('output').evaluateAll((shown) => shown.forEach((one) => one.remove()))
    expect(await fill(page, person)).toBe('Hello Ada')
    const cookies = await page.context().cookies(api.url)
    expect(cookies.find(({ name }) => name === '__Host-ashlar_session')).toMatchObject({
      httpOnly: true,
      secure: true,
    })
    expect(await page.evaluate('document.cookie')).not.toContain('session')
  },
  300_000,
)

test.runIf(isBrowserHere)(
  'a page of an origin that nobody allowed gets nothing',
  async () => {
    const page = await openForm(strange)
    const failed = page.waitForEvent('pageerror')
    await page.fill('[name=email]', person.email)
    await page.fill('[name=password]', person.password)
    await page.click('button')
    expect((await failed).message).toContain('no answer')
    expect(await page.context().cookies(api.url)).not.toContainEqual(
      expect.objectContaining({ name: '__Host-ashlar_session' }),
    )
  },
  300_000,
)

test.runIf(isBrowserHere).each([
  ['with Web Locks', true],
  ['without locks', false],
])(
  'two tabs that refresh at once are never logged out (%s)',
  async (_name, hasLocks) => {
    const context = await browser.newContext()
    const tabs = [await openTab(context, hasLocks), await openTab(context, hasLocks)]
    const [first] = tabs
    if (!first) throw new Error('no tab')
    await inTab(first, 'signIn', person.email, person.password)
    const tokens = new Set([await refreshToken(first)])
    let refreshes = 0
    for (const tab of tabs)
      tab.on('request', (request) => {
        if (request.method() === 'POST' && request.url().endsWith('/auth/refresh')) refreshes += 1
      })
    for (let round = 0; round < rounds; round += 1) {
      await inTab(first, 'age')
      await settled(tabs, true)
      const seen = await Promise.all(tabs.map((tab) => inTab(tab, 'whoami')))
      expect(seen).toEqual([person.email, person.email])
      await settled(tabs, false)
      tokens.add(await refreshToken(first))
    }
    // Each round had its refresh: otherwise nothing was raced for.
    expect(tokens.size).toBe(rounds + 1)
    expect(refreshes).toBeGreaterThanOrEqual(rounds)
  },
  300_000,
)

async function openTab(context: BrowserContext, hasLocks: boolean): Promise<Page> {
  const page = await context.newPage()
  if (!hasLocks)
    await page.addInitScript("Object.defineProperty(navigator, 'locks', { value: undefined })")
  await page.goto(`${origin}/tabs`)
  await page.waitForFunction('globalThis.tab !== undefined')
  return page
}

/** Browsers tell the other tab what has been stored a moment later. A token's time, though, is over for both at once. */
async function settled(tabs: readonly Page[], isOld: boolean): Promise<void> {
  await eventually(async () => {
    const seen = await Promise.all(tabs.map((tab) => inTab(tab, 'kept')))
    return new Set(seen).size === 1 && String(seen[0]).endsWith(isOld ? ' old' : ' good')
  })
}

const inTab = (page: Page, name: string, ...given: string[]): Promise<unknown> =>
  page.evaluate(`tab.${name}(...${JSON.stringify(given)})`)
const refreshToken = async (page: Page) => String(await inTab(page, 'kept')).split(' ')[0]
