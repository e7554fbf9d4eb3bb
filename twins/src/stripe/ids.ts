/** Ids as Stripe makes them: a prefix that tells the kind, then letters and digits. */
import { randomBytes } from 'node:crypto'

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

export function newId(prefix: string, length = 24): string {
  return `${prefix}_${randomText(length)}`
}

export function randomText(length: number): string {
  // The slight preference for the first letters harms nobody: these are not keys of anything real.
  return [...randomBytes(length)].map((byte) => alphabet[byte % alphabet.length]).join('')
}
