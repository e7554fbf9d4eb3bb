/** HTTP: other people's accounts. */
import { Type } from 'typebox'
import { type App, dataOf, listOf, pageQuery, presentPage } from '../../platform/http/index.ts'
import { Time, choice, nullable } from '../../platform/http/schemas.ts'
import { accessRoomErrors } from '../access/index.ts'
import { statuses, usersErrors } from '../users/index.ts'
import { type Account, type AccountDetail, getAccount, listAccounts, sorting } from './accounts.ts'
import { errors } from './errors.ts'
import { resetFactors, signOut, suspend, unsuspend } from './interventions.ts'
import { giveRole, takeRole } from './role-changes.ts'
import { type Intervention, interventionKinds } from './tables.ts'

const Id = Type.String({ format: 'uuid' })
const Params = Type.Object({ id: Id })
const Role = Type.String({ pattern: '^[a-z][a-z0-9_]{0,62}$' })
const RoleParams = Type.Object({ id: Id, role: Role })
const Reason = Type.String({
  minLength: 1,
  maxLength: 500,
  pattern: '\\S',
  description: 'Kept with the account, for other administrators.',
})
const AccountView = Type.Object({
  id: Id,
  email: Type.String(),
  emailVerified: Type.Boolean(),
  name: nullable(Type.String()),
  username: nullable(Type.String()),
  locale: Type.String(),
  status: choice(statuses),
  suspendedUntil: nullable(
    Type.String({ format: 'date-time', description: 'Null for a suspension without an end.' }),
  ),
  roles: Type.Array(Type.String()),
  lastLoginAt: nullable(Time),
  createdAt: Time,
})
const DetailView = Type.Object({
  ...AccountView.properties,
  factors: Type.Object({
    authenticatorSince: nullable(Time),
    backupCodesLeft: Type.Integer(),
    trustedDevices: Type.Integer(),
    passkeys: Type.Integer(),
  }),
  sessions: Type.Integer({ description: 'Where they are signed in.' }),
  signInLock: nullable(
    Type.Object(
      { failures: Type.Integer(), lockedUntil: nullable(Time) },
      { description: 'Wrong passwords in a row, from devices that are not known.' },
    ),
  ),
  interventions: Type.Array(
    Type.Object({
      id: Id,
      kind: choice(interventionKinds),
      reason: Type.String(),
      by: Type.String(),
      until: nullable(Time),
      liftedAt: nullable(Time),
      liftedBy: nullable(Type.String()),
      createdAt: Time,
    }),
    { description: 'What administrators did to this account, newest first.' },
  ),
})

const aboutAnother = [usersErrors.user_not_found, errors.own_account, errors.account_above]
/** What decides over somebody's account is asked of a session that has just shown its factors. */
const grave = { stepUp: true, elevation: 'required' } as const

export async function accountRoutes(app: App) {
  app.get('/admin/users', {
    config: { can: 'admin.read_users' },
    schema: {
      operationId: 'admin.listUsers',
      summary: 'Accounts, newest first',
      querystring: Type.Object({
        ...pageQuery,
        sort: sorting.sort,
        search: Type.Optional(
          Type.String({
            minLength: 1,
            maxLength: 320,
            description: 'Start of an address, name or username, or an id.',
          }),
        ),
        status: Type.Optional(choice(statuses)),
        role: Type.Optional(Role),
        verified: Type.Optional(Type.Boolean()),
      }),
      response: { 200: listOf(AccountView) },
    },
    handler: async (request, reply) => {
      const { limit = 20, ...filter } = request.query
      return presentPage(
        request,
        reply,
        await listAccounts(request.ctx, { ...filter, limit }),
        present,
      )
    },
  })

  app.get('/admin/users/:id', {
    config: { can: 'admin.read_users', errors: [usersErrors.user_not_found] },
    schema: {
      operationId: 'admin.getUser',
      summary: 'One account: its standing, roles, factors, and what was done to it',
      params: Params,
      response: { 200: dataOf(DetailView) },
    },
    handler: async (request) => ({
      data: presentDetail(await getAccount(request.ctx, request.params.id)),
    }),
  })

  app.post('/admin/users/:id/suspend', {
    config: {
      ...grave,
      feltEverywhere: true,
      can: 'admin.suspend_users',
      errors: [
        ...aboutAnother,
        errors.already_suspended,
        errors.account_closed,
        errors.last_super_admin,
      ],
    },
    schema: {
      operationId: 'admin.suspendUser',
      summary: 'Keep somebody out, until a time or until it is lifted',
      description:
        'Their sessions, API keys, trusted devices and mailed links end at once. Signing in answers as for a wrong password. An account that its owner has closed does not open again meanwhile.',
      params: Params,
      body: Type.Object({ reason: Reason, until: Type.Optional(Time) }),
      response: { 204: Type.Null() },
    },
    handler: async (request, reply) => {
      await request.ctx.tx((tx) => suspend(tx, request.params.id, request.body))
      return reply.code(204).send(null)
    },
  })

  app.post('/admin/users/:id/unsuspend', {
    config: {
      can: 'admin.suspend_users',
      errors: [...aboutAnother, errors.not_suspended],
      feltEverywhere: true,
    },
    schema: {
      operationId: 'admin.unsuspendUser',
      summary: 'Lift a suspension',
      params: Params,
      response: { 204: Type.Null() },
    },
    handler: async (request, reply) => {
      await request.ctx.tx((tx) => unsuspend(tx, request.params.id))
      return reply.code(204).send(null)
    },
  })

  app.post('/admin/users/:id/sign-out', {
    config: { can: 'admin.sign_out_users', errors: aboutAnother, feltEverywhere: true },
    schema: {
      operationId: 'admin.signOutUser',
      summary: 'Sign somebody out everywhere',
      params: Params,
      response: { 200: dataOf(Type.Object({ sessionsEnded: Type.Integer() })) },
    },
    handler: async (request) => ({
      data: {
        sessionsEnded: await request.ctx.tx((tx) => signOut(tx, request.params.id)),
      },
    }),
  })

  app.post('/admin/users/:id/reset-factors', {
    config: {
      ...grave,
      feltEverywhere: true,
      can: 'admin.reset_factors',
      errors: [...aboutAnother, errors.no_factors],
    },
    schema: {
      operationId: 'admin.resetFactors',
      summary: 'Take somebody’s authenticator, passkeys and trusted devices away',
      description:
        'For an owner who has lost them, and is told by mail. Everything they are signed in with ends; the password stays.',
      params: Params,
      body: Type.Object({ reason: Reason }),
      response: {
        200: dataOf(Type.Object({ hadAuthenticator: Type.Boolean(), passkeys: Type.Integer() })),
      },
    },
    handler: async (request) => ({
      data: await request.ctx.tx((tx) => resetFactors(tx, request.params.id, request.body.reason)),
    }),
  })

  const roleErrors = [
    ...aboutAnother,
    accessRoomErrors.unknown_role,
    accessRoomErrors.role_above_own,
  ]
  app.put('/admin/users/:id/roles/:role', {
    config: {
      ...grave,
      feltEverywhere: true,
      can: 'admin.grant_roles',
      errors: [...roleErrors, errors.account_closed],
    },
    schema: {
      operationId: 'admin.grantRole',
      summary: 'Give somebody a role within your own rights',
      description:
        'Everything they are signed in with ends; their API keys go on. Not to an account that its owner has closed.',
      params: RoleParams,
      response: { 204: Type.Null() },
    },
    handler: async (request, reply) => {
      const { id, role } = request.params
      await request.ctx.tx((tx) => giveRole(tx, id, role))
      return reply.code(204).send(null)
    },
  })

  app.delete('/admin/users/:id/roles/:role', {
    config: {
      ...grave,
      feltEverywhere: true,
      can: 'admin.grant_roles',
      errors: [...roleErrors, errors.role_not_held, errors.last_super_admin],
    },
    schema: {
      operationId: 'admin.revokeRole',
      summary: 'Take a role away',
      description: 'Everything they are signed in with ends; their API keys go on.',
      params: RoleParams,
      response: { 204: Type.Null() },
    },
    handler: async (request, reply) => {
      const { id, role } = request.params
      await request.ctx.tx((tx) => takeRole(tx, id, role))
      return reply.code(204).send(null)
    },
  })
}

const present = ({ emailVerifiedAt, ...account }: Account) => ({
  ...account,
  emailVerified: emailVerifiedAt !== null,
  suspendedUntil: account.suspendedUntil?.toISOString() ?? null,
  roles: [...account.roles],
  lastLoginAt: account.lastLoginAt?.toISOString() ?? null,
  createdAt: account.createdAt.toISOString(),
})

const presentDetail = ({
  factors,
  sessions,
  signInLock,
  interventions,
  ...account
}: AccountDetail) => ({
  ...present(account),
  factors: {
    ...factors,
    authenticatorSince: factors.authenticatorSince?.toISOString() ?? null,
  },
  sessions,
  signInLock: signInLock && {
    ...signInLock,
    lockedUntil: signInLock.lockedUntil?.toISOString() ?? null,
  },
  interventions: interventions.map(presentIntervention),
})

const presentIntervention = ({ userId: _userId, ...row }: Intervention) => ({
  ...row,
  until: row.until?.toISOString() ?? null,
  liftedAt: row.liftedAt?.toISOString() ?? null,
  createdAt: row.createdAt.toISOString(),
})
