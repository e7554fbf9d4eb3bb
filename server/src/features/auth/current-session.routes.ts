/** HTTP: who is here. The first question of a web application, which has no wrong answer. */
import { Type } from 'typebox'
import { type App, dataOf, issueCsrfToken } from '../../platform/http/index.ts'
import { Time, nullable } from '../../platform/http/schemas.ts'
import { Account, presentAccount } from '../users/index.ts'
import { newVisitor, visitorBinding } from './cookies.ts'
import { type CurrentSession, findCurrentSession } from './current-session.ts'
import type { AnswerSettings } from './session-answer.ts'

const Known = Type.Object({
  user: Account,
  permissions: Type.Array(Type.String(), {
    description: 'What this session may do, as far as a permission alone decides.',
  }),
  expiresAt: nullable(Time),
  provenUntil: nullable(
    Type.String({
      format: 'date-time',
      description: 'Until then sensitive changes are allowed; null: step up first.',
    }),
  ),
  administration: Type.Object({
    hasAuthenticator: Type.Boolean(),
    elevatedUntil: nullable(
      Type.String({
        format: 'date-time',
        description:
          'Until then administration asks for no code. Null with an authenticator: send the next code.',
      }),
    ),
  }),
  isEnrolmentDue: Type.Boolean({
    description:
      'A role needs a second factor; until there is one, nothing but enrolling is allowed.',
  }),
  impersonation: nullable(
    Type.Object({
      by: Type.String({ format: 'uuid', description: 'The administrator who acts here.' }),
      name: nullable(Type.String()),
      reason: Type.String(),
      expiresAt: Time,
    }),
  ),
})

export async function currentSessionRoutes(
  app: App,
  { csrfKey, permissions }: Pick<AnswerSettings, 'csrfKey'> & { permissions: readonly string[] },
) {
  app.get('/auth/session', {
    config: { public: true },
    schema: {
      operationId: 'auth.currentSession',
      summary: 'Who is signed in here, what they may do, and for how long; or nobody',
      description:
        'Answers 200 for strangers too. The CSRF token is for a browser; with a token or a key it is null.',
      response: {
        200: dataOf(
          Type.Object({
            ...Type.Partial(Known).properties,
            user: nullable(Account),
            csrfToken: nullable(Type.String()),
          }),
        ),
      },
    },
    handler: async (request, reply) => {
      const { caller, ctx } = request
      const binding =
        caller.credential === 'bearer'
          ? null
          : (caller.csrfBinding ?? visitorBinding(newVisitor(reply)))
      const csrfToken = binding === null ? null : issueCsrfToken(csrfKey, binding)
      const found = await findCurrentSession(ctx, caller, permissions)
      return { data: found ? { ...present(found), csrfToken } : { user: null, csrfToken } }
    },
  })
}

const present = ({ user, roles, impersonation, ...found }: CurrentSession) => ({
  user: presentAccount(user, roles),
  permissions: [...found.permissions],
  expiresAt: found.expiresAt?.toISOString() ?? null,
  provenUntil: found.provenUntil?.toISOString() ?? null,
  administration: {
    hasAuthenticator: found.hasAuthenticator,
    elevatedUntil: found.elevatedUntil?.toISOString() ?? null,
  },
  isEnrolmentDue: found.isEnrolmentDue,
  impersonation: impersonation && {
    ...impersonation,
    expiresAt: impersonation.expiresAt.toISOString(),
  },
})
