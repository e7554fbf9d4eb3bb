/** HTTP: the audit log, and one's own part of it. */
import { Type } from 'typebox'
import { type App, dataOf, listOf, pageQuery, presentPage } from '../../platform/http/index.ts'
import { Time, nullable } from '../../platform/http/schemas.ts'
import { errors } from './errors.ts'
import { getFact, getOwnFact, listFacts, listOwnFacts, sorting } from './facts.ts'
import { FactQuery, filterOf } from './filters.ts'
import { lastVerification } from './verifications.ts'
import { FactView, OwnFactView, presentFact, presentOwnFact } from './views.ts'

const read = { can: 'audit.read' } as const

export async function auditRoutes(app: App) {
  app.get('/admin/audit-logs', {
    config: { ...read, errors: [errors.contradicting_filters] },
    schema: {
      operationId: 'audit.list',
      summary: 'What was done and refused, newest first',
      description:
        'Always with a total; it counts up to 10,000, and `meta.isTotalExact` is false when there are more.',
      querystring: Type.Object({ ...pageQuery, sort: sorting.sort, ...FactQuery }),
      response: { 200: listOf(FactView) },
    },
    handler: async (request, reply) => {
      const { limit = 20, cursor, sort, ...query } = request.query
      const page = await listFacts(request.ctx, { ...filterOf(query), limit, cursor, sort })
      return presentPage(request, reply, page, presentFact)
    },
  })

  app.get('/admin/audit-logs/verification', {
    config: read,
    schema: {
      operationId: 'audit.getVerification',
      summary: 'What the last verification of the chain found',
      description: 'One is made every night, and by `ashlar audit verify`.',
      response: {
        200: dataOf(
          nullable(
            Type.Object({
              at: Time,
              isGood: Type.Boolean(),
              first: Type.String(),
              last: Type.String(),
              checked: Type.Integer(),
              heads: Type.Integer(),
              problem: nullable(
                Type.Object({
                  kind: Type.String(),
                  number: nullable(Type.String()),
                  eventId: nullable(Type.String()),
                  message: Type.String(),
                }),
              ),
              newestHead: nullable(
                Type.Object({ number: Type.String(), at: Time, kid: Type.String() }),
              ),
              unsealed: Type.Object({ count: Type.Integer(), oldestAt: nullable(Time) }),
            }),
          ),
        ),
      },
    },
    handler: async (request) => ({ data: await lastVerification(request.ctx) }),
  })

  app.get('/admin/audit-logs/:id', {
    config: { ...read, errors: [errors.fact_not_found] },
    schema: {
      operationId: 'audit.get',
      summary: 'One entry of the audit log',
      params: Type.Object({ id: Type.String({ format: 'uuid' }) }),
      response: { 200: dataOf(FactView) },
    },
    handler: async (request) => ({
      data: presentFact(await getFact(request.ctx, request.params.id)),
    }),
  })

  app.get('/users/me/activity', {
    config: { can: 'audit.read_self' },
    schema: {
      operationId: 'audit.listOwn',
      summary: 'What you did, and what others did to your account or in your name, newest first',
      querystring: Type.Object(pageQuery),
      response: { 200: listOf(OwnFactView) },
    },
    handler: async (request, reply) => {
      const { limit = 20, cursor } = request.query
      const page = await listOwnFacts(request.ctx, { limit, cursor })
      return presentPage(request, reply, page, (row) => presentOwnFact(row, request.ctx.actor.id))
    },
  })

  app.get('/users/me/activity/:id', {
    config: { can: 'audit.read_self', errors: [errors.fact_not_found] },
    schema: {
      operationId: 'audit.getOwn',
      summary: 'One entry of your activity',
      params: Type.Object({ id: Type.String({ format: 'uuid' }) }),
      response: { 200: dataOf(OwnFactView) },
    },
    handler: async ({ ctx, params }) => ({
      data: presentOwnFact(await getOwnFact(ctx, params.id), ctx.actor.id),
    }),
  })
}
