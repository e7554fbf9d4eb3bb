/**
 * Signing in with GitHub, which is OAuth 2.0 and no OpenID provider: who somebody is, is asked of its API.
 * https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps
 */
import {
  ClientSecretPost,
  Configuration,
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  customFetch,
} from 'openid-client'
import { identityOf } from './claims.ts'
import { IdentityFailure } from './failure.ts'
import type { Driver } from './index.ts'
import { fetchBounded, fetchJson } from './outgoing.ts'
import type { ProviderConfig } from './providers.ts'

const publicGithub = 'https://github.com'

export function openGithub(config: ProviderConfig): Driver {
  const { issuer } = config
  const client = clientOf(config)
  const apiUrl = issuer === publicGithub ? 'https://api.github.com' : `${issuer}/api/v3`

  async function ask(path: string, accessToken: string): Promise<unknown> {
    return fetchJson(`${apiUrl}${path}`, {
      accept: 'application/vnd.github+json',
      authorization: `Bearer ${accessToken}`,
      'user-agent': 'ashlar',
    })
  }

  return {
    issuer,
    begin: async ({ redirectUri, state, verifier }) =>
      buildAuthorizationUrl(client, {
        redirect_uri: redirectUri,
        scope: config.scopes.join(' '),
        state,
        code_challenge: await calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
      }),
    finish: async ({ redirectUri, state, verifier }, answer) => {
      const url = new URL(redirectUri)
      url.search = answer.toString()
      const { access_token: accessToken } = await authorizationCodeGrant(client, url, {
        pkceCodeVerifier: verifier,
        expectedState: state,
      })
      const user = (await ask('/user', accessToken)) as { id?: unknown; name?: unknown }
      // The number stays when the login name changes hands.
      if (!Number.isSafeInteger(user?.id))
        throw new IdentityFailure('refused', 'GitHub names nobody')
      const primary = primaryOf(await ask('/user/emails', accessToken))
      return identityOf(config, String(user.id), {
        email: primary?.email,
        email_verified: primary?.verified,
        name: user.name,
      })
    },
  }
}

function clientOf({ issuer, clientId, clientSecret }: ProviderConfig): Configuration {
  const client = new Configuration(
    {
      issuer,
      authorization_endpoint: `${issuer}/login/oauth/authorize`,
      token_endpoint: `${issuer}/login/oauth/access_token`,
    },
    clientId,
    undefined,
    ClientSecretPost(clientSecret ?? ''),
  )
  client[customFetch] = (url, init) => fetchBounded(url, init as RequestInit)
  if (issuer.startsWith('http:')) allowInsecureRequests(client)
  return client
}

type Email = { readonly email?: unknown; readonly verified?: unknown; readonly primary?: unknown }

function primaryOf(emails: unknown): Email | null {
  if (!Array.isArray(emails)) return null
  return (emails as Email[]).find((each) => each?.primary === true) ?? null
}
