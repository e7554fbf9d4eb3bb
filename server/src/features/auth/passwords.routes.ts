/** HTTP: forgotten passwords, resets and changes, and the verification mail once more. */
import { Type } from 'typebox'
import { type App, dataOf } from '../../platform/http/index.ts'
import { choice } from '../../platform/http/schemas.ts'
import { errors } from './errors.ts'
import { requestPasswordReset, requestVerification } from './mail-requests.ts'
import { changePassword, resetPassword } from './password-changes.ts'
import type { Elsewhere } from './ways-in.ts'

const Address = Type.Object({ email: Type.String({ minLength: 1, maxLength: 320 }) })
// The policy decides what is a good password; the schema only keeps absurd ones from being hashed.
const NewPassword = Type.String({ minLength: 1, maxLength: 256 })

const perClient = (door: string) => ({ policy: `${door}_client`, by: 'client' as const })
/** Per address too, known or not; apart from its sign-ins, which must go on. */
const perAddress = (purpose: 'forgot' | 'resend') =>
  ({
    policy: 'auth_mail_account',
    by: ({ email }: { email: string }) => `${purpose}:${email.trim().toLowerCase()}`,
  }) as const

export async function passwordRoutes(app: App, elsewhere: Elsewhere) {
  app.post('/auth/forgot-password', {
    config: {
      public: true,
      idempotency: 'off',
      limits: [perClient('auth_forgot'), perAddress('forgot')],
    },
    schema: {
      operationId: 'auth.forgotPassword',
      summary: 'Have a link mailed that sets a new password',
      description:
        'The answer is the same for every address. At most five mails an hour go to one; the newest link works, once, for an hour.',
      body: Address,
      response: { 202: dataOf(Type.Object({ status: choice(['sent']) })) },
    },
    handler: async (request, reply) => {
      await requestPasswordReset(request.ctx, request.body.email)
      return reply.code(202).send({ data: { status: 'sent' as const } })
    },
  })

  app.post('/auth/reset-password', {
    config: {
      public: true,
      // A stored answer would keep a fast hash of the password.
      idempotency: 'off',
      limits: [perClient('auth_reset')],
      errors: [errors.invalid_reset_token, errors.weak_password],
    },
    schema: {
      operationId: 'auth.resetPassword',
      summary: 'Set a new password with the token of a mailed link',
      description:
        'Ends every session, refresh token and API key of the account, and signs nobody in. Passkeys and identities stay, unless they were added before anybody had proven the address. A password that is refused leaves the token as it is.',
      body: Type.Object({ token: Type.String({ maxLength: 200 }), password: NewPassword }),
      response: { 200: dataOf(Type.Object({ status: choice(['reset']) })) },
    },
    handler: async (request) => {
      await resetPassword(request.ctx, request.body, elsewhere)
      return { data: { status: 'reset' as const } }
    },
  })

  app.post('/auth/change-password', {
    config: {
      can: 'auth.change_password',
      idempotency: 'off',
      limits: [{ policy: 'auth_password_user', by: 'user' }],
      errors: [errors.wrong_password, errors.weak_password, errors.sign_in_required],
    },
    schema: {
      operationId: 'auth.changePassword',
      summary: 'Change your own password',
      description: 'Every other session ends; this one goes on. API keys go on, too.',
      body: Type.Object({
        currentPassword: Type.String({ minLength: 1, maxLength: 1024 }),
        newPassword: NewPassword,
      }),
      response: { 200: dataOf(Type.Object({ status: choice(['changed']) })) },
    },
    handler: async (request) => {
      await changePassword(request.ctx, request.body)
      return { data: { status: 'changed' as const } }
    },
  })

  app.post('/auth/resend-verification', {
    config: {
      public: true,
      idempotency: 'off',
      limits: [perClient('auth_resend'), perAddress('resend')],
    },
    schema: {
      operationId: 'auth.resendVerification',
      summary: 'Have the mail that proves an address sent again',
      description:
        'The answer is `sent` for every address; only who is signed in to the account reads `already_verified`. The mail has a new link and code, and older ones stop working.',
      body: Address,
      response: { 202: dataOf(Type.Object({ status: choice(['sent', 'already_verified']) })) },
    },
    handler: async (request, reply) => {
      const status = await requestVerification(request.ctx, request.body.email)
      return reply.code(202).send({ data: { status } })
    },
  })
}
