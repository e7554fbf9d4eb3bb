/** HTTP: inviting people, and what became of it. */
import { Type } from 'typebox'
import { accessErrors } from '../../platform/http/errors.ts'
import { type App, dataOf, listOf, pageQuery, presentPage } from '../../platform/http/index.ts'
import { Time, choice, nullable } from '../../platform/http/schemas.ts'
import { accessRoomErrors } from '../access/index.ts'
import { usersErrors } from '../users/index.ts'
import { errors } from './errors.ts'
import { getInvitation, invite, listInvitations, resend, revoke, sorting } from './invitations.ts'
import { type Invitation, statuses } from './tables.ts'

const Id = Type.String({ format: 'uuid' })
const Params = Type.Object({ id: Id })
const Status = choice(
  statuses,
  'Only `pending` ones can be accepted. A new one for the same address makes the older `replaced`. With `inviter_lost_right`, whoever answers for it may not give the role any more: sent again by somebody who may, it is `pending`.',
)
const InvitationView = Type.Object({
  id: Id,
  email: Type.String(),
  role: Type.String(),
  name: nullable(Type.String()),
  message: nullable(Type.String()),
  status: Status,
  invitedBy: Type.String({
    format: 'uuid',
    description: 'Who sent the newest mail, and answers for the role.',
  }),
  sentAt: Time,
  expiresAt: Time,
  endedAt: nullable(Time),
  acceptedBy: nullable(Id),
  createdAt: Time,
})
const InvitationBody = Type.Object({
  email: Type.String({ minLength: 3, maxLength: 320 }),
  role: Type.String({ minLength: 1, maxLength: 63 }),
  name: Type.Optional(
    Type.String({ minLength: 1, maxLength: 100, description: 'Suggested to whoever accepts.' }),
  ),
  message: Type.Optional(
    Type.String({ minLength: 1, maxLength: 500, description: 'A few words for the mail.' }),
  ),
})

const manage = { can: 'invitations.manage' } as const
/** To invite is to give a role: asked of a session that has shown a code of its authenticator lately, and not as often as one likes. */
const send = {
  ...manage,
  stepUp: true,
  elevation: 'required',
  limits: [{ policy: 'invitations_user', by: 'user' }],
} as const
const sendErrors = [
  accessErrors.session_required,
  accessErrors.step_up_required,
  accessRoomErrors.unknown_role,
  accessRoomErrors.role_above_own,
  errors.own_address,
  errors.too_many_mails,
]

export async function invitationRoutes(app: App) {
  app.post('/invitations', {
    config: { ...send, errors: [...sendErrors, usersErrors.invalid_email] },
    schema: {
      operationId: 'invitations.invite',
      summary: 'Invite somebody to a role, by mail',
      description:
        'Nobody gives a role that permits more than they may do, now or when it is accepted. An older invitation of the address is replaced, unless its role is one that you may not give.',
      body: InvitationBody,
      response: { 201: dataOf(InvitationView) },
    },
    handler: async (request, reply) =>
      reply.code(201).send({
        data: present(await request.ctx.tx((tx) => invite(tx, request.body))),
      }),
  })

  app.get('/invitations', {
    config: manage,
    schema: {
      operationId: 'invitations.list',
      summary: 'Invitations, newest first',
      querystring: Type.Object({
        ...pageQuery,
        sort: sorting.sort,
        status: Type.Optional(Status),
        total: Type.Optional(Type.Boolean({ description: 'Also count them all.' })),
      }),
      response: { 200: listOf(InvitationView) },
    },
    handler: async (request, reply) => {
      const { limit = 20, total = false, ...filter } = request.query
      const page = await listInvitations(request.ctx, { ...filter, limit, withTotal: total })
      return presentPage(request, reply, page, present)
    },
  })

  app.get('/invitations/:id', {
    config: { ...manage, errors: [errors.invitation_not_found] },
    schema: {
      operationId: 'invitations.get',
      summary: 'One invitation',
      params: Params,
      response: { 200: dataOf(InvitationView) },
    },
    handler: async (request) => ({
      data: present(await getInvitation(request.ctx, request.params.id)),
    }),
  })

  app.post('/invitations/:id/resend', {
    config: { ...send, errors: [...sendErrors, errors.invitation_not_found, errors.not_waiting] },
    schema: {
      operationId: 'invitations.resend',
      summary: 'Mail a new link; the older one is dead',
      description: 'The role stays. From now on you answer for it, with your own rights.',
      params: Params,
      response: { 200: dataOf(InvitationView) },
    },
    handler: async (request) => ({
      data: present(await request.ctx.tx((tx) => resend(tx, request.params.id))),
    }),
  })

  app.delete('/invitations/:id', {
    config: {
      ...manage,
      errors: [errors.invitation_not_found, errors.not_waiting, accessRoomErrors.role_above_own],
    },
    schema: {
      operationId: 'invitations.revoke',
      summary: 'Take an invitation back, at once',
      description: 'Not one that can be accepted and is to a role above yours.',
      params: Params,
      response: { 204: Type.Null() },
    },
    handler: async (request, reply) => {
      await request.ctx.tx((tx) => revoke(tx, request.params.id))
      return reply.code(204).send(null)
    },
  })
}

const present = ({ mailId: _mailId, updatedAt: _updatedAt, ...row }: Invitation) => ({
  ...row,
  sentAt: row.sentAt.toISOString(),
  expiresAt: row.expiresAt.toISOString(),
  endedAt: row.endedAt?.toISOString() ?? null,
  createdAt: row.createdAt.toISOString(),
})
