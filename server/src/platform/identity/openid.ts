/** OpenID Connect by discovery: authorization code with PKCE, state and nonce (OpenID Connect Core 3.1; RFC 9700, 2.1). */
import {
  ClientSecretPost,
  type Configuration,
  None,
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  clockTolerance,
  customFetch,
  discovery,
  fetchUserInfo,
} from 'openid-client'
import { type Claims, identityOf } from './claims.ts'
import { IdentityFailure } from './failure.ts'
import type { Driver, Identity } from './index.ts'
import { keep } from './kept.ts'
import { type Keys, openKeys } from './keys.ts'
import { fetchBounded, fetchJson } from './outgoing.ts'
import type { ProviderConfig } from './providers.ts'

export type Openid = Driver & {
  readonly keys: Keys
  /** What the userinfo endpoint says to the bearer of an access token. */
  findOwner(accessToken: string, subject: string): Promise<Identity>
}

const metadataFreshMs = 60 * 60_000
const metadataTrustedMs = 24 * 60 * 60_000
/** The ID token came from the provider itself, so that its `kid` is worth a request almost always. */
const idTokenCooldownMs = 1_000
const leewaySeconds = 30

export function openOpenid(config: ProviderConfig, clock: () => number): Openid {
  const { issuer, clientId } = config
  const kept = keep({
    load: () => discover(config),
    freshMs: metadataFreshMs,
    trustedMs: metadataTrustedMs,
    clock,
  })
  const keys = openKeys(async () => {
    const { jwks_uri: address } = (await kept.get()).serverMetadata()
    if (address === undefined) throw new Error('the provider publishes no keys')
    return fetchJson(address)
  }, clock)

  async function findClaims(accessToken: string, subject: string): Promise<Claims> {
    const client = await kept.get()
    if (client.serverMetadata().userinfo_endpoint === undefined) return {}
    // Throws when the subject is another one.
    return fetchUserInfo(client, accessToken, subject)
  }

  return {
    issuer,
    keys,
    begin: async ({ redirectUri, state, nonce, verifier }) =>
      buildAuthorizationUrl(await kept.get(), {
        redirect_uri: redirectUri,
        response_type: 'code',
        scope: config.scopes.join(' '),
        state,
        nonce,
        code_challenge: await calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
      }),
    finish: async ({ redirectUri, state, nonce, verifier }, answer) => {
      const url = new URL(redirectUri)
      url.search = answer.toString()
      const tokens = await authorizationCodeGrant(await kept.get(), url, {
        pkceCodeVerifier: verifier,
        expectedState: state,
        expectedNonce: nonce,
        idTokenExpected: true,
      })
      const { id_token: idToken = '' } = tokens
      const { payload } = await keys.verify(idToken, {
        issuer,
        audience: clientId,
        requiredClaims: ['exp', 'iat', 'sub', 'nonce'],
        cooldownMs: idTokenCooldownMs,
      })
      if (payload['nonce'] !== nonce)
        throw new IdentityFailure('refused', 'the nonce is not the one that was sent')
      const subject = subjectOf(payload)
      const said =
        payload['email'] === undefined ? await findClaims(tokens.access_token, subject) : {}
      return identityOf(config, subject, { ...said, ...payload })
    },
    findOwner: async (accessToken, subject) =>
      identityOf(config, subject, await findClaims(accessToken, subject)),
  }
}

async function discover({
  issuer,
  clientId,
  clientSecret,
}: ProviderConfig): Promise<Configuration> {
  const address = new URL(issuer)
  const found = await discovery(
    address,
    clientId,
    { [clockTolerance]: leewaySeconds },
    clientSecret === null ? None() : ClientSecretPost(clientSecret),
    {
      [customFetch]: (url, init) => fetchBounded(url, init as RequestInit),
      ...(address.protocol === 'http:' ? { execute: [allowInsecureRequests] } : {}),
    },
  )
  // Character by character: a provider that may call itself something else could pose as another.
  if (found.serverMetadata().issuer !== issuer)
    throw new IdentityFailure('refused', 'the provider calls itself something else')
  return found
}

function subjectOf({ sub }: { sub?: string | undefined }): string {
  if (typeof sub === 'string' && sub !== '' && sub.length <= 255) return sub
  throw new IdentityFailure('refused', 'the ID token names nobody')
}
