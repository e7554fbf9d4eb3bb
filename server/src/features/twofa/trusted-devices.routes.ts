/** HTTP: the devices on which you need no second step. */
import { Type } from 'typebox'
import { type App, dataOf } from '../../platform/http/index.ts'
import { Time, nullable } from '../../platform/http/schemas.ts'
import { errors } from './errors.ts'
import { distrustDevice, endTrust, listTrustedDevices } from './trusted-devices.ts'

const Id = Type.String({ format: 'uuid' })
const Device = Type.Object({
  id: Id,
  userAgent: nullable(Type.String()),
  createdAt: Time,
  lastUsedAt: Time,
  expiresAt: Time,
})

export async function trustedDeviceRoutes(app: App) {
  app.get('/twofa/trusted-devices', {
    config: { can: 'twofa.manage' },
    schema: {
      operationId: 'twofa.listTrustedDevices',
      summary: 'Your trusted devices, newest first',
      response: { 200: dataOf(Type.Array(Device)) },
    },
    handler: async (request) => ({
      data: (await listTrustedDevices(request.ctx, request.ctx.actor.id ?? '')).map((device) => ({
        id: device.id,
        userAgent: device.userAgent,
        createdAt: device.createdAt.toISOString(),
        lastUsedAt: device.lastUsedAt.toISOString(),
        expiresAt: device.expiresAt.toISOString(),
      })),
    }),
  })

  app.delete('/twofa/trusted-devices', {
    config: { can: 'twofa.manage' },
    schema: {
      operationId: 'twofa.distrustAllDevices',
      summary: 'Ask every device of yours for a code again',
      response: { 204: Type.Null() },
    },
    handler: async (request, reply) => {
      await request.ctx.tx((tx) => endTrust(tx, tx.actor.id ?? ''))
      return reply.code(204).send(null)
    },
  })

  app.delete('/twofa/trusted-devices/:id', {
    config: { can: 'twofa.manage', errors: [errors.trusted_device_not_found] },
    schema: {
      operationId: 'twofa.distrustDevice',
      summary: 'Ask one of your devices for a code again',
      params: Type.Object({ id: Id }),
      response: { 204: Type.Null() },
    },
    handler: async (request, reply) => {
      await request.ctx.tx((tx) => distrustDevice(tx, request.params.id))
      return reply.code(204).send(null)
    },
  })
}
