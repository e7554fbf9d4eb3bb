/** HTTP: tokens of programs. */
import { Type } from 'typebox'
import { type App, dataOf, listOf, pageQuery, presentPage } from '../../platform/http/index.ts'
import { Time, choice, nullable } from '../../platform/http/schemas.ts'
import { maxKeyRequestsPerMinute } from '../auth/index.ts'
import { errors } from './errors.ts'
import {
  type WhyNotForPrograms,
  createServiceToken,
  listServiceTokens,
  revokeServiceToken,
  rotateServiceToken,
} from './tokens.ts'
import type { ServiceToken } from './tables.ts'

const maxOverlapMinutes = 7 * 24 * 60
const usualOverlapMinutes = 24 * 60

const Id = Type.String({ format: 'uuid' })
const Params = Type.Object({ id: Id })
const TokenView = Type.Object({
  id: Id,
  name: Type.String(),
  hint: Type.String({ description: 'The first characters, to recognise the token by.' }),
  scopes: Type.Array(Type.String()),
  readOnly: Type.Boolean(),
  requestsPerMinute: nullable(Type.Integer()),
  backedBy: Type.String({
    format: 'uuid',
    description: 'Who made or rotated it last: it can do nothing that they may not do.',
  }),
  expiresAt: Time,
  previousUntil: nullable(
    Type.String({ format: 'date-time', description: 'Until when the secret before works.' }),
  ),
  lastUsedAt: nullable(
    Type.String({ format: 'date-time', description: 'To within five minutes.' }),
  ),
  rotatedAt: nullable(Time),
  createdAt: Time,
})
const NewToken = Type.Object({ ...TokenView.properties, token: Type.String() })
const ExpiresAt = Type.Optional(
  Type.String({ format: 'date-time', description: 'Within 366 days; 90 days without it.' }),
)

const manage = { can: 'admin.manage_service_tokens' } as const
const issue = { ...manage, stepUp: true, elevation: 'required', idempotency: 'off' } as const

type Scopes = {
  /** Every permission there is. */
  readonly permissions: readonly string[]
  readonly whyNotForPrograms: WhyNotForPrograms
}

export async function serviceTokenRoutes(app: App, { permissions, whyNotForPrograms }: Scopes) {
  app.get('/admin/service-tokens', {
    config: manage,
    schema: {
      operationId: 'admin.listServiceTokens',
      summary: 'Tokens of programs, newest first',
      querystring: Type.Object(pageQuery),
      response: { 200: listOf(TokenView) },
    },
    handler: async (request, reply) => {
      const { limit = 20, ...after } = request.query
      return presentPage(
        request,
        reply,
        await listServiceTokens(request.ctx, { ...after, limit }),
        present,
      )
    },
  })

  app.post('/admin/service-tokens', {
    config: { ...issue, errors: [errors.scope_above_own] },
    schema: {
      operationId: 'admin.createServiceToken',
      summary: 'Make a token for a program; it is shown this once',
      body: Type.Object({
        name: Type.String({ minLength: 1, maxLength: 100 }),
        scopes: Type.Array(choice(permissions), {
          minItems: 1,
          maxItems: 100,
          uniqueItems: true,
          description:
            'Permissions of yours that the program may use: those that `GET /access/permissions` says are `forPrograms`.',
        }),
        readOnly: Type.Optional(
          Type.Boolean({ default: true, description: 'It changes nothing, whatever its scopes.' }),
        ),
        expiresAt: ExpiresAt,
        requestsPerMinute: Type.Optional(
          Type.Integer({
            minimum: 1,
            maximum: maxKeyRequestsPerMinute,
            description: 'A limit of its own, below the general one.',
          }),
        ),
      }),
      response: { 201: dataOf(NewToken) },
    },
    handler: async (request, reply) => {
      const { row, token } = await request.ctx.tx((tx) =>
        createServiceToken(tx, request.body, whyNotForPrograms),
      )
      return reply.code(201).send({ data: { ...present(row), token } })
    },
  })

  app.post('/admin/service-tokens/:id/rotate', {
    config: {
      ...issue,
      errors: [errors.scope_above_own, errors.service_token_not_found],
      feltEverywhere: true,
    },
    schema: {
      operationId: 'admin.rotateServiceToken',
      summary: 'Make a new secret for a token; the old one works for a while',
      description: 'From now on you answer for the token, with your own rights.',
      params: Params,
      body: Type.Object({
        overlapMinutes: Type.Optional(
          Type.Integer({
            minimum: 0,
            maximum: maxOverlapMinutes,
            default: usualOverlapMinutes,
            description: 'How long the secret before works; an older one ends now.',
          }),
        ),
        expiresAt: Type.Optional(Time),
      }),
      response: { 200: dataOf(NewToken) },
    },
    handler: async (request) => {
      const { overlapMinutes = usualOverlapMinutes, ...rest } = request.body
      const { row, token } = await request.ctx.tx((tx) =>
        rotateServiceToken(tx, request.params.id, { overlapMinutes, ...rest }),
      )
      return { data: { ...present(row), token } }
    },
  })

  app.delete('/admin/service-tokens/:id', {
    config: {
      ...manage,
      errors: [errors.scope_above_own, errors.service_token_not_found],
      feltEverywhere: true,
    },
    schema: {
      operationId: 'admin.revokeServiceToken',
      summary: 'End a token at once',
      description: 'One of your own, or one whose scopes you all have.',
      params: Params,
      response: { 204: Type.Null() },
    },
    handler: async (request, reply) => {
      await request.ctx.tx((tx) => revokeServiceToken(tx, request.params.id))
      return reply.code(204).send(null)
    },
  })
}

const present = (row: ServiceToken) => ({
  id: row.id,
  name: row.name,
  hint: row.hint,
  scopes: row.scopes,
  readOnly: row.isReadOnly,
  requestsPerMinute: row.requestsPerMinute,
  backedBy: row.backedBy,
  expiresAt: row.expiresAt.toISOString(),
  previousUntil: row.previousUntil?.toISOString() ?? null,
  lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
  rotatedAt: row.rotatedAt?.toISOString() ?? null,
  createdAt: row.createdAt.toISOString(),
})
