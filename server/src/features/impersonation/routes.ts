/** HTTP: acting in somebody's account. */
import { Type } from 'typebox'
import { accessErrors } from '../../platform/http/errors.ts'
import { tokenErrors } from '../../platform/tokens/index.ts'
import { type App, dataOf, listOf, pageQuery, presentPage } from '../../platform/http/index.ts'
import { Time, choice, nullable } from '../../platform/http/schemas.ts'
import {
  type AnswerSettings,
  ImpersonatedSession,
  clearCookie,
  presentImpersonated,
  sessionCookie,
} from '../auth/index.ts'
import { requireAccount, usersErrors } from '../users/index.ts'
import { errors } from './errors.ts'
import { end, exchange, listImpersonations, request } from './impersonations.ts'
import type { Impersonation } from './tables.ts'

const maxMinutes = 60
const readUsers = 'admin.read_users'
const Id = Type.String({ format: 'uuid' })
const ImpersonationView = Type.Object({
  id: Id,
  by: Id,
  reason: Type.String(),
  begunAt: nullable(Time),
  endsAt: nullable(Time),
  endedAt: nullable(Time),
})

export async function impersonationRoutes(app: App, settings: AnswerSettings) {
  app.post('/admin/impersonation', {
    config: {
      can: 'impersonation.begin',
      stepUp: true,
      elevation: 'required',
      idempotency: 'off',
      errors: [usersErrors.user_not_found, errors.not_below, errors.account_inactive],
    },
    schema: {
      operationId: 'impersonation.request',
      summary: 'Ask to act in somebody’s account; the token begins it',
      description:
        'Only in accounts that may do less than yours. The token works once, within a minute; the owner is told by mail when it is used.',
      body: Type.Object({
        userId: Id,
        reason: Type.String({
          minLength: 1,
          maxLength: 500,
          pattern: '\\S',
          description: 'The owner of the account reads it.',
        }),
        minutes: Type.Optional(Type.Integer({ minimum: 1, maximum: maxMinutes, default: 30 })),
      }),
      response: {
        201: dataOf(
          Type.Object({ token: Type.String(), expiresAt: Time, minutes: Type.Integer() }),
        ),
      },
    },
    handler: async ({ ctx, body }, reply) => {
      const { expiresAt, ...asked } = await ctx.tx((tx) => request(tx, body))
      return reply.code(201).send({ data: { ...asked, expiresAt: expiresAt.toISOString() } })
    },
  })

  app.post('/admin/impersonation/exchange', {
    config: {
      public: true,
      csrf: 'signIn',
      idempotency: 'off',
      limits: [{ policy: 'impersonation_exchange', by: 'client' }],
      errors: [
        errors.invalid_token,
        errors.signed_in_here,
        accessErrors.impersonated,
        tokenErrors.unavailable,
      ],
    },
    schema: {
      operationId: 'impersonation.exchange',
      summary: 'Trade the token for a session in the account, once',
      description:
        'The session ends by itself, and with the session that asked for it; nothing refreshes it. A cookie is only set where nobody is signed in.',
      body: Type.Object({
        token: Type.String({ maxLength: 200 }),
        mode: Type.Optional(
          choice(['token', 'cookie'], 'An access token, which is the default, or a cookie.'),
        ),
      }),
      response: { 200: dataOf(ImpersonatedSession) },
    },
    handler: async ({ ctx, caller, body }, reply) => {
      const { token, mode = 'token' } = body
      // The cookie would take the place of the session on which the impersonation stands.
      if (mode === 'cookie' && caller.credential === 'cookie') throw errors.signed_in_here()
      return { data: presentImpersonated(reply, await exchange(ctx, { token, mode }), settings) }
    },
  })

  app.post('/admin/impersonation/end', {
    config: { signedIn: true, ownerOnly: false, errors: [errors.none_running] },
    schema: {
      operationId: 'impersonation.end',
      summary: 'End this impersonation or, from your own session, those that you have begun in it',
      response: { 204: Type.Null() },
    },
    handler: async ({ ctx, caller }, reply) => {
      await ctx.tx(end)
      if (caller.impersonation) clearCookie(reply, sessionCookie)
      return reply.code(204).send(null)
    },
  })

  app.get('/users/me/impersonations', {
    config: { can: 'users.read_self' },
    schema: {
      operationId: 'impersonation.listOwn',
      summary: 'When somebody acted in your account, and why; newest first',
      querystring: Type.Object(pageQuery),
      response: { 200: listOf(ImpersonationView) },
    },
    handler: async (asked, reply) => {
      const { limit = 20, ...after } = asked.query
      const own = await listImpersonations(asked.ctx, asked.ctx.actor.id ?? '', { ...after, limit })
      return presentPage(asked, reply, own, present)
    },
  })

  app.get('/admin/users/:id/impersonations', {
    config: { can: readUsers, errors: [usersErrors.user_not_found] },
    schema: {
      operationId: 'impersonation.listOf',
      summary: 'When administrators acted in somebody’s account, and why; newest first',
      params: Type.Object({ id: Id }),
      querystring: Type.Object(pageQuery),
      response: { 200: listOf(ImpersonationView) },
    },
    handler: async (asked, reply) => {
      await requireAccount(asked.ctx, readUsers, asked.params.id)
      const { limit = 20, ...after } = asked.query
      const found = await listImpersonations(asked.ctx, asked.params.id, { ...after, limit })
      return presentPage(asked, reply, found, present)
    },
  })
}

const present = ({ id, impersonatorId, reason, begunAt, endsAt, endedAt }: Impersonation) => ({
  id,
  by: impersonatorId,
  reason,
  begunAt: begunAt?.toISOString() ?? null,
  endsAt: endsAt?.toISOString() ?? null,
  endedAt: endedAt?.toISOString() ?? null,
})
