/** Addresses that somebody asks a browser to be sent to: our own origins and nowhere else. */

const maxLength = 2_000
/** Browsers drop control characters and take a backslash for a slash; a fragment is where answers of ours go. */
const odd = /[\p{Cc}\s\\#]/u
const absolute = /^https?:\/\/[^/?]+/

/**
 * The address in full, or null when it leads elsewhere: what it says and what a browser makes of it must be the same
 * origin, and one of ours. A path is below `home`.
 */
export function ownAddress(
  given: string,
  { home, origins }: { readonly home: string; readonly origins: ReadonlySet<string> },
): string | null {
  const address = given.startsWith('/') ? `${new URL(home).origin}${given}` : given
  const isSafe = given.length <= maxLength && !odd.test(given) && !given.startsWith('//')
  return isSafe && isAllowed(address, origins) ? address : null
}

function isAllowed(address: string, origins: ReadonlySet<string>): boolean {
  const [spelt] = absolute.exec(address) ?? []
  if (spelt === undefined || !URL.canParse(address)) return false
  const { origin, username, password } = new URL(address)
  return origin === spelt && username === '' && password === '' && origins.has(origin)
}
