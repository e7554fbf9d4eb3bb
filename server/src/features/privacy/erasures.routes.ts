/** HTTP: having one's own account erased, and having it back while that is possible. */
import { Type } from 'typebox'
import { accessErrors } from '../../platform/http/errors.ts'
import { type App, dataOf } from '../../platform/http/index.ts'
import { Time, choice } from '../../platform/http/schemas.ts'
import { requestErasure, restoreAccount } from './erasures.ts'
import { errors } from './errors.ts'

export async function erasureRoutes(app: App) {
  app.delete('/users/me', {
    config: {
      can: 'privacy.erase_self',
      stepUp: true,
      errors: [errors.last_super_admin, accessErrors.unauthenticated],
    },
    schema: {
      operationId: 'privacy.eraseMe',
      summary: 'Close your account, and have it erased',
      description:
        'Every session, token, key and trusted device ends at once. Until `erasesAt` the link in the mail opens the account again; then everything personal is deleted.',
      response: {
        202: dataOf(Type.Object({ status: choice(['closed']), erasesAt: Time })),
      },
    },
    handler: async (request, reply) => {
      const { dueAt } = await request.ctx.tx(requestErasure)
      return reply
        .code(202)
        .header('clear-site-data', '"cookies", "storage"')
        .send({ data: { status: 'closed' as const, erasesAt: dueAt.toISOString() } })
    },
  })

  app.post('/users/restore', {
    config: {
      public: true,
      limits: [{ policy: 'privacy_restore_client', by: 'client' }],
      errors: [errors.invalid_restore_link],
    },
    schema: {
      operationId: 'privacy.restore',
      summary: 'Open a closed account again, with the token of the mailed link',
      description: 'Works once, until the account is erased. It signs nobody in.',
      body: Type.Object({ token: Type.String({ maxLength: 200 }) }),
      response: { 200: dataOf(Type.Object({ status: choice(['restored']) })) },
    },
    handler: async (request) => {
      await restoreAccount(request.ctx, request.body.token)
      return { data: { status: 'restored' as const } }
    },
  })
}
