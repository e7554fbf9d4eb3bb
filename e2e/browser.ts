/** Chromium for tests, with an authenticator of its own that always agrees. */
import { existsSync } from 'node:fs'
import { type Browser, type Page, chromium } from 'playwright-core'

/** As Debian names them. The first has no windows to draw, which a fifth of the time goes into. */
const found = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium'].find((path) =>
  existsSync(path),
)
export const isBrowserHere = found !== undefined
if (!isBrowserHere && process.env['REQUIRE_SERVICES'] === '1')
  throw new Error('neither chromium-headless-shell nor chromium is installed')
if (!isBrowserHere)
  process.stderr.write('pages are not tested in a browser: chromium is not installed\n')

const flags = [
  '--headless=new',
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export const openBrowser = (): Promise<Browser> =>
  chromium.launch({ executablePath: found ?? '', args: flags })

/** A page of a new browser profile, and an authenticator that is its own. */
export async function openPage(browser: Browser, locale = 'en-GB'): Promise<Page> {
  const page = await (await browser.newContext({ locale })).newPage()
  const devtools = await page.context().newCDPSession(page)
  await devtools.send('WebAuthn.enable')
  await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
  return page
}
