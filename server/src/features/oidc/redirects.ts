/** Where a browser may be sent when it comes back: our own origins and nowhere else, on success and on error alike. */
import { errors } from './errors.ts'

export type RedirectSettings = {
  /** Where it leads when nothing is asked for. */
  readonly frontendUrl: string
  readonly allowedOrigins: ReadonlySet<string>
}

const maxLength = 2_000
/** Browsers drop control characters and take a backslash for a slash; a fragment is where our answer goes. */
const odd = /[\p{Cc}\s\\#]/u
const absolute = /^https?:\/\/[^/?]+/

/** The address asked for, or the default; throws `oidc.redirect_not_allowed` (422). */
export function redirectTarget(given: string | undefined, settings: RedirectSettings): string {
  if (given === undefined) return settings.frontendUrl
  const { origin: home } = new URL(settings.frontendUrl)
  const address = given.startsWith('/') ? `${home}${given}` : given
  const isSafe = given.length <= maxLength && !odd.test(given) && !given.startsWith('//')
  if (!isSafe || !isAllowed(address, settings.allowedOrigins)) throw errors.redirect_not_allowed()
  return address
}

/** What the address says and what a browser makes of it must be the same origin. */
function isAllowed(address: string, origins: ReadonlySet<string>): boolean {
  const [spelt] = absolute.exec(address) ?? []
  if (spelt === undefined || !URL.canParse(address)) return false
  const { origin, username, password } = new URL(address)
  return origin === spelt && username === '' && password === '' && origins.has(origin)
}
