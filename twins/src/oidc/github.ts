/** GitHub as an OAuth app sees it: web flow with PKCE, `/user` and `/user/emails`; 200 for errors, as GitHub does. */
import { createHash, randomBytes } from 'node:crypto'
import type { Account } from './accounts.ts'
import { renderPage } from './page.ts'
import type { Client } from './provider.ts'

export type Reply = {
  readonly status: number
  readonly type?: string
  readonly body?: string
  readonly location?: string
}

type Grant = { accountId: string; challenge: string | null; redirectUri: string; clientId: string }

export function openGithub(clients: readonly Client[], accounts: ReadonlyMap<string, Account>) {
  const codes = new Map<string, Grant>()
  const tokens = new Map<string, string>()
  const accountOf = (authorization: string | undefined) =>
    accounts.get(tokens.get(authorization?.replace(/^Bearer /, '') ?? '') ?? '')

  function authorize(query: URLSearchParams): Reply {
    const client = clients.find(({ id }) => id === query.get('client_id'))
    const redirectUri = query.get('redirect_uri') ?? ''
    if (!client?.redirectUris.includes(redirectUri)) return { status: 404, body: 'no such app' }
    return page(
      renderPage('/login/oauth/decide', client.id, accounts.values(), Object.fromEntries(query)),
    )
  }

  function decide(form: URLSearchParams): Reply {
    const back = new URL(form.get('redirect_uri') ?? 'about:blank')
    back.searchParams.set('state', form.get('state') ?? '')
    const accountId = form.get('account') ?? ''
    if (accountId === '') back.searchParams.set('error', 'access_denied')
    else {
      const code = randomBytes(10).toString('hex')
      codes.set(code, {
        accountId,
        challenge: form.get('code_challenge'),
        redirectUri: form.get('redirect_uri') ?? '',
        clientId: form.get('client_id') ?? '',
      })
      back.searchParams.set('code', code)
    }
    return { status: 302, location: back.href }
  }

  function giveToken(form: URLSearchParams): Reply {
    const grant = codes.get(form.get('code') ?? '')
    codes.delete(form.get('code') ?? '')
    const client = clients.find(({ id }) => id === form.get('client_id'))
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url')
    if (!client || client.secret !== form.get('client_secret'))
      return json(200, { error: 'incorrect_client_credentials' })
    if (!grant || grant.clientId !== client.id || grant.redirectUri !== form.get('redirect_uri'))
      return json(200, { error: 'bad_verification_code' })
    if (grant.challenge !== null && grant.challenge !== challenge)
      return json(200, { error: 'bad_verification_code' })
    const token = `gho_${randomBytes(18).toString('hex')}`
    tokens.set(token, grant.accountId)
    return json(200, { access_token: token, token_type: 'bearer', scope: 'read:user,user:email' })
  }

  return {
    /** Null for an address that is none of GitHub's. */
    answer(
      method: string,
      url: URL,
      form: URLSearchParams,
      authorization: string | undefined,
    ): Reply | null {
      const account = accountOf(authorization)
      switch (`${method} ${url.pathname}`) {
        case 'GET /login/oauth/authorize':
          return authorize(url.searchParams)
        case 'POST /login/oauth/decide':
          return decide(form)
        case 'POST /login/oauth/access_token':
          return giveToken(form)
        case 'GET /api/v3/user':
          if (!account) return json(401, { message: 'Bad credentials' })
          return json(200, {
            id: Number(account.id),
            login: `user-${account.id}`,
            name: account.name,
          })
        case 'GET /api/v3/user/emails':
          if (!account) return json(401, { message: 'Bad credentials' })
          return json(200, emailsOf(account))
        default:
          return null
      }
    },
  }
}

/** The one that counts is not the first. */
function emailsOf({ id, email, isEmailVerified }: Account) {
  const other = { email: `${id}@users.noreply.github.test`, verified: true, primary: false }
  return [
    { ...other, visibility: null },
    ...(email === null ? [] : [{ email, verified: isEmailVerified, primary: true }]),
  ]
}

const page = (body: string): Reply => ({ status: 200, type: 'text/html; charset=utf-8', body })
const json = (status: number, body: unknown): Reply => ({
  status,
  type: 'application/json',
  body: JSON.stringify(body),
})
