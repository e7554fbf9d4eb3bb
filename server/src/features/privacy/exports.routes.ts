/** HTTP: having one's own data put together, and fetching it. */
import { Type } from 'typebox'
import { type App, dataOf } from '../../platform/http/index.ts'
import { Time, choice, nullable } from '../../platform/http/schemas.ts'
import { errors } from './errors.ts'
import { listExports, openExport, requestExport } from './exports.ts'
import type { Export } from './tables.ts'

const Id = Type.String({ format: 'uuid' })
const ExportView = Type.Object({
  id: Id,
  status: choice(['pending', 'ready', 'failed', 'expired']),
  sizeBytes: nullable(Type.Integer()),
  createdAt: Time,
  readyAt: nullable(Time),
  expiresAt: Time,
})
const own = { can: 'privacy.export_self' } as const

export async function exportRoutes(app: App) {
  app.post('/users/me/export', {
    config: { ...own, stepUp: true, errors: [errors.too_many_exports] },
    schema: {
      operationId: 'privacy.requestExport',
      summary: 'Have everything that is stored about you put together',
      description:
        'A zip of JSON files; a mail says when it is ready. Asking again meanwhile answers the same one. Three a day.',
      response: { 202: dataOf(ExportView) },
    },
    handler: async (request, reply) => {
      const wanted = await request.ctx.tx(requestExport)
      return reply.code(202).send({ data: present(wanted) })
    },
  })

  app.get('/users/me/exports', {
    config: own,
    schema: {
      operationId: 'privacy.listExports',
      summary: 'Your archives, newest first',
      response: { 200: dataOf(Type.Array(ExportView)) },
    },
    handler: async (request) => ({ data: (await listExports(request.ctx)).map(present) }),
  })

  app.get('/users/me/exports/:id/download', {
    config: { ...own, stepUp: true, errors: [errors.export_not_found] },
    schema: {
      operationId: 'privacy.openExport',
      summary: 'An address to fetch an archive from, valid for minutes',
      params: Type.Object({ id: Id }),
      response: { 200: dataOf(Type.Object({ url: Type.String(), expiresAt: Time })) },
    },
    handler: async (request) => {
      const { url, expiresAt } = await openExport(request.ctx, request.params.id)
      return { data: { url, expiresAt: expiresAt.toISOString() } }
    },
  })
}

const present = ({ id, status, sizeBytes, createdAt, readyAt, expiresAt }: Export) => ({
  id,
  // Deleted by the clock within the hour; nobody gets it any more.
  status: status === 'ready' && expiresAt < new Date() ? ('expired' as const) : status,
  sizeBytes,
  createdAt: createdAt.toISOString(),
  readyAt: readyAt?.toISOString() ?? null,
  expiresAt: expiresAt.toISOString(),
})
