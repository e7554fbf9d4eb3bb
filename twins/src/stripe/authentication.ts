/** Who may ask: whoever has the secret key, as a bearer token or as the user of basic authentication. */
import { timingSafeEqual } from 'node:crypto'
import { unauthorized } from './errors.ts'

export function checkKey(header: string | undefined, apiKey: string): void {
  const given = keyOf(header ?? '')
  if (given === '')
    throw unauthorized(
      "You did not provide an API key. You need to provide it in the Authorization header, as 'Bearer YOUR_SECRET_KEY'.",
    )
  if (!isSame(given, apiKey)) throw unauthorized(`Invalid API Key provided: ${masked(given)}`)
}

/** A twin that answers to a key of real money would be a trap. */
export function refuseLiveKey(apiKey: string): void {
  if (/^sk_test_\w+$/.test(apiKey)) return
  throw new Error('The Stripe twin takes keys that begin with sk_test_ only.')
}

function keyOf(header: string): string {
  const [scheme = '', value = ''] = header.split(' ', 2)
  if (scheme.toLowerCase() === 'bearer') return value
  if (scheme.toLowerCase() !== 'basic') return ''
  return Buffer.from(value, 'base64').toString().split(':')[0] ?? ''
}

function isSame(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}

function masked(key: string): string {
  return `${key.slice(0, 8)}${'*'.repeat(Math.max(key.length - 12, 0))}${key.slice(-4)}`
}
