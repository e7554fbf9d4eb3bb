/** HTTP: the second step of signing in, by a code of the authenticator, a backup code or a passkey. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { type App, dataOf } from '../../platform/http/index.ts'
import { httpErrors } from '../../platform/http/errors.ts'
import { tokenErrors } from '../../platform/tokens/index.ts'
import { BackupCode, Code, trustDays, twofaErrors } from '../twofa/index.ts'
import { setCookie, trustedCookie } from './cookies.ts'
import { errors } from './errors.ts'
import { KeyAnswer, Question } from './passkey-schemas.ts'
import type { Opening } from './sign-in.ts'
import { type SecondStep, askSecondPasskey, finishSignIn } from './second-factor.ts'
import { type AnswerSettings, Mode, Session, openingOf, presentSession } from './session-answer.ts'

const trustSeconds = trustDays * 24 * 60 * 60

const Step = {
  pendingToken: Type.String({ minLength: 1, maxLength: 200 }),
  mode: Type.Optional(Mode),
  trustDevice: Type.Optional(
    Type.Boolean({
      description: `After a right code: ask this browser for none in the next ${trustDays} days.`,
    }),
  ),
}
type Given = Pick<SecondStep, 'code' | 'backupCode' | 'passkey'>
type StepBody = { pendingToken: string; mode?: Opening['mode']; trustDevice?: boolean }

const door = {
  public: true,
  csrf: 'signIn',
  idempotency: 'off',
  limits: [{ policy: 'auth_second_factor_client', by: 'client' }],
  errors: [
    twofaErrors.invalid_pending_login,
    twofaErrors.sign_in_code_refused,
    errors.sign_in_passkey_refused,
    twofaErrors.too_many_wrong_codes,
    tokenErrors.unavailable,
  ],
} as const

export async function secondFactorRoutes(app: App, settings: AnswerSettings) {
  app.post('/auth/login/verify-2fa', {
    config: door,
    schema: {
      operationId: 'auth.verifySecondFactor',
      summary: 'Sign in: the second step',
      description:
        'Send exactly one: `code`, `backupCode` or `passkey`. Five wrong ones end this sign-in.',
      body: Type.Object({
        ...Step,
        code: Type.Optional(Code),
        backupCode: Type.Optional(BackupCode),
        passkey: Type.Optional(KeyAnswer),
      }),
      response: { 200: dataOf(Session) },
    },
    handler: async (request, reply) => {
      const { code, backupCode, passkey, ...step } = request.body
      if ([code, backupCode, passkey].filter((each) => each !== undefined).length !== 1)
        throw httpErrors.invalid_request({
          errors: [{ pointer: '', message: 'must have exactly one of code, backupCode, passkey' }],
        })
      return { data: await finish(request, reply, step, { code, backupCode, passkey }) }
    },
  })

  app.post('/auth/login/verify-2fa/passkey-options', {
    config: { ...door, errors: [twofaErrors.invalid_pending_login, errors.no_passkey] },
    schema: {
      operationId: 'auth.askSecondPasskey',
      summary: 'Sign in: what to ask a passkey as the second step',
      description:
        'For `navigator.credentials.get`; its answer is the `passkey` of `POST /auth/login/verify-2fa`.',
      body: Type.Object({ pendingToken: Step.pendingToken }),
      response: { 200: dataOf(Question) },
    },
    handler: async (request) => ({
      data: await askSecondPasskey(request.ctx, request.body.pendingToken),
    }),
  })

  app.post('/2fa/backup/verify', {
    config: door,
    schema: {
      operationId: 'auth.verifyBackupCode',
      summary: 'Sign in: the second step, by a backup code',
      body: Type.Object({ ...Step, code: BackupCode }),
      response: { 200: dataOf(Session) },
    },
    handler: async (request, reply) => {
      const { code: backupCode, ...step } = request.body
      return { data: await finish(request, reply, step, { backupCode }) }
    },
  })

  async function finish(
    request: FastifyRequest,
    reply: FastifyReply,
    { pendingToken, mode, trustDevice = false }: StepBody,
    given: Given,
  ) {
    const { mode: _asked, ...opening } = openingOf(request, mode ?? 'cookie')
    const { trustToken, ...opened } = await finishSignIn(request.ctx, {
      ...given,
      pendingToken,
      mode: mode ?? null,
      isDeviceToBeTrusted: trustDevice,
      opening,
    })
    if (trustToken !== null) setCookie(reply, trustedCookie, trustToken, trustSeconds)
    return presentSession(reply, opened, settings)
  }
}
