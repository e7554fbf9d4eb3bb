/** The providers there are, by the settings: the presets, then those of OIDC_PROVIDERS. */
import type { Config } from '../config/index.ts'
import { readProviders } from '../config/oidc-providers.ts'

export type ProviderSettings = Pick<
  Config,
  | 'oidcProviders'
  | 'oidcGoogleClientId'
  | 'oidcGoogleClientSecret'
  | 'oidcGithubClientId'
  | 'oidcGithubClientSecret'
  | 'oidcGithubUrl'
  | 'cognitoUserPoolId'
  | 'cognitoClientId'
  | 'cognitoClientSecret'
  | 'cognitoIssuer'
>

export type ProviderConfig = {
  readonly kind: 'openid' | 'cognito' | 'github'
  readonly id: string
  readonly name: string
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string | null
  readonly scopes: readonly string[]
  /** Which access tokens are accepted as bearer; null: none. */
  readonly accepts: Acceptance | null
  /** Null: the provider's word is taken for every address. */
  readonly emailDomains: readonly string[] | null
}

/** `audience` null: the client alone decides, as Cognito's access tokens have no audience. */
export type Acceptance = {
  readonly audience: string | null
  readonly clients: readonly string[] | null
}

const openidScopes = ['openid', 'email', 'profile']
const googleIssuer = 'https://accounts.google.com'
const usual = { scopes: openidScopes, accepts: null, emailDomains: null } as const

export function providersOf(settings: ProviderSettings): readonly ProviderConfig[] {
  return [...google(settings), ...github(settings), ...cognito(settings), ...others(settings)]
}

function google(settings: ProviderSettings): ProviderConfig[] {
  const { oidcGoogleClientId: clientId, oidcGoogleClientSecret: clientSecret = null } = settings
  if (clientId === undefined) return []
  const issuer = googleIssuer
  return [
    { ...usual, kind: 'openid', id: 'google', name: 'Google', issuer, clientId, clientSecret },
  ]
}

function github(settings: ProviderSettings): ProviderConfig[] {
  const { oidcGithubClientId: clientId, oidcGithubClientSecret: clientSecret = null } = settings
  if (clientId === undefined) return []
  const issuer = settings.oidcGithubUrl
  const scopes = ['read:user', 'user:email']
  return [
    {
      ...usual,
      kind: 'github',
      id: 'github',
      name: 'GitHub',
      issuer,
      clientId,
      clientSecret,
      scopes,
    },
  ]
}

function cognito(settings: ProviderSettings): ProviderConfig[] {
  const { cognitoClientId: clientId, cognitoClientSecret: clientSecret = null } = settings
  if (settings.cognitoUserPoolId === undefined || clientId === undefined) return []
  const issuer = settings.cognitoIssuer
  const accepts = { audience: null, clients: [clientId] }
  return [
    {
      ...usual,
      kind: 'cognito',
      id: 'cognito',
      name: 'Cognito',
      issuer,
      clientId,
      clientSecret,
      accepts,
    },
  ]
}

function others({ oidcProviders }: ProviderSettings): ProviderConfig[] {
  if (oidcProviders === undefined) return []
  return readProviders(oidcProviders).map((entry) => ({
    kind: 'openid',
    id: entry.id,
    name: entry.name,
    issuer: entry.issuer,
    clientId: entry.clientId,
    clientSecret: entry.clientSecret ?? null,
    scopes: [...new Set(['openid', ...(entry.scopes ?? openidScopes)])],
    accepts:
      entry.audience === undefined
        ? null
        : { audience: entry.audience, clients: entry.clients ?? null },
    emailDomains: entry.emailDomains?.map((domain) => domain.toLowerCase()) ?? null,
  }))
}
