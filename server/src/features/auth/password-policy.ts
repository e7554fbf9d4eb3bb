/** Which passwords are accepted: long enough, hard to guess, in no breach. No composition rules, no expiry. */
import type { Ctx } from '../../platform/context.ts'
import type { Strength } from '../../platform/passwords/index.ts'
import { errors } from './errors.ts'
import { productName } from './mail-sending.ts'

/** Longer ones are refused before anything is done with them. In characters, not bytes. */
const maxPasswordLength = 256
/** zxcvbn's 3: 10^8 guesses, more than a limiter or a stolen hash at our cost allows to be tried in useful time. */
const minScore = 3
/**
 * From so many characters on, repetition is forgiven: zxcvbn thinks that who repeats anything is found out at once, and
 * knows ten characters. Nobody starts with 64 characters of anything but the plainest patterns.
 */
const longLength = 64
const minLongGuessesLog10 = 5

/** What an attacker who means this account would try first. */
export type PasswordOwner = {
  readonly email: string
  readonly username?: string | null | undefined
  readonly name?: string | null | undefined
}

/**
 * Throws `auth.weak_password` (422), with zxcvbn's score and advice, for a password that is too short, too easy to
 * guess by somebody who knows its owner, on the list of common ones, or known from a breach. `pointer` says where in
 * the body it was.
 */
export async function requireGoodPassword(
  ctx: Ctx,
  password: string,
  owner: PasswordOwner,
  pointer = '/password',
): Promise<void> {
  const { passwordMinLength: minLength } = ctx.settings
  const length = Array.from(password).length
  if (length > maxPasswordLength)
    throw errors.weak_password({
      errors: [{ pointer, message: `has more than ${maxPasswordLength} characters` }],
    })
  const strength = await ctx.ports.strength.measure(password, wordsOf(ctx, owner))
  const refuse = (message: string, warning = strength.warning) =>
    errors.weak_password({
      errors: [{ pointer, message }],
      score: strength.score,
      feedback: { warning, suggestions: strength.suggestions },
    })
  if (length < minLength) throw refuse(`has ${length} characters; at least ${minLength} are needed`)
  if (strength.isCommon) throw refuse('is one of the passwords that everybody tries first')
  if (!isStrong(strength, length)) throw refuse('is too easy to guess')
  // Last: only what would be accepted is worth a question to somebody else.
  if ((await ctx.ports.breaches.isKnown(password)) === true)
    throw refuse('is known from a breach', 'This password was found in stolen data.')
}

const isStrong = ({ score, guessesLog10 }: Strength, length: number) =>
  score >= minScore || (length >= longLength && guessesLog10 >= minLongGuessesLog10)

/** The names of the owner and of this place, whole and in their parts. */
function wordsOf(ctx: Ctx, { email, username, name }: PasswordOwner): string[] {
  const local = email.slice(0, email.lastIndexOf('@'))
  const names = [local, username ?? '', name ?? '']
  const parts = names.flatMap((each) => each.split(/[^\p{L}\p{N}]+/u))
  const hosts = [email.slice(local.length + 1), new URL(ctx.settings.publicUrl).hostname]
  const labels = hosts.flatMap((host) => host.split('.'))
  return [...new Set([...names, ...parts, ...labels, productName])].filter((word) => word !== '')
}
