/** HTTP: signing in by mail. */
import { Type } from 'typebox'
import { type App, dataOf } from '../../platform/http/index.ts'
import { httpErrors } from '../../platform/http/errors.ts'
import { choice } from '../../platform/http/schemas.ts'
import { tokenErrors } from '../../platform/tokens/index.ts'
import { errors } from './errors.ts'
import { signInByMail } from './magic-links.ts'
import { requestSignIn } from './mail-requests.ts'
import {
  type AnswerSettings,
  Mode,
  SignInAnswer,
  openingOf,
  presentSignIn,
} from './session-answer.ts'

const Email = Type.String({ minLength: 1, maxLength: 320 })

export async function magicLinkRoutes(app: App, settings: AnswerSettings) {
  app.post('/auth/magic-link', {
    config: {
      public: true,
      idempotency: 'off',
      limits: [
        { policy: 'auth_magic_link_client', by: 'client' },
        {
          policy: 'auth_mail_account',
          by: ({ email }: { email: string }) => `magic-link:${email.trim().toLowerCase()}`,
        },
      ],
    },
    schema: {
      operationId: 'auth.requestMagicLink',
      summary: 'Have a link and a code mailed that sign you in without a password',
      description:
        'The answer is the same for every address. At most five mails an hour go to one; the newest works, once, for 15 minutes.',
      body: Type.Object({ email: Email }),
      response: { 202: dataOf(Type.Object({ status: choice(['sent']) })) },
    },
    handler: async (request, reply) => {
      await requestSignIn(request.ctx, request.body.email)
      return reply.code(202).send({ data: { status: 'sent' as const } })
    },
  })

  app.post('/auth/magic-link/sign-in', {
    config: {
      public: true,
      csrf: 'signIn',
      idempotency: 'off',
      limits: [
        { policy: 'auth_login_client', by: 'client' },
        {
          policy: 'auth_login_account',
          by: ({ email }: { email?: string }, clientKey: string) =>
            email === undefined ? null : `${clientKey} code:${email.trim().toLowerCase()}`,
        },
      ],
      errors: [errors.invalid_sign_in_link, tokenErrors.unavailable],
    },
    schema: {
      operationId: 'auth.signInByMail',
      summary: 'Sign in with a mailed link’s token, or with the address and its code',
      description: 'A second factor is asked for as by `POST /auth/login`.',
      body: Type.Object({
        token: Type.Optional(Type.String({ maxLength: 200 })),
        email: Type.Optional(Email),
        code: Type.Optional(Type.String({ pattern: '^\\d{6}$' })),
        mode: Type.Optional(Mode),
      }),
      response: { 200: dataOf(SignInAnswer) },
    },
    handler: async (request, reply) => {
      const { mode = 'cookie', ...proof } = request.body
      const opening = openingOf(request, mode)
      const opened = await signInByMail(request.ctx, proofOf(proof), opening)
      return { data: presentSignIn(reply, opened, settings) }
    },
  })
}

function proofOf({ token, email, code }: { token?: string; email?: string; code?: string }) {
  const isToken = token !== undefined && email === undefined && code === undefined
  if (isToken) return { token }
  if (token === undefined && email !== undefined && code !== undefined) return { email, code }
  throw httpErrors.invalid_request({
    errors: [{ pointer: '', message: 'must have either token, or email and code' }],
  })
}
