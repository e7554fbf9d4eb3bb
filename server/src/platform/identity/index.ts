/** Identity providers: the outside world that says who somebody is. The front door; rooms reach it as `ctx.ports.identity`. */
import { openAccessTokens } from './access-tokens.ts'
import { IdentityFailure } from './failure.ts'
import { openGithub } from './github.ts'
import { openOpenid } from './openid.ts'
import { type ProviderSettings, providersOf } from './providers.ts'

export { IdentityFailure } from './failure.ts'
export type { ProviderSettings } from './providers.ts'

/** Who somebody is to a provider. `issuer` and `subject` together are the identity; an e-mail address never is. */
export type Identity = {
  readonly issuer: string
  readonly subject: string
  readonly email: string | null
  /** The provider says that the address was proven, and its word is taken for this address. */
  readonly isEmailVerified: boolean
  readonly name: string | null
}

/** What both halves of one sign-in must agree on. */
export type Attempt = {
  readonly redirectUri: string
  readonly state: string
  readonly nonce: string
  /** Of PKCE (RFC 7636), S256. */
  readonly verifier: string
}

/** An access token of a provider, verified. */
export type ForeignToken = {
  readonly providerId: string
  readonly issuer: string
  readonly subject: string
  /** Which sign-in at the provider it stems from: tokens of one sign-in have it in common. */
  readonly signInId: string
  /** When nobody needs to know that id any more: at the token's end if it is the token's own, else never (null). */
  readonly forgetAt: Date | null
}

export type Provider = {
  readonly id: string
  readonly name: string
  readonly issuer: string
}

export type IdentityProviders = {
  readonly list: readonly Provider[]
  /** Where the browser goes; throws IdentityFailure when the provider cannot be reached. */
  begin(providerId: string, attempt: Attempt): Promise<URL>
  /** Who came back with these parameters; throws IdentityFailure for anything but a proven identity. */
  finish(providerId: string, attempt: Attempt, answer: URLSearchParams): Promise<Identity>
  /** Null for a token that is not a current access token made for us by one of the providers. */
  verifyAccessToken(token: string): Promise<ForeignToken | null>
  /** Asks the provider whose token it is; throws IdentityFailure. */
  findOwner(verified: ForeignToken, token: string): Promise<Identity>
}

/** One way of talking to a provider. */
export type Driver = Pick<Provider, 'issuer'> & {
  begin(attempt: Attempt): Promise<URL>
  finish(attempt: Attempt, answer: URLSearchParams): Promise<Identity>
}

export type IdentityOptions = {
  readonly settings: ProviderSettings
  /** Told when a provider does not answer, or answers nonsense. */
  readonly onFailure: (providerId: string, failure: IdentityFailure) => void
  /** Milliseconds since 1970; for tests. */
  readonly clock?: () => number
}

export function openIdentityProviders(options: IdentityOptions): IdentityProviders {
  const { onFailure, clock = Date.now } = options
  const configs = providersOf(options.settings)
  const openids = configs
    .filter(({ kind }) => kind !== 'github')
    .map((config) => ({ id: config.id, config, driver: openOpenid(config, clock) }))
  const drivers = new Map<string, Driver>([
    ...openids.map(({ id, driver }) => [id, driver] as const),
    ...configs
      .filter(({ kind }) => kind === 'github')
      .map((config) => [config.id, openGithub(config)] as const),
  ])
  const accessTokens = openAccessTokens(openids)

  const driverOf = (id: string): Driver => {
    const driver = drivers.get(id)
    if (!driver) throw new Error(`there is no provider ${id}`)
    return driver
  }
  async function watched<T>(id: string, work: Promise<T>): Promise<T> {
    try {
      return await work
    } catch (error) {
      const failure = IdentityFailure.of(error)
      if (failure.reason !== 'denied') onFailure(id, failure)
      throw failure
    }
  }
  return {
    list: configs.map(({ id, name, issuer }) => ({ id, name, issuer })),
    begin: (id, attempt) => watched(id, driverOf(id).begin(attempt)),
    finish: (id, attempt, answer) => watched(id, driverOf(id).finish(attempt, answer)),
    verifyAccessToken: (token) =>
      accessTokens.verify(token, (id, error) => onFailure(id, IdentityFailure.of(error))),
    findOwner: (verified, token) =>
      watched(verified.providerId, accessTokens.findOwner(verified, token)),
  }
}
