/** HTTP: one's own second factor. The second step of signing in is in the auth room, beside the first. */
import { Type } from 'typebox'
import type { FastifyRequest } from 'fastify'
import { accessErrors } from '../../platform/http/errors.ts'
import { type App, dataOf, requireStepUp } from '../../platform/http/index.ts'
import { Time, nullable } from '../../platform/http/schemas.ts'
import { tokenErrors } from '../../platform/tokens/index.ts'
import {
  type Shown,
  disable,
  enable,
  getBackupCodesLeft,
  getStatus,
  regenerate,
  setUp,
} from './enrolment.ts'
import { errors } from './errors.ts'
import { type Keeper, SessionFields } from './keeper.ts'

/** A code of an authenticator, as a schema. */
export const Code = Type.String({
  pattern: '^\\d{3} ?\\d{3}$',
  description: 'A code of the authenticator: six digits. Each works once.',
})
export const BackupCode = Type.String({
  minLength: 1,
  maxLength: 40,
  description: 'A backup code, such as `3-7K4QX-9M2TR`; case, spaces and dashes do not matter.',
})
const Password = Type.String({ minLength: 1, maxLength: 1024 })
export const NewSecret = Type.Object({
  secret: Type.String({ description: '160 bits in base 32.' }),
  otpauthUrl: Type.String({ description: 'What the QR code says.' }),
  qrSvg: Type.String(),
  qrDataUrl: Type.String({ description: 'The QR code as a PNG in a data URL.' }),
})
const NewCodes = Type.Object({
  backupCodes: Type.Array(Type.String(), { description: 'Each works once. Shown this once.' }),
})

/** Answers hold secrets and questions hold passwords: neither is kept for a retry. */
const guarded = {
  can: 'twofa.manage',
  idempotency: 'off',
  limits: [{ policy: 'twofa_user', by: 'user' }],
} as const

/** What takes the password shares the limit of guessing it with the doors of auth, or each door would give its own. */
const withPassword = {
  ...guarded,
  limits: [...guarded.limits, { policy: 'auth_password_user', by: 'user' }],
} as const

export async function twofaRoutes(app: App, keeper: Keeper) {
  app.get('/twofa/status', {
    config: { can: 'twofa.manage' },
    schema: {
      operationId: 'twofa.status',
      summary: 'Whether your second factor is on',
      response: {
        200: dataOf(
          Type.Object({
            enabled: Type.Boolean(),
            enabledAt: nullable(Time),
            backupCodesLeft: Type.Integer(),
            required: Type.Boolean({
              description: 'A role of yours needs one: until it is on, you can do nothing else.',
            }),
          }),
        ),
      },
    },
    handler: async (request) => {
      const { enabledAt, ...status } = await getStatus(request.ctx)
      return { data: { ...status, enabledAt: enabledAt?.toISOString() ?? null } }
    },
  })

  app.post('/twofa/setup', {
    config: {
      ...withPassword,
      errors: [
        keeper.wrongPassword,
        accessErrors.step_up_required,
        errors.proof_required,
        errors.already_enabled,
        errors.session_required,
      ],
    },
    schema: {
      operationId: 'twofa.setup',
      summary: 'Make a secret for your authenticator; it is shown this once',
      description:
        'Send `password`. An account without one shows another factor a moment before (`POST /auth/step-up`), or signs in again. Nothing is on before `POST /twofa/enable` confirms a code of it. Setting up again replaces the secret that waits.',
      body: Type.Object({ password: Type.Optional(Password) }),
      response: { 200: dataOf(NewSecret) },
    },
    handler: async (request) => ({
      data: await setUp(request.ctx, keeper, shownBy(request, request.body)),
    }),
  })

  app.post('/twofa/enable', {
    config: {
      ...guarded,
      errors: [
        errors.code_refused,
        errors.too_many_wrong_codes,
        errors.setup_required,
        errors.already_enabled,
        errors.session_required,
        tokenErrors.unavailable,
      ],
    },
    schema: {
      operationId: 'twofa.enable',
      summary: 'Turn your second factor on, with a code of the secret that waits',
      description:
        'Your other sessions end, and this one goes on under a new id, cookie and tokens. The backup codes are shown this once.',
      body: Type.Object({ code: Code }),
      response: { 200: dataOf(Type.Object({ ...SessionFields, ...NewCodes.properties })) },
    },
    handler: async (request, reply) => {
      const { backupCodes, present } = await enable(request.ctx, keeper, request.body.code)
      return { data: { ...present(reply), backupCodes: [...backupCodes] } }
    },
  })

  app.post('/twofa/disable', {
    config: {
      ...withPassword,
      errors: [
        keeper.wrongPassword,
        accessErrors.step_up_required,
        errors.code_refused,
        errors.proof_required,
        errors.too_many_wrong_codes,
        errors.not_enabled,
        errors.session_required,
      ],
    },
    schema: {
      operationId: 'twofa.disable',
      summary: 'Turn your second factor off, with the password and a code',
      description:
        'Send `code` or `backupCode`; a set-up that waits ends without. An account without a password shows another factor a moment before (`POST /auth/step-up`). Your other sessions end.',
      body: Type.Object({
        password: Type.Optional(Password),
        code: Type.Optional(Code),
        backupCode: Type.Optional(BackupCode),
      }),
      response: { 204: Type.Null() },
    },
    handler: async (request, reply) => {
      const { password, ...given } = request.body
      await disable(request.ctx, keeper, shownBy(request, { password }), given)
      return reply.code(204).send(null)
    },
  })

  app.post('/twofa/backup-codes', {
    config: { can: 'twofa.manage', errors: [errors.not_enabled] },
    schema: {
      operationId: 'twofa.backupCodes',
      summary: 'How many backup codes are left',
      description:
        'The codes themselves were shown once; `regenerate-backup-codes` makes new ones.',
      response: { 200: dataOf(Type.Object({ left: Type.Integer() })) },
    },
    handler: async (request) => ({ data: { left: await getBackupCodesLeft(request.ctx) } }),
  })

  app.post('/twofa/regenerate-backup-codes', {
    config: {
      ...withPassword,
      errors: [
        keeper.wrongPassword,
        errors.code_refused,
        errors.proof_required,
        errors.too_many_wrong_codes,
        errors.not_enabled,
        errors.session_required,
      ],
    },
    schema: {
      operationId: 'twofa.regenerateBackupCodes',
      summary: 'Replace your backup codes, with a code',
      description:
        'Send `code` or `backupCode`; a `password` may come along and is not enough. The old ones die, no device is trusted any more, your other sessions end.',
      body: Type.Object({
        password: Type.Optional(Password),
        code: Type.Optional(Code),
        backupCode: Type.Optional(BackupCode),
      }),
      response: { 200: dataOf(NewCodes) },
    },
    handler: async (request) => ({
      data: { backupCodes: [...(await regenerate(request.ctx, keeper, request.body))] },
    }),
  })
}

/** Who sends no password has none, and has shown another factor a moment ago. */
function shownBy({ caller, ctx }: FastifyRequest, given: { password?: string | undefined }): Shown {
  const { password } = given
  if (password !== undefined) return { password }
  requireStepUp(caller, ctx.settings.stepUpMaxAge)
  return { isSteppedUp: true }
}
