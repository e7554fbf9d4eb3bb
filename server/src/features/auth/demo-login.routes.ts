/** HTTP: the demo login. */
import { Type } from 'typebox'
import { type App, dataOf } from '../../platform/http/index.ts'
import { tokenErrors } from '../../platform/tokens/index.ts'
import { signInForDemo } from './demo-login.ts'
import { errors } from './errors.ts'
import {
  type AnswerSettings,
  Mode,
  SignInAnswer,
  openingOf,
  presentSignIn,
} from './session-answer.ts'

export async function demoLoginRoutes(app: App, settings: AnswerSettings) {
  app.post('/auth/demo-login', {
    config: {
      public: true,
      csrf: 'signIn',
      idempotency: 'off',
      limits: [{ policy: 'auth_login_client', by: 'client' }],
      errors: [errors.demo_login_disabled, errors.invalid_credentials, tokenErrors.unavailable],
    },
    schema: {
      operationId: 'auth.demoLogin',
      summary: 'Sign in as the demo user of a development server',
      description:
        'With DEMO_EMAIL and DEMO_PASSWORD, while DEMO_LOGIN_ENABLED is on. Never in production.',
      body: Type.Object({
        email: Type.String({ minLength: 1, maxLength: 320 }),
        password: Type.String({ minLength: 1, maxLength: 1024 }),
        mode: Type.Optional(Mode),
      }),
      response: { 200: dataOf(SignInAnswer) },
    },
    handler: async (request, reply) => {
      const { mode = 'cookie', ...given } = request.body
      const opened = await signInForDemo(request.ctx, { ...openingOf(request, mode), ...given })
      return { data: presentSignIn(reply, opened, settings) }
    },
  })
}
