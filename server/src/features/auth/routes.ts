/** HTTP: sign-up, verification, sign-in, refresh, sign-out, CSRF tokens and public keys. */
import { Type } from 'typebox'
import { type App, dataOf, issueCsrfToken } from '../../platform/http/index.ts'
import { httpErrors } from '../../platform/http/errors.ts'
import { choice } from '../../platform/http/schemas.ts'
import { jwksMaxAgeSeconds, tokenErrors } from '../../platform/tokens/index.ts'
import { Username, usersErrors } from '../users/index.ts'
import { clearCookie, newVisitor, sessionCookie, visitorBinding } from './cookies.ts'
import { errors } from './errors.ts'
import { register, verifyAddress } from './registration.ts'
import {
  type AnswerSettings,
  Mode,
  SignInAnswer,
  Tokens,
  openingOf,
  presentSignIn,
} from './session-answer.ts'
import { openSession, refresh, signIn } from './sign-in.ts'
import { revokeSession } from './sessions.ts'

const Email = Type.String({ minLength: 3, maxLength: 320 })
// The policy decides what is a good password; the schema only keeps absurd ones from being hashed.
const Password = Type.String({ minLength: 1, maxLength: 256 })

const Registration = Type.Object({
  email: Email,
  password: Password,
  name: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
  username: Type.Optional(Username),
})

const perClient = (door: string) => ({ policy: `${door}_client`, by: 'client' as const })
/** Per address and name. Not per name alone: whoever keeps guessing would keep the owner out; lock-out sees to that. */
const perAccount = {
  policy: 'auth_login_account',
  by: ({ email }: { email: string }, clientKey: string) =>
    `${clientKey} ${email.trim().toLowerCase()}`,
} as const

/** Mail to one address and guesses at its code, whoever asks; apart from its sign-ins, which must go on. */
const perAddress = (purpose: 'register' | 'verify') =>
  ({
    policy: 'auth_mail_account',
    by: ({ email }: { email?: string }) =>
      email === undefined ? null : `${purpose}:${email.trim().toLowerCase()}`,
  }) as const

export async function authRoutes(app: App, settings: AnswerSettings) {
  for (const url of ['/auth/register', '/auth/signup'])
    app.post(url, {
      config: {
        public: true,
        // A stored answer would keep a fast hash of the password, and the session's secret.
        idempotency: 'off',
        limits: [perClient('auth_register'), perAddress('register')],
        errors: [
          errors.weak_password,
          errors.registration_closed,
          usersErrors.username_taken,
          usersErrors.invalid_email,
        ],
      },
      schema: {
        operationId: url === '/auth/register' ? 'auth.register' : 'auth.signUp',
        summary: 'Make an account',
        description: 'A taken address answers like a new one; its owner is told by mail.',
        body: Registration,
        response: {
          201: dataOf(SignInAnswer),
          202: dataOf(Type.Object({ status: choice(['verification_required']) })),
        },
      },
      handler: async (request, reply) => {
        const user = await register(request.ctx, request.body)
        if (!user)
          return reply.code(202).send({ data: { status: 'verification_required' as const } })
        const opened = await openSession(request.ctx, user, openingOf(request, 'cookie'), {
          firstFactor: 'registration',
        })
        return reply.code(201).send({ data: presentSignIn(reply, opened, settings) })
      },
    })

  app.post('/auth/verify-email', {
    config: {
      public: true,
      limits: [perClient('auth_verify'), perAddress('verify')],
      errors: [errors.invalid_verification],
    },
    schema: {
      operationId: 'auth.verifyEmail',
      summary: 'Prove an address, by the link’s token or by the code',
      description:
        'Send `token`, or `email` and `code`. Either works once; both end with the first use.',
      body: Type.Object({
        token: Type.Optional(Type.String({ maxLength: 200 })),
        email: Type.Optional(Email),
        code: Type.Optional(Type.String({ pattern: '^\\d{6}$' })),
      }),
      response: { 200: dataOf(Type.Object({ status: choice(['verified']) })) },
    },
    handler: async (request) => {
      await verifyAddress(request.ctx, proofOf(request.body))
      return { data: { status: 'verified' as const } }
    },
  })

  app.post('/auth/login', {
    config: {
      public: true,
      csrf: 'signIn',
      idempotency: 'off',
      limits: [perClient('auth_login'), perAccount],
      errors: [errors.invalid_credentials, tokenErrors.unavailable],
    },
    schema: {
      operationId: 'auth.login',
      summary: 'Sign in with a password',
      description:
        'With a second factor: no session yet, but a `pendingToken` for `POST /auth/login/verify-2fa`.',
      body: Type.Object({
        email: Type.String({
          minLength: 1,
          maxLength: 320,
          description: 'The e-mail address or the username.',
        }),
        password: Type.String({ minLength: 1, maxLength: 1024 }),
        mode: Type.Optional(Mode),
      }),
      response: { 200: dataOf(SignInAnswer) },
    },
    handler: async (request, reply) => {
      const { email, password, mode = 'cookie' } = request.body
      const opened = await signIn(request.ctx, {
        login: email,
        password,
        ...openingOf(request, mode),
      })
      return { data: presentSignIn(reply, opened, settings) }
    },
  })

  app.post('/auth/refresh', {
    config: {
      public: true,
      idempotency: 'off',
      limits: [perClient('auth_refresh')],
      errors: [errors.invalid_refresh_token, tokenErrors.unavailable],
    },
    schema: {
      operationId: 'auth.refresh',
      summary: 'Trade a refresh token for the next pair',
      description:
        'A token works once. Repeating it within 10 seconds answers the same pair; later use ends the session.',
      body: Type.Object({ refreshToken: Type.String({ maxLength: 200 }) }),
      response: { 200: dataOf(Type.Object(Tokens)) },
    },
    handler: async (request) => ({ data: await refresh(request.ctx, request.body.refreshToken) }),
  })

  app.post('/auth/logout', {
    // Whoever acts in this account leaves by this door, too.
    config: { can: 'auth.manage_sessions', ownerOnly: false, idempotency: 'off' },
    schema: {
      operationId: 'auth.logout',
      summary: 'End this session and every credential that stands on it',
      response: { 204: Type.Null() },
    },
    handler: async (request, reply) => {
      const { sessionId } = request.ctx.actor
      if (sessionId) await request.ctx.tx((tx) => revokeSession(tx, sessionId, 'signed_out'))
      clearCookie(reply, sessionCookie)
      return reply.code(204).header('clear-site-data', '"cookies", "storage"').send(null)
    },
  })

  for (const url of ['/csrf-token', '/auth/csrf-token'])
    app.get(url, {
      config: { public: true },
      schema: {
        operationId: url === '/csrf-token' ? 'auth.csrfToken' : 'auth.csrfTokenAlias',
        summary: 'A CSRF token for this browser',
        response: { 200: dataOf(Type.Object({ csrfToken: Type.String() })) },
      },
      handler: async (request, reply) => {
        const binding = request.caller.csrfBinding ?? visitorBinding(newVisitor(reply))
        return { data: { csrfToken: issueCsrfToken(settings.csrfKey, binding) } }
      },
    })
}

/** Public keys live at the root, where RFC 8414 clients look for them. */
export async function keyRoutes(app: App) {
  app.get('/.well-known/jwks.json', {
    config: { public: true },
    schema: {
      operationId: 'auth.jwks',
      summary: 'Public keys that verify our access tokens',
      response: {
        200: Type.Object({ keys: Type.Array(Type.Record(Type.String(), Type.Unknown())) }),
      },
    },
    handler: async (request, reply) => {
      void reply.header('cache-control', `public, max-age=${jwksMaxAgeSeconds}`)
      return { keys: request.ctx.ports.tokens.jwks().keys.map((key) => ({ ...key })) }
    },
  })
}

function proofOf(body: { token?: string; email?: string; code?: string }) {
  if (body.token !== undefined) return { token: body.token }
  if (body.email !== undefined && body.code !== undefined)
    return { email: body.email, code: body.code }
  throw httpErrors.invalid_request({
    errors: [{ pointer: '', message: 'must have either token, or email and code' }],
  })
}
