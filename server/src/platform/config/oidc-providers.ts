/** What OIDC_PROVIDERS holds: a JSON list of providers, read in full or refused with the first thing that is wrong. */
import type { Complaint } from './problem.ts'
import type { ProductionRule } from './setting.ts'
import { isWellKnown } from './secret-strength.ts'

export type ProviderEntry = {
  /** In addresses: `/oidc/acme/start`. */
  readonly id: string
  /** For the button. */
  readonly name: string
  /** Compared character by character with what the provider says of itself. */
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret?: string
  readonly scopes?: readonly string[]
  /** The audience of access tokens that are accepted as bearer; without it none are. */
  readonly audience?: string
  /** Clients whose access tokens are accepted; without it, all that the issuer gives our audience to. */
  readonly clients?: readonly string[]
  /** Domains for whose addresses the provider's word is taken; without it, for all. */
  readonly emailDomains?: readonly string[]
}

/** Ids of the presets, which have settings of their own. */
const presets = ['google', 'github', 'cognito']

const rules: Readonly<Record<keyof ProviderEntry, (value: unknown) => boolean>> = {
  id: (value) => isText(value) && /^[a-z][a-z0-9-]{0,30}$/.test(value),
  name: (value) => isText(value) && value.length <= 60,
  issuer: isIssuer,
  clientId: isText,
  clientSecret: isText,
  scopes: isTexts,
  audience: isText,
  clients: isTexts,
  emailDomains: isTexts,
}
const required: readonly (keyof ProviderEntry)[] = ['id', 'name', 'issuer', 'clientId']

/** The entries; only for a text about which there is no complaint. */
export function readProviders(text: string): readonly ProviderEntry[] {
  return JSON.parse(text) as readonly ProviderEntry[]
}

export function findProviderComplaint(text: string): Complaint | undefined {
  const entries = parse(text)
  if (!Array.isArray(entries)) return complain('must be a JSON list')
  for (const [index, entry] of entries.entries()) {
    const message = findMistake(entry)
    if (message !== null) return complain(`${message} (entry ${index + 1})`)
  }
  const ids = (entries as ProviderEntry[]).map(({ id }) => id)
  const issuers = (entries as ProviderEntry[]).map(({ issuer }) => issuer)
  if (new Set(ids).size < ids.length) return complain('names two providers alike')
  if (new Set(issuers).size < issuers.length) return complain('has one issuer twice')
  return undefined
}

/** In production a provider is reached by TLS, and its client has a secret that is not in every sample. */
export function httpsProviders(): ProductionRule<string> {
  return {
    note: 'https issuers only; no sample secrets',
    complaint(text) {
      const entries = readProviders(text)
      if (entries.some(({ issuer }) => !issuer.startsWith('https://')))
        return {
          kind: 'unsafe',
          message: 'has an issuer that does not begin with https://',
          remedy: 'Use an issuer that is served over TLS: whoever is in between could be anybody',
        }
      if (entries.some(({ clientSecret }) => clientSecret && isWellKnown(clientSecret)))
        return {
          kind: 'weak',
          message: 'has a client secret that is a well-known sample value',
          remedy: 'Use the one that the provider gave you',
        }
      return undefined
    },
  }
}

function findMistake(entry: unknown): string | null {
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry))
    return 'must hold objects'
  const given = entry as Partial<Record<string, unknown>>
  const missing = required.find((name) => given[name] === undefined)
  if (missing !== undefined) return `must have ${missing}`
  const odd = Object.keys(given).find((name) => !Object.hasOwn(rules, name))
  if (odd !== undefined) return `must not have ${JSON.stringify(odd.slice(0, 40))}`
  const wrong = (Object.keys(rules) as (keyof ProviderEntry)[]).find(
    (name) => given[name] !== undefined && !rules[name](given[name]),
  )
  if (wrong !== undefined) return `must have a proper ${wrong}`
  if (presets.includes(String(given['id']))) return 'must not use the id of a preset'
  // An ID token is made for the client: it would pass for an access token.
  if (given['audience'] === given['clientId'])
    return 'must have an audience that is not the clientId'
  return null
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isIssuer(value: unknown): boolean {
  if (!isText(value) || !URL.canParse(value)) return false
  const { protocol, username, password, search, hash } = new URL(value)
  return ['http:', 'https:'].includes(protocol) && !(username || password || search || hash)
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= 2_000
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0 && value.every(isText)
}

function complain(message: string): Complaint {
  return { kind: 'invalid', message, remedy: 'See docs/sign-in-providers.md' }
}
