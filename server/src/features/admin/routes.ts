/** HTTP: the installer. */
import { Type } from 'typebox'
import { type App, dataOf } from '../../platform/http/index.ts'
import { authErrors } from '../auth/index.ts'
import { errors } from './errors.ts'
import { install } from './installer.ts'

export async function adminRoutes(app: App) {
  app.post('/admin/setup', {
    config: {
      public: true,
      idempotency: 'off',
      limits: [{ policy: 'admin_setup_client', by: 'client' }],
      errors: [errors.installer_closed, errors.email_taken, authErrors.weak_password],
    },
    schema: {
      operationId: 'admin.setup',
      summary: 'Make the first super admin, with the installer link’s token',
      body: Type.Object({
        token: Type.String({ maxLength: 200 }),
        email: Type.String({ minLength: 3, maxLength: 320 }),
        password: Type.String({ minLength: 1, maxLength: 256 }),
        name: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
      }),
      response: {
        201: dataOf(Type.Object({ id: Type.String({ format: 'uuid' }), email: Type.String() })),
      },
    },
    handler: async (request, reply) => {
      const { token, ...input } = request.body
      const { id, email } = await install(request.ctx, token, input)
      return reply.code(201).send({ data: { id, email } })
    },
  })
}
