/** The OIDC twin: a real OpenID provider on loopback, with GitHub's and Cognito's shapes, that misbehaves on request. */
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { type JWTPayload, createLocalJWKSet, jwtVerify } from 'jose'
import { type Account, claimsOf } from './accounts.ts'
import { type Faults, type Trouble, noFaults, slowMs } from './faults.ts'
import { type Reply, openGithub } from './github.ts'
import { contentSecurityPolicy, renderPage } from './page.ts'
import { type Client, makeProvider } from './provider.ts'
import { type SigningKey, newSigningKey, publicPartOf, sign } from './signing.ts'
import { type Cookies, visit } from './visitor.ts'

export type { Account } from './accounts.ts'
export type { Faults } from './faults.ts'
export type { Client } from './provider.ts'

export type OidcTwinOptions = {
  clients: readonly Client[]
  accounts?: readonly Account[]
  /** What access tokens look like: as RFC 9068 has them, or as Cognito makes them. */
  shape?: 'generic' | 'cognito'
  /** The audience of access tokens of the generic shape. */
  audience?: string
  hasProfileInIdToken?: boolean
  /** A free port by default. */
  port?: number
  /** The loopback address by default: this twin is not for the open network. */
  host?: string
}

export type OidcTwin = {
  readonly issuer: string
  readonly faults: Faults
  /** Adds an account, or replaces the one with this id. */
  put(account: Account): void
  /** What a person does: sign in as somebody; returns where the browser is sent back to. */
  approve(authorizationUrl: string, accountId: string): Promise<URL>
  /** As `approve`, many times in one browser: once somebody is signed in there, no page is shown any more. */
  approveEach(authorizationUrls: readonly string[], accountId: string): Promise<URL[]>
  deny(authorizationUrl: string): Promise<URL>
  /** An access token of an account, as the flow would give it, with these claims changed. */
  accessToken(accountId: string, claims?: Readonly<Record<string, unknown>>): Promise<string>
  /** Signs anything with the current key. */
  sign(claims: JWTPayload, header?: Readonly<Record<string, unknown>>): Promise<string>
  /** From now on tokens are signed with a new key; the old one leaves the key set. */
  rotateKeys(): Promise<void>
  keySet(): { keys: ReturnType<typeof publicPartOf>[] }
  /** How often a path was asked for. */
  requests(path: string): number
  close(): Promise<void>
}

const tokenSeconds = 3600

export async function startOidcTwin(options: OidcTwinOptions): Promise<OidcTwin> {
  const { clients, shape = 'generic', audience = 'https://api.example.test' } = options
  const host = options.host ?? '127.0.0.1'
  const accounts = new Map((options.accounts ?? []).map((account) => [account.id, account]))
  const faults = noFaults()
  const github = openGithub(clients, accounts)
  const counts = new Map<string, number>()
  let key = await newSigningKey('twin-1')
  let serve: (request: IncomingMessage, response: ServerResponse) => Promise<void>

  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://twin')
    counts.set(pathname, (counts.get(pathname) ?? 0) + 1)
    serve(request, response).catch((error: unknown) => {
      if (!response.headersSent) response.writeHead(500, { 'content-type': 'text/plain' })
      response.end(String(error))
    })
  })
  server.listen(options.port ?? 0, host)
  await once(server, 'listening')
  const issuer = `http://${host}:${portOf(server)}`

  const accessTokenOf = (accountId: string, clientId: string, changed = {}) => {
    const now = Math.floor(Date.now() / 1000)
    const usual = {
      sub: accountId,
      iss: issuer,
      iat: now,
      exp: now + tokenSeconds,
      jti: randomUUID(),
    }
    const cognito = {
      client_id: clientId,
      token_use: 'access',
      origin_jti: randomUUID(),
      event_id: randomUUID(),
      auth_time: now,
      username: accountId,
      scope: 'openid email',
    }
    const generic = { aud: audience, client_id: clientId, sid: randomUUID(), scope: 'openid email' }
    const claims = { ...usual, ...(shape === 'cognito' ? cognito : generic), ...changed }
    return sign(key, claims, shape === 'cognito' ? {} : { typ: 'at+jwt' })
  }

  function useKey(next: SigningKey): void {
    key = next
    const provider = makeProvider({
      issuer,
      clients,
      accounts,
      keys: [next],
      faults,
      hasProfileInIdToken: options.hasProfileInIdToken ?? true,
      accessTokenFor: accessTokenOf,
    })
    const answer = provider.callback()
    serve = async (request, response) => {
      const url = new URL(request.url ?? '/', issuer)
      const trouble = troubleAt(faults, url.pathname)
      if (trouble === 'slow') await pause(slowMs)
      if (trouble !== 'none') return send(response, { status: 500, body: 'told to fail' })
      if (url.pathname.startsWith('/.well-known/') && faults.issuer !== null)
        return send(response, json({ issuer: faults.issuer, jwks_uri: `${issuer}/jwks` }))
      if (url.pathname === '/me') return send(response, await userinfo(request))
      const interaction = /^\/interaction\/[\w-]+$/.test(url.pathname)
      const isGithub = /^\/(?:login\/oauth|api\/v3)\//.test(url.pathname)
      if (isGithub) {
        const form = await formOf(request)
        const { authorization } = request.headers
        const reply = github.answer(request.method ?? '', url, form, authorization)
        return send(response, reply ?? { status: 404, body: 'there is nothing here' })
      }
      if (!interaction) return answer(request, response)
      const details = await provider.interactionDetails(request, response)
      if (request.method !== 'POST') {
        const client = String(details.params['client_id'])
        return send(response, page(renderPage(url.pathname, client, accounts.values())))
      }
      const accountId = (await formOf(request)).get('account') ?? ''
      return provider.interactionFinished(
        request,
        response,
        accountId === '' ? { error: 'access_denied' } : { login: { accountId } },
      )
    }
  }

  async function userinfo(request: IncomingMessage): Promise<Reply> {
    const token = request.headers.authorization?.replace(/^Bearer /, '') ?? ''
    const found = await jwtVerify(token, createLocalJWKSet({ keys: [publicPartOf(key)] })).catch(
      () => null,
    )
    const account = accounts.get(found?.payload.sub ?? '')
    return account
      ? json(claimsOf(account, shape === 'cognito'))
      : { status: 401, body: 'no such token' }
  }
  useKey(key)

  const [client] = clients
  return {
    issuer,
    faults,
    put: (account) => void accounts.set(account.id, account),
    approve: (authorizationUrl, accountId) => visit(issuer, authorizationUrl, accountId),
    approveEach: async ([first, ...others], accountId) => {
      if (first === undefined) return []
      const cookies: Cookies = new Map()
      const back = await visit(issuer, first, accountId, cookies)
      const rest = others.map((url) => visit(issuer, url, accountId, cookies))
      return [back, ...(await Promise.all(rest))]
    },
    deny: (authorizationUrl) => visit(issuer, authorizationUrl, null),
    accessToken: (accountId, claims) => accessTokenOf(accountId, client?.id ?? '', claims),
    sign: (claims, header) => sign(key, claims, header),
    rotateKeys: async () => useKey(await newSigningKey(`twin-${randomUUID()}`)),
    keySet: () => ({ keys: [publicPartOf(key)] }),
    requests: (path) => counts.get(path) ?? 0,
    close: async () => {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

function troubleAt(faults: Faults, path: string): Trouble {
  if (path.startsWith('/.well-known/')) return faults.discovery
  if (path === '/jwks') return faults.jwks
  if (path === '/token' || path === '/login/oauth/access_token') return faults.token
  return path === '/me' || path.startsWith('/api/v3/') ? faults.userinfo : 'none'
}

async function formOf(request: IncomingMessage): Promise<URLSearchParams> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  return new URLSearchParams(Buffer.concat(parts).toString())
}

function send(
  response: ServerResponse,
  { status, type = 'text/plain', body, location }: Reply,
): void {
  response.writeHead(status, {
    'content-type': type,
    'cache-control': 'no-store',
    'content-security-policy': contentSecurityPolicy,
    ...(location === undefined ? {} : { location }),
  })
  response.end(body ?? '')
}

const json = (body: unknown): Reply => ({
  status: 200,
  type: 'application/json',
  body: JSON.stringify(body),
})
const page = (body: string): Reply => ({ status: 200, type: 'text/html; charset=utf-8', body })

function portOf(server: Server): number {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The twin has no port.')
  return address.port
}
