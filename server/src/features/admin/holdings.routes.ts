/** HTTP: what somebody is let in by. */
import { Type } from 'typebox'
import { type App, dataOf } from '../../platform/http/index.ts'
import { Time, nullable } from '../../platform/http/schemas.ts'
import {
  KeyView,
  SessionView,
  authErrors,
  listApiKeys,
  listSessions,
  presentKey,
  presentListed,
} from '../auth/index.ts'
import { usersErrors } from '../users/index.ts'
import { errors } from './errors.ts'
import { requireReadable } from './accounts.ts'
import { type Factors, endOneSession, listFactors, revokeKey } from './holdings.ts'

const Id = Type.String({ format: 'uuid' })
const Params = Type.Object({ id: Id })
const FactorsView = Type.Object({
  authenticator: nullable(
    Type.Object({ since: nullable(Time), backupCodesLeft: Type.Integer({ minimum: 0 }) }),
  ),
  passkeys: Type.Array(
    Type.Object({
      id: Id,
      name: Type.String(),
      isBackedUp: Type.Boolean(),
      createdAt: Time,
      lastUsedAt: nullable(Time),
    }),
  ),
  trustedDevices: Type.Array(
    Type.Object({
      id: Id,
      userAgent: nullable(Type.String()),
      createdAt: Time,
      lastUsedAt: Time,
      expiresAt: Time,
    }),
  ),
})
const read = { can: 'admin.read_users', errors: [usersErrors.user_not_found] } as const
const aboutAnother = [usersErrors.user_not_found, errors.own_account, errors.account_above]

export async function holdingRoutes(app: App) {
  app.get('/admin/users/:id/sessions', {
    config: read,
    schema: {
      operationId: 'admin.listSessions',
      summary: 'Where somebody is signed in',
      params: Params,
      response: { 200: dataOf(Type.Array(SessionView)) },
    },
    handler: async ({ ctx, params: { id } }) => {
      await requireReadable(ctx, id)
      const found = await listSessions(ctx, id)
      return { data: found.map((each) => presentListed(each, ctx.actor.sessionId)) }
    },
  })

  app.delete('/admin/users/:id/sessions/:sessionId', {
    config: {
      can: 'admin.sign_out_users',
      feltEverywhere: true,
      errors: [...aboutAnother, authErrors.session_not_found],
    },
    schema: {
      operationId: 'admin.endSession',
      summary: 'Sign somebody out of one session, at once',
      params: Type.Object({ id: Id, sessionId: Id }),
      response: { 204: Type.Null() },
    },
    handler: async ({ ctx, params: { id: userId, sessionId } }, reply) => {
      await ctx.tx((tx) => endOneSession(tx, { userId, sessionId }))
      return reply.code(204).send(null)
    },
  })

  app.get('/admin/users/:id/api-keys', {
    config: read,
    schema: {
      operationId: 'admin.listApiKeys',
      summary: 'Somebody’s API keys, newest first',
      params: Params,
      response: { 200: dataOf(Type.Array(KeyView)) },
    },
    handler: async ({ ctx, params: { id } }) => {
      await requireReadable(ctx, id)
      return { data: (await listApiKeys(ctx, id)).map(presentKey) }
    },
  })

  app.delete('/admin/users/:id/api-keys/:keyId', {
    config: {
      can: 'admin.revoke_keys',
      errors: [...aboutAnother, authErrors.api_key_not_found],
      feltEverywhere: true,
    },
    schema: {
      operationId: 'admin.revokeApiKey',
      summary: 'End one of somebody’s API keys, at once',
      params: Type.Object({ id: Id, keyId: Id }),
      response: { 204: Type.Null() },
    },
    handler: async ({ ctx, params: { id: userId, keyId } }, reply) => {
      await ctx.tx((tx) => revokeKey(tx, { userId, keyId }))
      return reply.code(204).send(null)
    },
  })

  app.get('/admin/users/:id/factors', {
    config: read,
    schema: {
      operationId: 'admin.listFactors',
      summary: 'Somebody’s authenticator, passkeys and trusted devices',
      params: Params,
      response: { 200: dataOf(FactorsView) },
    },
    handler: async ({ ctx, params }) => ({ data: present(await listFactors(ctx, params.id)) }),
  })
}

const present = ({ authenticator, passkeys, trustedDevices }: Factors) => ({
  authenticator: authenticator && {
    since: authenticator.enabledAt?.toISOString() ?? null,
    backupCodesLeft: authenticator.backupCodesLeft,
  },
  passkeys: passkeys.map(({ id, name, isBackedUp, createdAt, lastUsedAt }) => ({
    id,
    name,
    isBackedUp,
    createdAt: createdAt.toISOString(),
    lastUsedAt: lastUsedAt?.toISOString() ?? null,
  })),
  trustedDevices: trustedDevices.map(({ id, userAgent, createdAt, lastUsedAt, expiresAt }) => ({
    id,
    userAgent,
    createdAt: createdAt.toISOString(),
    lastUsedAt: lastUsedAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
  })),
})
