/** HTTP: where you are signed in, signing out there and everywhere, and showing a factor again. */
import { Type } from 'typebox'
import { accessErrors } from '../../platform/http/errors.ts'
import { type App, dataOf } from '../../platform/http/index.ts'
import { Time, choice } from '../../platform/http/schemas.ts'
import { tokenErrors } from '../../platform/tokens/index.ts'
import { BackupCode, Code, SessionFields, twofaErrors } from '../twofa/index.ts'
import { clearCookie, sessionCookie } from './cookies.ts'
import { errors } from './errors.ts'
import { KeyAnswer, Question } from './passkey-schemas.ts'
import { type AnswerSettings, presentRenewed } from './session-answer.ts'
import { endSession, listSessions, signOutSelf } from './session-list.ts'
import { askOwnPasskey, listStepUpMethods, stepUp } from './step-up.ts'
import { SessionView, presentListed } from './session-view.ts'

const Id = Type.String({ format: 'uuid' })
const Ended = Type.Object({ sessionsEnded: Type.Integer() })
const manage = { can: 'auth.manage_sessions' } as const

export async function sessionRoutes(app: App, answers: AnswerSettings) {
  app.get('/auth/sessions', {
    config: manage,
    schema: {
      operationId: 'auth.listSessions',
      summary: 'Where you are signed in',
      response: { 200: dataOf(Type.Array(SessionView)) },
    },
    handler: async (request) => {
      const { sessionId } = request.ctx.actor
      return {
        data: (await listSessions(request.ctx, request.ctx.actor.id ?? '')).map((each) =>
          presentListed(each, sessionId),
        ),
      }
    },
  })

  app.delete('/auth/sessions/:id', {
    config: { ...manage, feltEverywhere: true, errors: [errors.session_not_found] },
    schema: {
      operationId: 'auth.endSession',
      summary: 'Sign out there, at once',
      params: Type.Object({ id: Id }),
      response: { 204: Type.Null() },
    },
    handler: async (request, reply) => {
      await request.ctx.tx((tx) => endSession(tx, request.params.id))
      if (request.params.id === request.ctx.actor.sessionId) clearCookie(reply, sessionCookie)
      return reply.code(204).send(null)
    },
  })

  app.delete('/auth/sessions', {
    config: { ...manage, feltEverywhere: true, errors: [accessErrors.session_required] },
    schema: {
      operationId: 'auth.endOtherSessions',
      summary: 'Sign out everywhere else',
      response: { 200: dataOf(Ended) },
    },
    handler: async (request) => ({
      data: { sessionsEnded: await request.ctx.tx((tx) => signOutSelf(tx, 'others')) },
    }),
  })

  app.post('/auth/logout-all', {
    config: {
      ...manage,
      feltEverywhere: true,
      idempotency: 'off',
      errors: [accessErrors.session_required],
    },
    schema: {
      operationId: 'auth.logoutAll',
      summary: 'Sign out everywhere, here too',
      description: 'Sessions with their refresh tokens end at once; API keys go on.',
      response: { 200: dataOf(Ended) },
    },
    handler: async (request, reply) => {
      const sessionsEnded = await request.ctx.tx((tx) => signOutSelf(tx, 'all'))
      clearCookie(reply, sessionCookie)
      void reply.header('clear-site-data', '"cookies", "storage"')
      return { data: { sessionsEnded } }
    },
  })

  app.get('/auth/step-up', {
    config: manage,
    schema: {
      operationId: 'auth.stepUpMethods',
      summary: 'What you can show at a step-up',
      description:
        'Empty for who signs in with an identity from elsewhere or by mail alone: signing in again shows it as well.',
      response: {
        200: dataOf(
          Type.Object({
            methods: Type.Array(choice(['password', 'totp', 'backup_code', 'passkey'])),
          }),
        ),
      },
    },
    handler: async (request) => ({ data: { methods: await listStepUpMethods(request.ctx) } }),
  })

  app.post('/auth/step-up', {
    config: {
      ...manage,
      idempotency: 'off',
      limits: [{ policy: 'auth_password_user', by: 'user' }],
      errors: [
        accessErrors.session_required,
        errors.wrong_password,
        errors.passkey_refused,
        twofaErrors.code_refused,
        twofaErrors.not_enabled,
        twofaErrors.too_many_wrong_codes,
        tokenErrors.unavailable,
      ],
    },
    schema: {
      operationId: 'auth.stepUp',
      summary: 'Show a factor once more, so that sensitive changes are allowed for a while',
      description:
        'Send exactly one: `password`, `code`, `backupCode` or `passkey`. The session goes on under a new id: with the new cookie and CSRF token, or the new tokens. The old ones are dead.',
      body: Type.Object({
        password: Type.Optional(Type.String({ minLength: 1, maxLength: 1024 })),
        code: Type.Optional(Code),
        backupCode: Type.Optional(BackupCode),
        passkey: Type.Optional(KeyAnswer),
      }),
      response: {
        200: dataOf(
          Type.Object({
            ...SessionFields,
            provenAt: Time,
            expiresAt: Type.String({
              format: 'date-time',
              description: 'Until then sensitive changes are allowed.',
            }),
          }),
        ),
      },
    },
    handler: async (request, reply) => {
      const renewed = await stepUp(request.ctx, request.body)
      const { provenAt } = renewed
      const lastsMs = request.ctx.settings.stepUpMaxAge * 1000
      return {
        data: {
          ...presentRenewed(reply, renewed, answers),
          provenAt: provenAt.toISOString(),
          expiresAt: new Date(provenAt.getTime() + lastsMs).toISOString(),
        },
      }
    },
  })

  app.post('/auth/step-up/passkey-options', {
    config: {
      ...manage,
      idempotency: 'off',
      limits: [{ policy: 'auth_passkey_user', by: 'user' }],
      errors: [accessErrors.session_required, errors.no_passkey],
    },
    schema: {
      operationId: 'auth.askOwnPasskey',
      summary: 'What to ask a passkey, to show it once more',
      description:
        'For `navigator.credentials.get`; its answer is the `passkey` of `POST /auth/step-up`, in this session.',
      response: { 200: dataOf(Question) },
    },
    handler: async (request) => ({ data: await askOwnPasskey(request.ctx) }),
  })
}
