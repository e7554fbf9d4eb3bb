/** HTTP: the identities of one's own account. */
import { Type } from 'typebox'
import type { Ctx } from '../../platform/context.ts'
import { accessErrors } from '../../platform/http/errors.ts'
import { type App, dataOf } from '../../platform/http/index.ts'
import { Time, nullable } from '../../platform/http/schemas.ts'
import type { Elsewhere } from '../auth/index.ts'
import { requireAccount, usersErrors } from '../users/index.ts'
import { errors } from './errors.ts'
import { listIdentities, removeIdentity } from './identities.ts'
import { type RedirectSettings, redirectTarget } from './redirects.ts'
import { ProviderParams, RedirectTo, Started, browserOf } from './routes.ts'
import { start } from './sign-in.ts'

const readUsers = 'admin.read_users'
const Id = Type.String({ format: 'uuid' })
const Listed = Type.Object({
  id: Id,
  provider: nullable(Type.String({ description: 'Its id; null when it is not offered any more.' })),
  issuer: Type.String(),
  email: nullable(Type.String({ description: 'As the provider last said it.' })),
  createdAt: Time,
  lastUsedAt: Time,
})

export async function identityRoutes(app: App, settings: RedirectSettings, elsewhere: Elsewhere) {
  app.get('/oidc/identities', {
    config: { can: 'oidc.manage' },
    schema: {
      operationId: 'oidc.listIdentities',
      summary: 'The identities you sign in with',
      response: { 200: dataOf(Type.Array(Listed)) },
    },
    handler: async ({ ctx }) => ({ data: await shownOf(ctx, ctx.actor.id ?? '') }),
  })

  app.get('/admin/users/:id/identities', {
    config: { can: readUsers, errors: [usersErrors.user_not_found] },
    schema: {
      operationId: 'oidc.listIdentitiesOf',
      summary: 'The identities that somebody signs in with',
      params: Type.Object({ id: Id }),
      response: { 200: dataOf(Type.Array(Listed)) },
    },
    handler: async ({ ctx, params: { id } }) => {
      await requireAccount(ctx, readUsers, id)
      return { data: await shownOf(ctx, id) }
    },
  })

  app.post('/oidc/:provider/link', {
    config: {
      can: 'oidc.manage',
      stepUp: true,
      idempotency: 'off',
      errors: [
        accessErrors.session_required,
        accessErrors.step_up_required,
        errors.provider_not_found,
        errors.provider_unavailable,
        errors.provider_refused,
        errors.redirect_not_allowed,
      ],
    },
    schema: {
      operationId: 'oidc.link',
      summary: 'Begin to add an identity to your account',
      description: 'As `start`; the browser comes back with `#linked=` or `#error=`.',
      params: ProviderParams,
      body: Type.Object({ redirectTo: RedirectTo }),
      response: { 200: Started },
    },
    handler: async (request, reply) => {
      const { id: userId, sessionId } = request.ctx.actor
      const authorizationUrl = await start(request.ctx, {
        providerId: request.params.provider,
        purpose: 'link',
        mode: 'cookie',
        redirectTo: redirectTarget(request.body.redirectTo, settings),
        browser: browserOf(request, reply),
        userId,
        sessionId,
      })
      return { data: { authorizationUrl: authorizationUrl.href } }
    },
  })

  app.delete('/oidc/identities/:id', {
    config: {
      can: 'oidc.manage',
      stepUp: true,
      errors: [
        accessErrors.session_required,
        accessErrors.step_up_required,
        errors.identity_not_found,
        errors.last_way_in,
      ],
    },
    schema: {
      operationId: 'oidc.removeIdentity',
      summary: 'Remove an identity from your account; what it has opened ends',
      params: Type.Object({ id: Id }),
      response: { 204: Type.Null() },
    },
    handler: async (request, reply) => {
      await request.ctx.tx((tx) => removeIdentity(tx, request.params.id, elsewhere))
      return reply.code(204).send(null)
    },
  })
}

async function shownOf(ctx: Ctx, userId: string) {
  const providers = ctx.ports.identity.list
  const found = await listIdentities(ctx, userId)
  return found.map(({ id, issuer, email, createdAt, lastUsedAt }) => ({
    id,
    provider: providers.find((each) => each.issuer === issuer)?.id ?? null,
    issuer,
    email,
    createdAt: createdAt.toISOString(),
    lastUsedAt: lastUsedAt.toISOString(),
  }))
}
