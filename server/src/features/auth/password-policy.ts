/** Which passwords are accepted. Length only so far: no composition rules, no truncation, no case folding. */
import { errors } from './errors.ts'

/** Longer ones are refused before hashing, so that a megabyte of password costs nothing. In characters, not bytes. */
const maxPasswordLength = 256
/** A password of this many characters is long enough to be made of few different ones. */
const longLength = 64

/** Throws `auth.weak_password` (422) for a password that is too short or made of the account's own names. */
export function requireGoodPassword(
  password: string,
  context: { minLength: number; email: string; username: string | null },
): void {
  const length = Array.from(password).length
  if (length < context.minLength)
    throw weak(`has ${length} characters; at least ${context.minLength} are needed`)
  const lower = password.toLowerCase()
  const local = context.email.slice(0, context.email.indexOf('@'))
  const own = [local, context.username ?? ''].filter((word) => word.length >= 4)
  const rest = own.reduce((text, word) => text.replaceAll(word.toLowerCase(), ''), lower)
  if (rest.length < context.minLength / 2)
    throw weak('is little more than your own name or address')
  if (length < longLength && new Set(lower).size < 5) throw weak('repeats the same few characters')
}

const weak = (message: string) =>
  errors.weak_password({ errors: [{ pointer: '/password', message }] })
