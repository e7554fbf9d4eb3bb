/** Idempotency keys as v1 of the API has them: the first answer is kept for a day, whatever it was. */
import { StripeError, invalid } from './errors.ts'
import type { Form } from './shelf.ts'

export type KeptAnswer = { status: number; body: string; requestId: string }

export type Claim =
  | { kind: 'replay'; answer: KeptAnswer }
  | {
      kind: 'run'
      /** Execution began: this answer is the one for good. */
      keep(answer: KeptAnswer): void
      /** Nothing was executed: the key is free again. */
      release(): void
    }

export type IdempotencyKeys = { claim(key: string, fingerprint: string, now: number): Claim }

export type KeptKey = { fingerprint: string; answer: KeptAnswer | null; since: number }

export const keptSeconds = 24 * 3600
const longestKey = 255

/** One without an answer is not written down: nothing was executed under it. */
export const keyForm: Form<KeptKey> = {
  write: (entry) => (entry.answer ? entry : undefined),
  read: (entry: KeptKey) => entry,
}

export function createIdempotencyKeys(entries: Map<string, KeptKey>): IdempotencyKeys {
  return {
    claim(key, fingerprint, now) {
      const name = key.slice(key.indexOf(':') + 1)
      if (name.length > longestKey) throw invalid('Idempotency keys may have up to 255 characters.')
      const known = entries.get(key)
      if (known && now - known.since < keptSeconds) {
        if (known.fingerprint !== fingerprint) throw mismatch(name)
        if (!known.answer) throw inProgress(name)
        return { kind: 'replay', answer: known.answer }
      }
      const entry: KeptKey = { fingerprint, answer: null, since: now }
      entries.set(key, entry)
      return {
        kind: 'run',
        keep(answer) {
          entry.answer = answer
          entries.set(key, entry)
        },
        release: () => void (entries.get(key) === entry && entries.delete(key)),
      }
    },
  }
}

function mismatch(key: string): StripeError {
  return new StripeError(
    400,
    'idempotency_error',
    `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${key}' if you meant to execute a different request.`,
  )
}

export function inProgress(key: string): StripeError {
  return new StripeError(
    409,
    'idempotency_error',
    `Another request with the idempotency key '${key}' is in progress.`,
    { code: 'idempotency_key_in_use' },
  )
}
