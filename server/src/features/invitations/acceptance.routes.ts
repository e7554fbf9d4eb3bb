/** HTTP: what somebody does with the link in an invitation. */
import { Type } from 'typebox'
import { accessErrors } from '../../platform/http/errors.ts'
import { type App, dataOf } from '../../platform/http/index.ts'
import { Time, choice, nullable } from '../../platform/http/schemas.ts'
import { tokenErrors } from '../../platform/tokens/index.ts'
import {
  type AnswerSettings,
  Mode,
  RenewedFields,
  SignInAnswer,
  authErrors,
  openingOf,
  presentRenewed,
  presentSignIn,
} from '../auth/index.ts'
import { Username, usersErrors } from '../users/index.ts'
import { acceptInvitation, readInvitation } from './acceptance.ts'
import { errors } from './errors.ts'

const Token = Type.String({ maxLength: 200 })
const Offer = Type.Object({
  email: Type.String({ description: 'Only its beginning, and where it is.' }),
  role: Type.String(),
  name: nullable(Type.String()),
  inviter: nullable(Type.String({ description: 'The name of whoever invites.' })),
  expiresAt: Time,
})
const Joined = Type.Object({
  status: choice(['joined']),
  role: Type.String(),
  ...RenewedFields,
})

export async function acceptanceRoutes(app: App, settings: AnswerSettings) {
  app.post('/invitations/lookup', {
    config: {
      public: true,
      idempotency: 'off',
      limits: [{ policy: 'invitations_lookup_client', by: 'client' }],
      errors: [errors.invalid_token],
    },
    schema: {
      operationId: 'invitations.lookUp',
      summary: 'What the link in an invitation offers',
      description: 'Changes nothing, and is the same whether or not the address has an account.',
      body: Type.Object({ token: Token }),
      response: { 200: dataOf(Offer) },
    },
    handler: async (request) => {
      const { invitation, inviter } = await readInvitation(request.ctx, request.body.token)
      const { email, role, name, expiresAt } = invitation
      return {
        data: {
          email: mask(email),
          role,
          name,
          inviter: inviter.name,
          expiresAt: expiresAt.toISOString(),
        },
      }
    },
  })

  app.post('/invitations/accept', {
    config: {
      public: true,
      csrf: 'signIn',
      // A stored answer would keep a fast hash of the password, and the session's secret.
      idempotency: 'off',
      limits: [
        { policy: 'invitations_accept_client', by: 'client' },
        // The half of a token that is no secret names its mail.
        {
          policy: 'invitations_accept',
          by: ({ token }: { token: string }) => token.split('.')[0] ?? '',
        },
      ],
      errors: [
        errors.invalid_token,
        errors.account_exists,
        errors.other_account,
        accessErrors.session_required,
        authErrors.weak_password,
        usersErrors.username_taken,
        tokenErrors.unavailable,
      ],
    },
    schema: {
      operationId: 'invitations.accept',
      summary: 'Accept an invitation, with the token of its link',
      description:
        'Somebody new sends a password and is signed in (201). The account of the address must be signed in; it gets the role (200), and its session goes on under a new id, cookie and tokens. What is refused leaves the invitation as it is.',
      body: Type.Object({
        token: Token,
        password: Type.Optional(Type.String({ minLength: 1, maxLength: 256 })),
        name: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
        username: Type.Optional(Username),
        mode: Type.Optional(Mode),
      }),
      response: { 200: dataOf(Joined), 201: dataOf(SignInAnswer) },
    },
    handler: async (request, reply) => {
      const { mode = 'cookie', ...input } = request.body
      const accepted = await acceptInvitation(request.ctx, input, openingOf(request, mode))
      if ('joined' in accepted) {
        const { joined, renewed } = accepted
        const session = renewed ? presentRenewed(reply, renewed, settings) : {}
        return { data: { status: 'joined' as const, role: joined.role, ...session } }
      }
      return reply.code(201).send({ data: presentSignIn(reply, accepted.opened, settings) })
    },
  })
}

/** `a…@example.com`: enough to recognise one's own address, and nobody else's. */
function mask(email: string): string {
  return `${email.slice(0, 1)}…${email.slice(email.lastIndexOf('@'))}`
}
