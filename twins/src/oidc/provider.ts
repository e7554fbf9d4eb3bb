/** The OpenID provider itself: the certified `oidc-provider`, with one page of ours in front of it. */
import { Provider } from 'oidc-provider'
import { decodeJwt } from 'jose'
import { type Account, claimsOf } from './accounts.ts'
import type { Faults } from './faults.ts'
import { makeMemory } from './memory.ts'
import { type SigningKey, newSigningKey, sign } from './signing.ts'

export type Client = {
  id: string
  /** Null for a public client. */
  secret: string | null
  redirectUris: readonly string[]
}

export type ProviderOptions = {
  readonly issuer: string
  readonly clients: readonly Client[]
  readonly accounts: ReadonlyMap<string, Account>
  readonly keys: readonly SigningKey[]
  readonly faults: Faults
  /** Whether ID tokens carry the profile; else the userinfo endpoint has it alone. */
  readonly hasProfileInIdToken: boolean
  /** Replaces the opaque access token of the flow. */
  readonly accessTokenFor: (accountId: string, clientId: string) => Promise<string>
}

export function makeProvider(options: ProviderOptions): Provider {
  const { accounts, faults } = options
  const provider: Provider = new Provider(options.issuer, {
    clients: options.clients.map((client) => ({
      client_id: client.id,
      ...(client.secret === null ? {} : { client_secret: client.secret }),
      token_endpoint_auth_method: client.secret === null ? 'none' : 'client_secret_post',
      redirect_uris: [...client.redirectUris],
      grant_types: ['authorization_code'],
      response_types: ['code'],
    })),
    jwks: { keys: options.keys.map(({ jwk }) => jwk) },
    adapter: makeMemory(),
    cookies: { keys: ['a key of the twin'] },
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    conformIdTokenClaims: !options.hasProfileInIdToken,
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_ctx: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
    ttl: {
      AccessToken: 3600,
      AuthorizationCode: 60,
      Grant: 3600,
      IdToken: 3600,
      Interaction: 3600,
      Session: 3600,
    },
    findAccount: (_ctx: unknown, id: string) => {
      const account = accounts.get(id)
      return account && { accountId: id, claims: () => claimsOf(account) }
    },
    // Whoever clicks "sign in" on our page has agreed to everything that was asked for.
    loadExistingGrant: async (ctx: {
      oidc: {
        session: { accountId: string; grantIdFor(clientId: string): string | undefined }
        client: { clientId: string }
      }
    }) => {
      const { session, client } = ctx.oidc
      // A browser that stays signed in has one grant: a second one would end the codes of the first.
      const known = await provider.Grant.find(session.grantIdFor(client.clientId) ?? '')
      if (known) return known
      const grant = new provider.Grant({
        accountId: session.accountId,
        clientId: client.clientId,
      })
      grant.addOIDCScope('openid email profile')
      await grant.save()
      return grant
    },
  })
  provider.use(async (ctx, next) => {
    await next()
    const body = ctx.body as { id_token?: string; access_token?: string } | undefined
    if (ctx.path !== '/token' || !body?.id_token) return
    const { sub = '', aud } = decodeJwt(body.id_token)
    body.access_token = await options.accessTokenFor(sub, String(aud))
    body.id_token = await spoil(body.id_token, options.keys, faults)
  })
  return provider
}

async function spoil(
  idToken: string,
  [key]: readonly SigningKey[],
  { idTokenClaims, isForged }: Faults,
): Promise<string> {
  if (!key || (idTokenClaims === null && !isForged)) return idToken
  const claims = { ...decodeJwt(idToken), ...idTokenClaims }
  return sign(isForged ? await newSigningKey(key.kid) : key, claims)
}
