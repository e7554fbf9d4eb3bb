/** HTTP: your own passkeys. */
import { Type } from 'typebox'
import { accessErrors } from '../../platform/http/errors.ts'
import { type App, dataOf } from '../../platform/http/index.ts'
import { Time, nullable } from '../../platform/http/schemas.ts'
import { clearCookie, sessionCookie } from './cookies.ts'
import { errors } from './errors.ts'
import { NewKeyAnswer, NewKeyQuestion } from './passkey-schemas.ts'
import { addPasskey, listPasskeys, removePasskey, renamePasskey, startPasskey } from './passkeys.ts'
import type { Passkey } from './tables.ts'
import type { Elsewhere } from './ways-in.ts'

const Id = Type.String({ format: 'uuid' })
const Params = Type.Object({ id: Id })
const Name = Type.String({ minLength: 1, maxLength: 100, description: 'What its owner calls it.' })
const View = Type.Object({
  id: Id,
  name: Type.String(),
  aaguid: Type.String({
    format: 'uuid',
    description: 'The model of its authenticator; zeros where it keeps that to itself.',
  }),
  transports: Type.Array(Type.String()),
  backupEligible: Type.Boolean({ description: 'It can be copied to other devices of its owner.' }),
  backedUp: Type.Boolean({ description: 'It is there now.' }),
  createdAt: Time,
  lastUsedAt: nullable(Time),
})
const manage = { can: 'auth.manage_passkeys' } as const
/** What a stolen session must not do: it would come back by itself. */
const guarded = {
  ...manage,
  stepUp: true,
  idempotency: 'off',
  limits: [{ policy: 'auth_passkey_user', by: 'user' }],
} as const
const guardErrors = [accessErrors.session_required, accessErrors.step_up_required]

export async function passkeyRoutes(app: App, elsewhere: Elsewhere) {
  app.get('/auth/passkeys', {
    config: manage,
    schema: {
      operationId: 'auth.listPasskeys',
      summary: 'Your passkeys, oldest first',
      response: { 200: dataOf(Type.Array(View)) },
    },
    handler: async (request) => ({
      data: (await listPasskeys(request.ctx, request.ctx.actor.id ?? '')).map(present),
    }),
  })

  app.post('/auth/passkeys/options', {
    config: { ...guarded, errors: [...guardErrors, errors.too_many_passkeys] },
    schema: {
      operationId: 'auth.startPasskey',
      summary: 'Add a passkey: what to ask the authenticator for',
      description:
        'For `navigator.credentials.create`; its answer is the `passkey` of `POST /auth/passkeys`, in this session, within five minutes, once.',
      response: { 200: dataOf(NewKeyQuestion) },
    },
    handler: async (request) => ({ data: await startPasskey(request.ctx) }),
  })

  app.post('/auth/passkeys', {
    config: {
      ...guarded,
      errors: [
        ...guardErrors,
        errors.passkey_invalid,
        errors.passkey_taken,
        errors.too_many_passkeys,
      ],
    },
    schema: {
      operationId: 'auth.addPasskey',
      summary: 'Add a passkey: what the authenticator has answered',
      body: Type.Object({ name: Name, passkey: NewKeyAnswer }),
      response: { 201: dataOf(View) },
    },
    handler: async (request, reply) => {
      const { name, passkey: answer } = request.body
      return reply
        .code(201)
        .send({ data: present(await addPasskey(request.ctx, { name, answer })) })
    },
  })

  app.patch('/auth/passkeys/:id', {
    config: { ...manage, errors: [errors.passkey_not_found] },
    schema: {
      operationId: 'auth.renamePasskey',
      summary: 'Rename a passkey',
      params: Params,
      body: Type.Object({ name: Name }),
      response: { 200: dataOf(View) },
    },
    handler: async (request) => {
      const { id } = request.params
      const renamed = await request.ctx.tx((tx) => renamePasskey(tx, id, request.body.name))
      return { data: present(renamed) }
    },
  })

  app.delete('/auth/passkeys/:id', {
    config: { ...guarded, errors: [...guardErrors, errors.passkey_not_found, errors.last_way_in] },
    schema: {
      operationId: 'auth.removePasskey',
      summary: 'Remove a passkey and end what it has signed in',
      description: 'That may be the session that asks. The last way to sign in stays.',
      params: Params,
      response: { 204: Type.Null() },
    },
    handler: async (request, reply) => {
      const { id } = request.params
      const { endsThisSession } = await request.ctx.tx((tx) => removePasskey(tx, id, elsewhere))
      if (endsThisSession) clearCookie(reply, sessionCookie)
      return reply.code(204).send(null)
    },
  })
}

const present = (passkey: Passkey) => ({
  id: passkey.id,
  name: passkey.name,
  aaguid: passkey.aaguid,
  transports: passkey.transports,
  backupEligible: passkey.isBackupEligible,
  backedUp: passkey.isBackedUp,
  createdAt: passkey.createdAt.toISOString(),
  lastUsedAt: passkey.lastUsedAt?.toISOString() ?? null,
})
