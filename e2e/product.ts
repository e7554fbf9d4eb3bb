/** The product in a browser: a server of its own, people who use it, and an eye on everything that goes wrong meanwhile. */
import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, Page, Request } from 'playwright-core'
import { expect, vi } from 'vitest'
import { testDatabase } from '../server/src/app/testing.ts'
import { isBrowserHere, openBrowser, openPage } from './browser.ts'
import { type Person, post } from './person.ts'
import { type Environment, type Running, dataDirectory, start } from './running.ts'

/** WCAG 2.2 AA. */
const wcag = {
  type: 'tag',
  values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
} as const
const colours = { type: 'rule', values: ['color-contrast'] } as const

/** In the page itself: its frames are the mails of others. What is right is not listed, which would take most of the time. */
const axeOf = (page: Page, runOnly: typeof wcag | typeof colours) =>
  new AxeBuilder({ page })
    .options({ resultTypes: ['violations'], runOnly: { ...runOnly, values: [...runOnly.values] } })
    .setLegacyMode()

/** With SCREENS=1 pictures of every screen are kept here, for people to look at; git ignores them. */
const pictures = path.resolve(import.meta.dirname, 'screens')
const isPictured = process.env['SCREENS'] === '1'
/** A screen that has asked for nothing for so long has what it wants; one question follows another at once. */
const quietMs = 150
const quietWithinMs = 30_000

export type Product = {
  readonly server: Running
  readonly browser: Browser
  readonly ownerUrl: string
  /** A browser of somebody's own, with an authenticator for passkeys. */
  visitor(locale?: string): Promise<Visitor>
  stop(): Promise<void>
}

export type Visitor = {
  readonly page: Page
  /** Resolves when nothing that the page has asked for is on its way any more. */
  readonly quiet: () => Promise<void>
  /** What the browser complained of, and every request that failed, since the last look. */
  readonly complaints: () => readonly string[]
  /** What follows is refused on purpose: `401 POST /api/v1/auth/login`. */
  expectRefusal(refusal: string): void
}

/** Null where no browser is installed; the tests are skipped then, with a line saying so (browser.ts). */
export async function openProduct(environment: Environment = {}): Promise<Product | null> {
  if (!isBrowserHere) return null
  const location = await testDatabase()
  const directory = await dataDirectory()
  const server = await start({
    DATABASE_URL: location.appUrl,
    DATABASE_OWNER_URL: location.ownerUrl,
    ASHLAR_DATA_DIR: directory.path,
    RATE_LIMIT_ENABLED: 'false',
    ...environment,
  })
  const browser = await openBrowser()
  return {
    server,
    browser,
    ownerUrl: location.ownerUrl,
    visitor: async (locale) => watch(await openPage(browser, locale)),
    stop: async () => {
      await browser.close()
      await server.stop()
      await directory.remove()
    },
  }
}

function watch(page: Page): Visitor {
  const found: string[] = []
  const expected = new Set<string>()
  const asked = new Set<Request>()
  let changedAt = Date.now()
  page.on('request', (request) => {
    asked.add(request)
    changedAt = Date.now()
  })
  const answered = (request: Request) => {
    asked.delete(request)
    changedAt = Date.now()
  }
  page.on('requestfinished', answered)
  page.on('requestfailed', answered)
  page.on('pageerror', (error) => found.push(`error: ${error.message}`))
  page.on('console', (message) => {
    // The browser says of each refused request what `response` tells more exactly.
    const isEcho = message.text().startsWith('Failed to load resource')
    if (['error', 'warning'].includes(message.type()) && !isEcho)
      found.push(`console: ${message.text()}`)
  })
  page.on('requestfailed', (request) => {
    // A page that is left drops what it was still asking for.
    if (request.failure()?.errorText !== 'net::ERR_ABORTED') found.push(`failed: ${request.url()}`)
  })
  page.on('response', (response) => {
    const refusal = `${response.status()} ${response.request().method()} ${new URL(response.url()).pathname}`
    if (response.status() >= 400 && !expected.has(refusal)) found.push(refusal)
  })
  return {
    page,
    quiet: async () => {
      const until = Date.now() + quietWithinMs
      while (asked.size > 0 || Date.now() - changedAt < quietMs) {
        if (Date.now() > until)
          throw new Error(`never answered: ${Array.from(asked, (each) => each.url()).join(', ')}`)
        await pause(25)
      }
    },
    complaints: () => found.splice(0),
    expectRefusal: (refusal) => expected.add(refusal),
  }
}

const told = ({ html, failureSummary = '' }: { html: string; failureSummary?: string }) =>
  `${html.slice(0, 160)} (${failureSummary.replaceAll(/\s+/g, ' ')})`

/**
 * A whole look at the screen that is shown: nothing was complained of, axe finds nothing (WCAG 2.2 AA), in light and in
 * dark, and at 360 px nothing sticks out.
 */
export async function look({ page, complaints, quiet }: Visitor, name: string): Promise<void> {
  // A window behind another one draws once a second.
  await page.bringToFront()
  await quiet()
  for (const scheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' })
    await settle(page)
    // In the dark only the colours are others.
    const { violations } = await axeOf(page, scheme === 'dark' ? colours : wcag).analyze()
    const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(told).join(' | ')}`)
    expect(found, `${name}, ${scheme}`).toEqual([])
    await picture(page, `${name}-${scheme}`)
  }
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
  await seeNarrow(page, name)
  expect(complaints(), name).toEqual([])
}

/** A short look, at what has been looked at as a whole in another language: words are longer there, and nothing may stick out. */
export async function glance({ page, complaints, quiet }: Visitor, name: string): Promise<void> {
  await page.bringToFront()
  await quiet()
  await picture(page, `${name}-light`)
  await seeNarrow(page, name)
  expect(complaints(), name).toEqual([])
}

/** Where pictures are wanted: see above. */
export async function picture(page: Page, name: string): Promise<void> {
  if (!isPictured) return
  await mkdir(pictures, { recursive: true })
  await page.screenshot({ path: path.join(pictures, `${name}.png`), fullPage: true })
}

/** Colours and menus that are on their way have arrived, and the page is at its beginning. */
async function settle(page: Page): Promise<void> {
  await page.evaluate(`(async () => {
    scrollTo(0, 0)
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
    const ending = document.getAnimations().filter((one) => one.effect.getComputedTiming().iterations !== Infinity)
    await Promise.allSettled(ending.map((one) => one.finished))
  })()`)
}

async function seeNarrow(page: Page, name: string): Promise<void> {
  const size = page.viewportSize()
  await page.setViewportSize({ width: 360, height: 740 })
  const overhang = () =>
    page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')
  // Tables and menus measure the new width before they fit into it.
  await expect.poll(overhang, { message: `${name} at 360 px`, timeout: 10_000 }).toBe(0)
  await settle(page)
  await picture(page, `${name}-360`)
  if (size) await page.setViewportSize(size)
}

/** The first administrator, made by the link that the start has printed. */
export async function givenAdmin({ server }: Product): Promise<Person> {
  const admin = { email: 'ada@example.com', password: 'correct horse battery staple 9' }
  const link = /setup#token=(\S+)/
  await vi.waitFor(() => expect(server.output()).toMatch(link), { timeout: 30_000 })
  const token = link.exec(server.output())?.[1]
  const made = await post(server.url, '/api/v1/admin/setup', { token, name: 'Ada', ...admin })
  if (made.status !== 201) throw new Error(`setup: ${made.status} ${await made.text()}`)
  return admin
}

/** By the page, with a password. */
export async function signInAs(
  { page }: Visitor,
  { server }: Product,
  person: Person,
): Promise<void> {
  await page.goto(`${server.url}/sign-in`)
  await page.getByLabel(/^E-mail address or username/).fill(person.email)
  await page.locator('input[type=password]').fill(person.password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.waitForURL(({ pathname }) => /^[/](?:account|admin)(?:[/]|$)/.test(pathname))
}
