/** HTTP: signing in with a passkey. */
import { Type } from 'typebox'
import { type App, dataOf } from '../../platform/http/index.ts'
import { tokenErrors } from '../../platform/tokens/index.ts'
import { errors } from './errors.ts'
import { askPasskey } from './passkey-answers.ts'
import { askerAtTheDoor } from './passkey-challenges.ts'
import { signInWithPasskey } from './passkey-sign-in.ts'
import { KeyAnswer, Question } from './passkey-schemas.ts'
import {
  type AnswerSettings,
  Mode,
  SignInAnswer,
  openingOf,
  presentSignIn,
} from './session-answer.ts'

const door = {
  public: true,
  csrf: 'signIn',
  idempotency: 'off',
  limits: [{ policy: 'auth_passkey_client', by: 'client' }],
} as const

export async function passkeySignInRoutes(app: App, settings: AnswerSettings) {
  app.post('/auth/passkeys/sign-in/options', {
    config: door,
    schema: {
      operationId: 'auth.askPasskey',
      summary: 'Sign in with a passkey: what to ask for',
      description:
        'For `navigator.credentials.get`. The same browser sends the answer within five minutes, once.',
      response: { 200: dataOf(Question) },
    },
    handler: async (request) => ({
      data: await askPasskey(request.ctx, askerAtTheDoor(request.caller.csrfBinding)),
    }),
  })

  app.post('/auth/passkeys/sign-in', {
    config: { ...door, errors: [errors.sign_in_passkey_refused, tokenErrors.unavailable] },
    schema: {
      operationId: 'auth.signInWithPasskey',
      summary: 'Sign in with a passkey',
      description:
        'It counts as both factors, so no code is asked for. Every refusal is the same, whatever its reason.',
      body: Type.Object({ passkey: KeyAnswer, mode: Type.Optional(Mode) }),
      response: { 200: dataOf(SignInAnswer) },
    },
    handler: async (request, reply) => {
      const { passkey: answer, mode = 'cookie' } = request.body
      const opened = await signInWithPasskey(request.ctx, {
        answer,
        browser: request.caller.csrfBinding,
        ...openingOf(request, mode),
      })
      return { data: presentSignIn(reply, opened, settings) }
    },
  })
}
