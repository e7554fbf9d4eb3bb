/** E-mail addresses in their one canonical form, decided before anything is stored, compared or sent. */
import { errors } from './errors.ts'

/** RFC 5321: 64 for the local part, 254 in all. */
const maxLocalLength = 64
const maxLength = 254
// A deliberately small subset of RFC 5322: no quoted parts, comments, lists or display names.
const plainAddress =
  /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/
/** Zero-width and direction characters that make two addresses look like one. */
const invisible = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]/

/** The form in which an address is unique; throws `users.invalid_email` (422). */
export function canonicalEmail(given: string): string {
  const address = given.trim()
  // Compatibility forms (full-width letters, homoglyph at signs) would fold into a different, plain address.
  const isPlain = address === address.normalize('NFKC') && !invisible.test(address)
  const canonical = address.toLowerCase()
  const local = canonical.slice(0, canonical.lastIndexOf('@'))
  if (
    !isPlain ||
    canonical.length > maxLength ||
    local.length > maxLocalLength ||
    !plainAddress.test(canonical)
  )
    throw errors.invalid_email({
      errors: [{ pointer: '/email', message: 'is not an e-mail address' }],
    })
  return canonical
}

/** The canonical form, or null: for look-ups, where a bad address is simply unknown. */
export function findCanonicalEmail(given: string): string | null {
  try {
    return canonicalEmail(given)
  } catch {
    return null
  }
}
