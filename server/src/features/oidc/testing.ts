/** Signing in with a provider, for tests: the twin as provider, and browsers that go there and come back. */
import { createHash, randomBytes } from 'node:crypto'
import {
  type Account,
  type OidcTwinOptions,
  startOidcTwin,
} from '../../../../twins/src/oidc/index.ts'
import { type Reply, startServer } from '../../app/testing.ts'
import { atEnd } from '../../app/testing-ends.ts'
import { api, cookieLinesOf, newEmail } from '../auth/testing.ts'

export type Server = Awaited<ReturnType<typeof startServer>>
export type Twin = Awaited<ReturnType<typeof startOidcTwin>>

export const publicUrl = 'http://localhost:5000'
export const browserCookie = '__Host-ashlar_oidc'
export const callbackOf = (provider: string) => `${publicUrl}${api}/oidc/${provider}/callback`
export const clientSecret = 'the secret of the client'
export const audience = 'https://api.example.test'

/** A provider on loopback, closed when the test or the file ends. */
export async function givenTwin(options: Partial<OidcTwinOptions> = {}): Promise<Twin> {
  const redirectUris = ['twin', 'other', 'github', 'cognito'].map(callbackOf)
  const clients = [{ id: 'ashlar', secret: clientSecret, redirectUris }]
  const twin = await startOidcTwin({ clients, audience, ...options })
  atEnd(() => twin.close())
  return twin
}

/** What OIDC_PROVIDERS says of a twin. */
export const entryOf = (twin: Twin, more: object = {}) => ({
  id: 'twin',
  name: 'The Twin',
  issuer: twin.issuer,
  clientId: 'ashlar',
  clientSecret,
  ...more,
})

export const environmentOf = (...entries: object[]) => ({
  PUBLIC_URL: publicUrl,
  OIDC_PROVIDERS: JSON.stringify(entries),
})

/** Somebody with an account at the twin that nobody has seen here. */
export function givenAccount(twin: Twin, account: Partial<Account> = {}): Account {
  const id = String(randomBytes(5).readUIntBE(0, 5))
  const made = { id, email: newEmail(), isEmailVerified: true, name: 'Ada Lovelace', ...account }
  twin.put(made)
  return made
}

/** A browser on its way: the address it was sent to, and the cookie it has for the way back. */
export type OnTheWay = { readonly authorizationUrl: string; readonly cookie: string }

export const addressesOf = (ways: readonly OnTheWay[]) =>
  ways.map(({ authorizationUrl }) => authorizationUrl)

export async function start(
  server: Server,
  { provider = 'twin', ...body }: { provider?: string; redirectTo?: string } = {},
): Promise<OnTheWay> {
  return onTheWay(await server.anonymous.post(`${api}/oidc/${provider}/start`, body))
}

export function onTheWay(reply: Reply): OnTheWay {
  if (reply.status !== 200) throw new Error(`start answered ${reply.status}: ${reply.text}`)
  const [, value = ''] = /^[^=]*=([^;]*)/.exec(cookieLinesOf(reply).get(browserCookie) ?? '') ?? []
  return {
    authorizationUrl: String(reply.body.data.authorizationUrl),
    cookie: `${browserCookie}=${value}`,
  }
}

/** The browser is sent back to us, with this cookie. */
export const comeBack = (server: Server, back: URL | string, cookie: string | null) => {
  const { pathname, search } = new URL(back)
  return server.anonymous.get(`${pathname}${search}`, cookie === null ? {} : { cookie })
}

/** The whole way, as somebody. */
export async function signInAs(
  server: Server,
  twin: Twin,
  account: Account,
  options: Parameters<typeof start>[1] = {},
): Promise<Reply> {
  const { authorizationUrl, cookie } = await start(server, options)
  return comeBack(server, await twin.approve(authorizationUrl, account.id), cookie)
}

/** Where an answer leads, and what is in the fragment. */
export function landingOf({ status, headers }: Reply) {
  const [address = '', fragment = ''] = String(headers['location'] ?? '').split('#')
  return { status, address, fragment: Object.fromEntries(new URLSearchParams(fragment)) }
}

/** A landing that says no. */
export const refusedWith = (code: string, address = publicUrl) => ({
  status: 303,
  address,
  fragment: { error: code },
})

/** A verifier of a client's own, with its challenge. */
export function newVerifier() {
  const codeVerifier = randomBytes(32).toString('base64url')
  return {
    codeVerifier,
    codeChallenge: createHash('sha256').update(codeVerifier).digest('base64url'),
  }
}
