/** HTTP: signing in with a provider: which there are, going there, coming back, fetching tokens. */
import { randomBytes } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { parse as parseCookies } from 'cookie'
import { Type } from 'typebox'
import { httpErrors } from '../../platform/http/errors.ts'
import { type App, dataOf } from '../../platform/http/index.ts'
import { choice } from '../../platform/http/schemas.ts'
import { tokenErrors } from '../../platform/tokens/index.ts'
import {
  type AnswerSettings,
  SignInAnswer,
  authErrors,
  openingOf,
  presentSignIn,
  setCookie,
} from '../auth/index.ts'
import { errors } from './errors.ts'
import { type RedirectSettings, redirectTarget } from './redirects.ts'
import { exchange, finish, start } from './sign-in.ts'

/** Tells the browser that was sent from any other that comes back. */
const browserCookie = '__Host-ashlar_oidc'
const browserSeconds = 10 * 60
const browserPattern = /^[\w-]{43}$/

export type OidcRouteSettings = AnswerSettings &
  RedirectSettings & {
    /** Told how each return from a provider ended: a redirect's status does not say it. */
    readonly onAttempt: (status: 'success' | 'failure' | 'held') => void
  }

const Provider = Type.Object({
  id: Type.String({ description: 'For `POST /oidc/{id}/start`.' }),
  name: Type.String({ description: 'For the button.' }),
})
export const ProviderParams = Type.Object({ provider: Type.String({ maxLength: 31 }) })
export const RedirectTo = Type.Optional(
  Type.String({
    maxLength: 2_000,
    description:
      'Where the browser is sent in the end, on success and on error: a path, or an address of an origin in CORS_ORIGINS. Without it, FRONTEND_URL.',
  }),
)
export const Started = dataOf(
  Type.Object({ authorizationUrl: Type.String({ description: 'Send the browser there.' }) }),
)
const Verifier = Type.String({ pattern: '^[A-Za-z0-9._~-]{43,128}$' })

const perClient = (door: string) => ({ policy: `${door}_client`, by: 'client' as const })

export async function oidcRoutes(app: App, settings: OidcRouteSettings) {
  app.get('/oidc/providers', {
    config: { public: true },
    schema: {
      operationId: 'oidc.listProviders',
      summary: 'The identity providers that one can sign in with',
      response: { 200: dataOf(Type.Array(Provider)) },
    },
    handler: async (request) => ({
      data: request.ctx.ports.identity.list.map(({ id, name }) => ({ id, name })),
    }),
  })

  app.post('/oidc/:provider/start', {
    config: {
      public: true,
      csrf: 'signIn',
      idempotency: 'off',
      limits: [perClient('oidc_start')],
      errors: [
        errors.provider_not_found,
        errors.provider_unavailable,
        errors.provider_refused,
        errors.redirect_not_allowed,
      ],
    },
    schema: {
      operationId: 'oidc.start',
      summary: 'Begin to sign in with a provider',
      description:
        'The answer sets a cookie: only this browser can come back, once, within ten minutes. In `token` mode it comes back with `#code=`, which `POST /oidc/exchange` trades for tokens.',
      params: ProviderParams,
      body: Type.Object({
        redirectTo: RedirectTo,
        mode: Type.Optional(
          choice(['cookie', 'token'], 'A browser session in a cookie, or tokens.'),
        ),
        codeChallenge: Type.Optional(
          Type.String({
            pattern: '^[A-Za-z0-9_-]{43}$',
            description: 'In `token` mode: SHA-256 of a verifier of yours, base64url (RFC 7636).',
          }),
        ),
      }),
      response: { 200: Started },
    },
    handler: async (request, reply) => {
      const { redirectTo, mode = 'cookie', codeChallenge } = request.body
      if ((mode === 'token') !== (codeChallenge !== undefined))
        throw httpErrors.invalid_request({
          errors: [
            { pointer: '/codeChallenge', message: 'goes with mode token, and only with it' },
          ],
        })
      const authorizationUrl = await start(request.ctx, {
        providerId: request.params.provider,
        purpose: 'sign_in',
        mode,
        redirectTo: redirectTarget(redirectTo, settings),
        codeChallenge,
        browser: browserOf(request, reply),
      })
      return { data: { authorizationUrl: authorizationUrl.href } }
    },
  })

  app.get('/oidc/:provider/callback', {
    config: { public: true, limits: [perClient('oidc_callback')] },
    schema: {
      operationId: 'oidc.callback',
      summary: 'Where the provider sends the browser back to',
      description:
        'Leads on to `redirectTo`. The fragment says how it ended: nothing (signed in), `pendingToken` (the second factor is still to be given), `code` (token mode), `linked`, or `error` with a code of this API.',
      params: ProviderParams,
      response: { 303: Type.Null() },
    },
    handler: async (request, reply) => {
      const { actor } = request.caller
      const landing = await finish(request.ctx, {
        providerId: request.params.provider,
        browser: foundBrowser(request),
        answer: new URLSearchParams(request.url.split('?')[1] ?? ''),
        callerId: actor.kind === 'user' ? actor.id : null,
        opening: openingOf(request, 'cookie'),
      })
      if (landing.opened) presentSignIn(reply, landing.opened, settings)
      const success = request.isHeld ? 'held' : 'success'
      settings.onAttempt(landing.isSuccess ? success : 'failure')
      const fragment = new URLSearchParams(landing.fragment).toString()
      const location = fragment === '' ? landing.redirectTo : `${landing.redirectTo}#${fragment}`
      return reply.code(303).header('location', location).send(null)
    },
  })

  app.post('/oidc/exchange', {
    config: {
      public: true,
      csrf: 'signIn',
      idempotency: 'off',
      limits: [perClient('oidc_exchange')],
      errors: [
        errors.invalid_code,
        errors.identity_removed,
        authErrors.invalid_credentials,
        tokenErrors.unavailable,
      ],
    },
    schema: {
      operationId: 'oidc.exchange',
      summary: 'Trade the code of a return in token mode for tokens',
      description: 'A code works once, within a minute, and for whoever has the verifier.',
      body: Type.Object({ code: Type.String({ maxLength: 200 }), codeVerifier: Verifier }),
      response: { 200: dataOf(SignInAnswer) },
    },
    handler: async (request, reply) => {
      const opened = await exchange(request.ctx, request.body, openingOf(request, 'token'))
      return { data: presentSignIn(reply, opened, settings) }
    },
  })
}

/** The cookie of this browser, made if it has none: several tabs can be on their way at once. */
export function browserOf(request: FastifyRequest, reply: FastifyReply): string {
  const browser = foundBrowser(request) ?? randomBytes(32).toString('base64url')
  setCookie(reply, browserCookie, browser, browserSeconds)
  return browser
}

function foundBrowser(request: FastifyRequest): string | null {
  const found = parseCookies(request.headers.cookie ?? '')[browserCookie]
  return found !== undefined && browserPattern.test(found) ? found : null
}
