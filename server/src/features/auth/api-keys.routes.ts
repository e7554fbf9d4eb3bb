/** HTTP: your own API keys. */
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { type App, dataOf } from '../../platform/http/index.ts'
import { Time } from '../../platform/http/schemas.ts'
import {
  createApiKey,
  listApiKeys,
  listKeyScopes,
  maxKeyRequestsPerMinute,
  revokeApiKey,
} from './api-keys.ts'
import { KeyView, presentKey } from './api-key-view.ts'
import { errors } from './errors.ts'
import type { KeyScopes } from './key-scopes.ts'

const Id = Type.String({ format: 'uuid' })
const Params = Type.Object({ id: Id })
const KeyBody = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 100 }),
  scopes: Type.Optional(
    Type.Array(Type.String({ maxLength: 100 }), {
      minItems: 1,
      maxItems: 100,
      uniqueItems: true,
      description:
        'Permissions of yours that the key may use; without it, all of them. Not those with which a key can do nothing: `auth.listApiKeyScopes` lists the others.',
    }),
  ),
  expiresAt: Type.Optional(Time),
  requestsPerMinute: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: maxKeyRequestsPerMinute,
      description: 'A limit of its own, beside the one that all your requests share.',
    }),
  ),
})

export async function apiKeyRoutes(app: App, { permissions }: Pick<KeyScopes, 'permissions'>) {
  const ownerOf = ({ caller: { hasAuthenticator } }: Pick<FastifyRequest, 'caller'>) => ({
    permissions,
    routes: app.declaredRoutes,
    hasAuthenticator,
  })

  app.get('/auth/api-keys', {
    config: { can: 'auth.manage_api_keys' },
    schema: {
      operationId: 'auth.listApiKeys',
      summary: 'Your API keys, newest first',
      response: { 200: dataOf(Type.Array(KeyView)) },
    },
    handler: async (request) => ({
      data: (await listApiKeys(request.ctx, request.ctx.actor.id ?? '')).map(presentKey),
    }),
  })

  app.get('/auth/api-key-scopes', {
    config: { can: 'auth.manage_api_keys' },
    schema: {
      operationId: 'auth.listApiKeyScopes',
      summary: 'What your API keys can be made for',
      description:
        'Names of the permissions that you have and with which a key can do something, in alphabetical order.',
      response: { 200: dataOf(Type.Array(Type.String())) },
    },
    handler: async (request) => ({ data: listKeyScopes(request.ctx, ownerOf(request)) }),
  })

  app.post('/auth/api-keys', {
    config: {
      can: 'auth.manage_api_keys',
      // A key outlives its maker's session and password: a thief of either makes none.
      stepUp: true,
      idempotency: 'off',
      errors: [errors.unknown_scope],
    },
    schema: {
      operationId: 'auth.createApiKey',
      summary: 'Make an API key; it is shown this once',
      body: KeyBody,
      response: { 201: dataOf(Type.Object({ ...KeyView.properties, key: Type.String() })) },
    },
    handler: async (request, reply) => {
      const owner = ownerOf(request)
      const { row, key } = await request.ctx.tx((tx) => createApiKey(tx, request.body, owner))
      return reply.code(201).send({ data: { ...presentKey(row), key } })
    },
  })

  app.delete('/auth/api-keys/:id', {
    config: {
      can: 'auth.manage_api_keys',
      errors: [errors.api_key_not_found],
      feltEverywhere: true,
    },
    schema: {
      operationId: 'auth.revokeApiKey',
      summary: 'End an API key at once',
      params: Params,
      response: { 204: Type.Null() },
    },
    handler: async (request, reply) => {
      await request.ctx.tx((tx) =>
        revokeApiKey(tx, { id: request.params.id, userId: tx.actor.id ?? '' }),
      )
      return reply.code(204).send(null)
    },
  })
}
