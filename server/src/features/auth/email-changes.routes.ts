/** HTTP: changing the address of one's account. */
import { Type } from 'typebox'
import { type App, dataOf } from '../../platform/http/index.ts'
import { Time, choice, nullable } from '../../platform/http/schemas.ts'
import { usersErrors } from '../users/index.ts'
import { findChangeOf } from './email-change-proofs.ts'
import {
  cancelEmailChange,
  confirmEmailChange,
  requestEmailChange,
  withdrawEmailChange,
} from './email-changes.ts'
import { errors } from './errors.ts'
import type { EmailChange } from './tables.ts'

const Waiting = Type.Object({
  newEmail: Type.String(),
  oldConfirmed: Type.Boolean({ description: 'The mailbox of the present address has agreed.' }),
  newConfirmed: Type.Boolean({ description: 'The mailbox of the new address has agreed.' }),
  createdAt: Time,
  expiresAt: Time,
})
const ByToken = Type.Object({ token: Type.String({ maxLength: 200 }) })
const own = { can: 'auth.change_email' } as const
const byLink = {
  public: true,
  limits: [{ policy: 'auth_email_change_client', by: 'client' }],
  errors: [errors.invalid_email_change],
} as const

export async function emailChangeRoutes(app: App) {
  app.post('/auth/email-change', {
    config: {
      ...own,
      stepUp: true,
      limits: [{ policy: 'auth_email_change_user', by: 'user' }],
      errors: [errors.email_unchanged, usersErrors.invalid_email],
    },
    schema: {
      operationId: 'auth.requestEmailChange',
      summary: 'Ask for another e-mail address',
      description:
        'Both addresses get a mail with a link; the address changes when both have agreed, within a day. The newest request counts. A taken address answers like a free one.',
      body: Type.Object({ email: Type.String({ minLength: 3, maxLength: 320 }) }),
      response: { 202: dataOf(Waiting) },
    },
    handler: async (request, reply) => {
      const change = await request.ctx.tx((tx) => requestEmailChange(tx, request.body.email))
      return reply.code(202).send({ data: present(change) })
    },
  })

  app.get('/auth/email-change', {
    config: own,
    schema: {
      operationId: 'auth.getEmailChange',
      summary: 'The change of address that waits; null where none does',
      response: { 200: dataOf(nullable(Waiting)) },
    },
    handler: async (request) => {
      const change = await findChangeOf(request.ctx, request.ctx.actor.id ?? '')
      return { data: change && present(change) }
    },
  })

  app.delete('/auth/email-change', {
    config: { ...own, errors: [errors.email_change_not_found] },
    schema: {
      operationId: 'auth.withdrawEmailChange',
      summary: 'Call the change of address off',
      response: { 204: Type.Null() },
    },
    handler: async (request, reply) => {
      await request.ctx.tx(withdrawEmailChange)
      return reply.code(204).send(null)
    },
  })

  app.post('/auth/email-change/confirm', {
    config: byLink,
    schema: {
      operationId: 'auth.confirmEmailChange',
      summary: 'Agree to a change of address, with the token of a mailed link',
      description:
        '`waiting` until the other mailbox has agreed too. With `changed`, every other session ends.',
      body: ByToken,
      response: { 200: dataOf(Type.Object({ status: choice(['waiting', 'changed']) })) },
    },
    handler: async (request) => ({
      data: { status: await confirmEmailChange(request.ctx, request.body.token) },
    }),
  })

  app.post('/auth/email-change/cancel', {
    config: byLink,
    schema: {
      operationId: 'auth.cancelEmailChange',
      summary: 'Call a change of address off, with the token of a mailed link',
      body: ByToken,
      response: { 200: dataOf(Type.Object({ status: choice(['cancelled']) })) },
    },
    handler: async (request) => {
      await cancelEmailChange(request.ctx, request.body.token)
      return { data: { status: 'cancelled' as const } }
    },
  })
}

const present = (change: EmailChange) => ({
  newEmail: change.newEmail,
  oldConfirmed: change.oldConfirmedAt !== null,
  newConfirmed: change.newConfirmedAt !== null,
  createdAt: change.createdAt.toISOString(),
  expiresAt: change.expiresAt.toISOString(),
})
