/** HTTP: the authenticator of an administrator. It is the account's own second factor, by doors of administration. */
import { Type } from 'typebox'
import { type App, dataOf } from '../../platform/http/index.ts'
import { tokenErrors } from '../../platform/tokens/index.ts'
import {
  Code,
  type Keeper,
  NewSecret,
  SessionFields,
  beginSetUp,
  enable,
  turnOff,
  twofaErrors,
} from '../twofa/index.ts'

const guarded = {
  can: 'admin.manage_mfa',
  idempotency: 'off',
  limits: [{ policy: 'twofa_user', by: 'user' }],
} as const

export async function adminMfaRoutes(app: App, keeper: Keeper) {
  app.post('/admin/security/mfa/setup', {
    config: {
      ...guarded,
      stepUp: true,
      errors: [twofaErrors.already_enabled, twofaErrors.session_required],
    },
    schema: {
      operationId: 'admin.setUpMfa',
      summary: 'Make a secret for your authenticator; it is shown this once',
      description:
        'Nothing is asked for before `POST /admin/security/mfa/verify` confirms a code of it.',
      response: { 200: dataOf(NewSecret) },
    },
    handler: async (request) => ({ data: await beginSetUp(request.ctx) }),
  })

  app.post('/admin/security/mfa/verify', {
    config: {
      ...guarded,
      errors: [
        twofaErrors.code_refused,
        twofaErrors.too_many_wrong_codes,
        twofaErrors.setup_required,
        twofaErrors.already_enabled,
        twofaErrors.session_required,
        tokenErrors.unavailable,
      ],
    },
    schema: {
      operationId: 'admin.verifyMfa',
      summary: 'Confirm the secret with a code: from now on administration asks for one',
      description:
        'So does signing in. Your other sessions end. The backup codes are shown this once. The code is used up: the next request to administration needs the next one.',
      body: Type.Object({ code: Code }),
      response: {
        200: dataOf(
          Type.Object({
            ...SessionFields,
            enabled: Type.Literal(true),
            backupCodes: Type.Array(Type.String()),
          }),
        ),
      },
    },
    handler: async (request, reply) => {
      const { backupCodes, present } = await enable(request.ctx, keeper, request.body.code)
      return {
        data: { ...present(reply), enabled: true as const, backupCodes: [...backupCodes] },
      }
    },
  })

  app.delete('/admin/security/mfa', {
    config: {
      ...guarded,
      stepUp: true,
      errors: [twofaErrors.not_enabled, twofaErrors.session_required],
    },
    schema: {
      operationId: 'admin.turnOffMfa',
      summary: 'Turn your authenticator off',
      description:
        'A code in `x-admin-mfa-code` is step-up enough. Your other sessions end; a role that needs an authenticator lets you do nothing else until you have one again.',
      response: { 204: Type.Null() },
    },
    handler: async (request, reply) => {
      await request.ctx.tx((tx) => turnOff(tx, keeper))
      return reply.code(204).send(null)
    },
  })
}
