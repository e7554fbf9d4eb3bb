/** HTTP: one's own account and other people's profiles. */
import { Type } from 'typebox'
import type { Cache, Invalidations } from '../../platform/cache/index.ts'
import { accessErrors } from '../../platform/http/errors.ts'
import {
  type App,
  type Caller,
  dataOf,
  expectedVersion,
  listOf,
  pageQuery,
  presentPage,
  sendEtag,
} from '../../platform/http/index.ts'
import { Time, choice, nullable } from '../../platform/http/schemas.ts'
import { errors } from './errors.ts'
import { maxAvatarLength } from './avatars.ts'
import { type Profile, getProfile, listProfiles } from './profiles.ts'
import { type User, audiences, statuses } from './tables.ts'
import { type TeamCeiling, getUser, setTeams, updateUser } from './users.ts'

const Id = Type.String({ format: 'uuid' })
const Params = Type.Object({ id: Id })
const Name = Type.String({ minLength: 1, maxLength: 100 })
const Bio = Type.String({
  maxLength: 2000,
  description: 'A few words about yourself, as plain text.',
})
const Avatar = Type.String({
  minLength: 1,
  maxLength: maxAvatarLength,
  description:
    'An https address of a picture. It is fetched by who looks at it, never by this server.',
})
const TimeZone = Type.String({ minLength: 1, maxLength: 64, examples: ['Europe/Berlin'] })
const Locale = Type.String({ pattern: '^[a-z]{2}(-[A-Z]{2})?$', examples: ['en', 'de'] })
const Audience = choice(
  audiences,
  'Who may see it: anybody, people who are signed in, or nobody else.',
)
/** Whose audience is whose: `profile` is for all of it, the others for one thing in it. */
const privacyColumns = {
  profile: 'profileAudience',
  email: 'emailAudience',
  name: 'nameAudience',
  bio: 'bioAudience',
  avatar: 'avatarAudience',
} as const

export const Username = Type.String({
  pattern: '^[A-Za-z0-9][A-Za-z0-9_.\\-]{1,30}[A-Za-z0-9]$',
  description:
    '3 to 32 letters, digits, dots, dashes and underscores; case does not make it another one.',
})

/** An account as its owner sees it. */
export const Account = Type.Object({
  id: Id,
  email: Type.String(),
  emailVerified: Type.Boolean(),
  name: nullable(Type.String()),
  username: nullable(Type.String()),
  bio: nullable(Type.String()),
  avatar: nullable(Type.String()),
  locale: Type.String(),
  timeZone: nullable(Type.String()),
  privacy: Type.Object({
    profile: Audience,
    email: Audience,
    name: Audience,
    bio: Audience,
    avatar: Audience,
  }),
  roles: Type.Array(Type.String()),
  websocketId: Id,
  lastLoginAt: nullable(Time),
  createdAt: Time,
})

/** One's own account, and who acts in it, if it is somebody else. */
const OwnAccount = Type.Object({
  ...Account.properties,
  impersonation: nullable(
    Type.Object(
      {
        by: Type.String({ format: 'uuid', description: 'The administrator who acts here.' }),
        reason: Type.String(),
        expiresAt: Time,
      },
      { description: 'Null for the owner of the account.' },
    ),
  ),
})

const ProfileView = Type.Object({
  id: Id,
  name: nullable(Type.String()),
  username: nullable(Type.String()),
  bio: nullable(Type.String()),
  avatar: nullable(Type.String()),
  email: nullable(Type.String({ description: 'Only where its owner shows it to you.' })),
  deleted: Type.Boolean({ description: 'There was somebody; nothing of them is shown.' }),
  createdAt: Time,
  account: Type.Optional(
    Type.Object(
      {
        status: nullable(choice(statuses)),
        emailVerified: nullable(Type.Boolean()),
        websocketId: nullable(Id),
        lastLoginAt: nullable(Time),
        teams: nullable(Type.Array(Type.String())),
      },
      {
        description:
          'Only for who may read this account; what of it their role does not let them read is null.',
      },
    ),
  ),
})

/** More groups than anybody works in. */
const maxTeams = 50
const Team = Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,62}$', examples: ['support-emea'] })
const Teams = Type.Array(Team, { maxItems: maxTeams, uniqueItems: true })

const Changes = Type.Object(
  {
    name: Type.Optional(nullable(Name)),
    username: Type.Optional(Username),
    bio: Type.Optional(nullable(Bio)),
    avatar: Type.Optional(nullable(Avatar)),
    timeZone: Type.Optional(nullable(TimeZone)),
    locale: Type.Optional(Locale),
    privacy: Type.Optional(
      Type.Object({
        profile: Type.Optional(Audience),
        email: Type.Optional(Audience),
        name: Type.Optional(Audience),
        bio: Type.Optional(Audience),
        avatar: Type.Optional(Audience),
      }),
    ),
  },
  { minProperties: 1 },
)

export async function usersRoutes(
  app: App,
  { cache, teamCeiling }: Pick<Invalidations, 'cache'> & { readonly teamCeiling: TeamCeiling },
) {
  const accounts: Cache<User> = cache<User>('account')

  app.get('/users/me', {
    config: { can: 'users.read_self' },
    schema: {
      operationId: 'users.getMe',
      summary: 'Your own account',
      response: { 200: dataOf(OwnAccount) },
    },
    handler: async (request, reply) => {
      const { actor } = request.ctx
      const user = await accounts.get(
        actor.id ?? '',
        () => getUser(request.ctx, actor.id ?? ''),
        (found) => [`user:${found.id}`],
      )
      if (!user) throw errors.user_not_found()
      sendEtag(reply, user.version)
      return { data: presentOwn(user, request.caller) }
    },
  })

  app.patch('/users/me', {
    config: {
      can: 'users.update_self',
      errors: [errors.username_taken, errors.invalid_avatar, errors.invalid_time_zone],
    },
    schema: {
      operationId: 'users.updateMe',
      summary: 'Change your own account',
      description:
        'Send `If-Match` with the ETag you read, and a change made meanwhile is not overwritten (412).',
      body: Changes,
      response: { 200: dataOf(OwnAccount) },
    },
    handler: async (request, reply) => {
      const { privacy = {}, avatar, ...changes } = request.body
      const { actor } = request.ctx
      const user = await request.ctx.tx((tx) =>
        updateUser(
          tx,
          actor.id ?? '',
          {
            ...changes,
            ...(avatar === undefined ? {} : { avatarUrl: avatar }),
            ...columnsOf(privacy),
          },
          expectedVersion(request),
        ),
      )
      sendEtag(reply, user.version)
      return { data: presentOwn(user, request.caller) }
    },
  })

  app.get('/users/:id', {
    config: { public: true, errors: [errors.user_not_found] },
    schema: {
      operationId: 'users.get',
      summary: 'A profile, as far as you may see it',
      params: Params,
      response: { 200: dataOf(ProfileView) },
    },
    handler: async (request) => ({
      data: presentProfile(await getProfile(request.ctx, request.params.id)),
    }),
  })

  app.put('/users/:id/teams', {
    config: {
      can: 'users.manage_teams',
      stepUp: true,
      feltEverywhere: true,
      elevation: 'with_authenticator',
      errors: [
        errors.user_not_found,
        errors.own_teams,
        errors.account_above,
        errors.teams_above_own,
        accessErrors.step_up_required,
        accessErrors.session_required,
      ],
    },
    schema: {
      operationId: 'users.setTeams',
      summary: 'The teams somebody works in',
      description:
        'Roles may reach as far as one’s own teams, so nobody chooses their own, or those of somebody above them, or gives a reach that they do not have.',
      params: Params,
      body: Type.Object({ teams: Teams }),
      response: { 200: dataOf(Type.Object({ teams: Type.Array(Team) })) },
    },
    handler: async (request) => {
      const { teams } = request.body
      const { id } = request.params
      await request.ctx.tx((tx) => setTeams(tx, { id, teams }, teamCeiling))
      return { data: { teams } }
    },
  })

  app.get('/users', {
    config: { public: true, errors: [accessErrors.forbidden] },
    schema: {
      operationId: 'users.list',
      summary: 'Profiles you may see, newest first',
      querystring: Type.Object({
        ...pageQuery,
        search: Type.Optional(
          Type.String({
            minLength: 1,
            maxLength: 100,
            description:
              'Start of a name or username, as far as you may see them; of an address, too, if you may read any account.',
          }),
        ),
        createdFrom: Type.Optional(Time),
        createdTo: Type.Optional(Time),
        hasUsername: Type.Optional(Type.Boolean()),
        status: Type.Optional(choice(statuses, 'Only for who may read any account.')),
        verified: Type.Optional(
          Type.Boolean({ description: 'Only for who may read any account.' }),
        ),
        total: Type.Optional(Type.Boolean({ description: 'Also count them all.' })),
      }),
      response: { 200: listOf(ProfileView) },
    },
    handler: async (request, reply) => {
      const { limit = 20, total = false, ...filter } = request.query
      const page = await listProfiles(request.ctx, { ...filter, limit, withTotal: total })
      return presentPage(request, reply, page, presentProfile)
    },
  })
}

export function presentAccount(user: User, roles: readonly string[]) {
  return {
    id: user.id,
    email: user.email,
    emailVerified: user.emailVerifiedAt !== null,
    name: user.name,
    username: user.username,
    bio: user.bio,
    avatar: user.avatarUrl,
    timeZone: user.timeZone,
    locale: user.locale,
    privacy: {
      profile: user.profileAudience,
      email: user.emailAudience,
      name: user.nameAudience,
      bio: user.bioAudience,
      avatar: user.avatarAudience,
    },
    roles: [...roles],
    websocketId: user.websocketId,
    lastLoginAt: user.lastLoginAt?.toISOString() ?? null,
    createdAt: user.createdAt.toISOString(),
  }
}

function presentOwn(user: User, { actor, impersonation }: Caller) {
  return {
    ...presentAccount(user, actor.roles),
    impersonation: impersonation && {
      ...impersonation,
      expiresAt: impersonation.expiresAt.toISOString(),
    },
  }
}

type Privacy = { readonly [Field in keyof typeof privacyColumns]?: (typeof audiences)[number] }

/** The columns that a wish for privacy changes. */
function columnsOf(privacy: Privacy) {
  const fields = Object.keys(privacy) as (keyof Privacy)[]
  return Object.fromEntries(
    fields.map((field) => [privacyColumns[field], privacy[field]]),
  ) as Partial<Record<(typeof privacyColumns)[keyof Privacy], (typeof audiences)[number]>>
}

function presentProfile({ createdAt, account, ...profile }: Profile) {
  const { lastLoginAt = null, teams = null } = account ?? {}
  return {
    ...profile,
    createdAt: createdAt.toISOString(),
    ...(account
      ? {
          account: {
            ...account,
            lastLoginAt: lastLoginAt?.toISOString() ?? null,
            teams: teams && [...teams],
          },
        }
      : {}),
  }
}
