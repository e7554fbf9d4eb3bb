/** Rules about a single setting that hold in production only; rules between settings are in production-guard.ts. */
import { createHash } from 'node:crypto'
import type { ProductionRule, Value } from './setting.ts'
import { describeWeakness, isWellKnown, knownDefaults } from './secret-strength.ts'

const alternatives = new Intl.ListFormat('en-GB', { type: 'disjunction' })
const MAKE_A_SECRET = 'Make one with: openssl rand -base64 48'

export function required(): ProductionRule<Value> {
  return { note: 'required', isRequired: true }
}

/** For secrets of our own making: long, unguessable, not from a sample file. */
export function strongSecret(options: { isRequired?: boolean } = {}): ProductionRule<string> {
  return {
    note: `${options.isRequired ? 'required; ' : ''}at least 32 unpredictable characters`,
    isRequired: options.isRequired ?? false,
    complaint(value) {
      const message = describeWeakness(value)
      return message === undefined ? undefined : { kind: 'weak', message, remedy: MAKE_A_SECRET }
    },
  }
}

/** For `id:base64` lists: the form is checked elsewhere, here that no key was made up by hand. */
export function unpredictableKeys(): ProductionRule<readonly string[]> {
  return {
    note: 'required; unpredictable keys',
    isRequired: true,
    complaint(value) {
      const isGuessable = value.some(
        (key) => describeWeakness(key.split(':')[1] ?? '') !== undefined,
      )
      if (!isGuessable) return undefined
      const remedy = 'Make a key with: openssl rand -base64 32'
      return { kind: 'weak', message: 'holds a predictable key', remedy }
    },
  }
}

/** For secrets that others issue: any length they like, but no sample value. */
export function issuedSecret(issuer: string): ProductionRule<string> {
  return {
    note: 'no sample value',
    complaint: (value) =>
      isWellKnown(value)
        ? {
            kind: 'weak',
            message: 'is a well-known default or sample value',
            remedy: `Use the one that ${issuer} gave you`,
          }
        : undefined,
  }
}

/** A hash protects nothing when the token behind it is one that everybody tries. */
export function hashOfUnknownToken(): ProductionRule<string> {
  return {
    note: 'not the hash of a well-known token',
    complaint(value) {
      const candidates = ['', ...knownDefaults]
      const hashes = value.toLowerCase().split(',')
      const isKnown = candidates.some((token) => hashes.includes(sha256(token)))
      if (!isKnown) return undefined
      const message = 'is the hash of a well-known token'
      return { kind: 'weak', message, remedy: 'Make a token and its hash with: ashlar admin token' }
    },
  }
}

export function httpsOnly(options: { isRequired?: boolean } = {}): ProductionRule<string> {
  return {
    note: `${options.isRequired ? 'required; ' : ''}https only`,
    isRequired: options.isRequired ?? false,
    complaint: (value) => (value.startsWith('https://') ? undefined : notHttps()),
  }
}

export function httpsOnlyItems(): ProductionRule<readonly string[]> {
  return {
    note: 'https only',
    complaint: (value) =>
      value.every((item) => item.startsWith('https://')) ? undefined : notHttps(),
  }
}

export function refuse<V extends Value>(
  refused: readonly V[],
  message: string,
  remedy: string,
): ProductionRule<V> {
  return {
    note: `may not be ${alternatives.format(refused.map(String))}`,
    complaint: (value) =>
      refused.includes(value) ? { kind: 'unsafe', message, remedy } : undefined,
  }
}

/** For what only development and tests have. */
export function mustBeUnset(message: string, remedy: string): ProductionRule<Value> {
  return { note: 'must be unset', complaint: () => ({ kind: 'unsafe', message, remedy }) }
}

export function atLeast(least: number, why: string): ProductionRule<number> {
  return {
    note: `at least ${least}`,
    complaint: (value) =>
      value >= least
        ? undefined
        : {
            kind: 'weak',
            message: `is below ${least}, ${why}`,
            remedy: `Set it to ${least} or more`,
          },
  }
}

/** The database's password travels inside its URL. */
export function databaseAddress(options: { isRequired?: boolean } = {}): ProductionRule<string> {
  return {
    note: `${options.isRequired ? 'required; ' : ''}no well-known password`,
    isRequired: options.isRequired ?? false,
    complaint(value) {
      const { password } = new URL(value)
      if (password === '' || !isWellKnown(decodeText(password))) return undefined
      const message = 'has a well-known password'
      return { kind: 'weak', message, remedy: 'Give the database role a password of its own' }
    },
  }
}

/** Stripe marks its keys: live ones begin with sk_live_ or, when restricted, rk_live_. */
export function stripeLiveKey(): ProductionRule<string> {
  const sample = issuedSecret('Stripe')
  return {
    note: 'required unless PAYMENTS_ENABLED is off; a live key',
    complaint(value) {
      const remedy = 'Use the live key from the Stripe dashboard, or set PAYMENTS_ENABLED=false'
      if (/^[sr]k_test_/.test(value)) {
        return { kind: 'unsafe', message: 'is a Stripe test key', remedy }
      }
      if (!/^[sr]k_live_/.test(value)) {
        return { kind: 'invalid', message: 'is not a Stripe secret key (sk_live_…)', remedy }
      }
      return sample.complaint?.(value)
    },
  }
}

function notHttps() {
  return {
    kind: 'unsafe',
    message: 'must begin with https://',
    remedy: 'Serve it over TLS: cookies and tokens would travel readable',
  } as const
}

function sha256(value: string): string {
  return createHash('sha256').update(value).digest('hex')
}

function decodeText(encoded: string): string {
  try {
    return decodeURIComponent(encoded)
  } catch {
    return encoded
  }
}
