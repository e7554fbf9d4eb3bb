/** HTTP: taking the audit log away as a file. */
import { Readable } from 'node:stream'
import { Type } from 'typebox'
import type { App } from '../../platform/http/index.ts'
import { choice } from '../../platform/http/schemas.ts'
import { errors } from './errors.ts'
import { exportFacts, formats, mediaTypes } from './exports.ts'
import { FactQuery, filterOf } from './filters.ts'

export async function auditExportRoutes(app: App) {
  app.get('/admin/audit-logs/export', {
    config: {
      can: 'audit.export',
      stepUp: true,
      elevation: 'required',
      errors: [errors.contradicting_filters],
    },
    schema: {
      operationId: 'audit.export',
      summary: 'The audit log as a file, oldest first',
      description:
        'All that matches, as it is when you ask. That you asked is recorded. Whoever loses the right to it meanwhile gets no more: the connection is cut, without an end of the file. A cell of CSV that begins like a formula has an apostrophe in front.',
      querystring: Type.Object({ format: choice(formats), ...FactQuery }),
      response: {
        200: Type.Unsafe<Readable>(
          Type.String({ description: 'Lines of CSV with a header, or of JSON.' }),
        ),
      },
    },
    handler: async (request, reply) => {
      const { format, ...query } = request.query
      const pages = await exportFacts(
        request.ctx,
        { format, filter: filterOf(query) },
        { mayHaveMore: () => request.mayHaveMore() },
      )
      const name = `audit-${request.ctx.now.toISOString().slice(0, 10)}.${format}`
      return reply
        .type(mediaTypes[format])
        .header('content-disposition', `attachment; filename="${name}"`)
        .send(Readable.from(pages, { objectMode: false }))
    },
  })
}
