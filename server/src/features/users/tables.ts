/** Everything the users room stores. */
import { type AnyColumn, type SQL, getTableColumns, sql } from 'drizzle-orm'
import {
  boolean,
  check,
  index,
  integer,
  pgTable,
  pgView,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { at, id, timestamps } from '../../platform/db/columns.ts'

/** Who may see a thing: anybody, people who are signed in, or only its owner. */
export const audiences = ['public', 'members', 'nobody'] as const

export const statuses = ['active', 'suspended', 'deleted'] as const

export const users = pgTable(
  'users_users',
  {
    id: id(),
    email: text('email').notNull(),
    emailVerifiedAt: at('email_verified_at'),
    /** It counts as verified, but nobody was asked to prove it (REGISTRATION_MODE=instant), and nobody has since. */
    isEmailOnTrust: boolean('is_email_on_trust').notNull().default(false),
    name: text('name'),
    username: text('username'),
    locale: text('locale').notNull().default('en'),
    timeZone: text('time_zone'),
    bio: text('bio'),
    /** An https address; nothing of ours fetches it. */
    avatarUrl: text('avatar_url'),
    status: text('status', { enum: statuses }).notNull().default('active'),
    /** When a suspension is over by itself; null for one that somebody has to lift. */
    suspendedUntil: at('suspended_until'),
    profileAudience: text('profile_audience', { enum: audiences }).notNull().default('members'),
    emailAudience: text('email_audience', { enum: audiences }).notNull().default('nobody'),
    /** Of a profile that somebody may see, these are for whom their audience names. */
    nameAudience: text('name_audience', { enum: audiences }).notNull().default('public'),
    bioAudience: text('bio_audience', { enum: audiences }).notNull().default('public'),
    avatarAudience: text('avatar_audience', { enum: audiences }).notNull().default('public'),
    /** Tells clients of one person apart on sockets; authenticates nothing. */
    websocketId: uuid('websocket_id')
      .notNull()
      .default(sql`gen_random_uuid()`),
    /** Names of the groups of people they work in; conditions of roles may ask for them. */
    teams: text('teams').array().notNull().default([]),
    lastLoginAt: at('last_login_at'),
    /** When nothing of a person was left in this row; `deleted` without it is an account that can still come back. */
    erasedAt: at('erased_at'),
    version: integer('version').notNull().default(1),
    ...timestamps,
  },
  (t) => [
    uniqueIndex('users_users_email').on(t.email),
    uniqueIndex('users_users_username').on(sql`lower(${t.username})`),
    // Search asks for beginnings; only this operator class answers that from an index, whatever the collation.
    index('users_users_name_start').on(sql`lower(${t.name}) text_pattern_ops`),
    index('users_users_username_start').on(sql`lower(${t.username}) text_pattern_ops`),
    index('users_users_email_start').on(sql`${t.email} text_pattern_ops`),
    index('users_users_created').on(t.createdAt, t.id),
    // Lists by name: who has none comes first.
    index('users_users_name').on(sql`lower(coalesce(${t.name}, ''))`, t.id),
    // Filters for which a list would have to pass over nearly everybody.
    index('users_users_closed')
      .on(t.createdAt, t.id)
      .where(sql`${t.status} <> 'active'`),
    // The same for administration, which lists by id and never shows who was erased.
    index('users_users_standing')
      .on(t.status, t.id)
      .where(sql`${t.status} <> 'active' and ${t.erasedAt} is null`),
    index('users_users_unverified')
      .on(t.createdAt, t.id)
      .where(sql`${t.emailVerifiedAt} is null`),
    index('users_users_nameless')
      .on(t.createdAt, t.id)
      .where(sql`${t.username} is null`),
    // Whoever reads only people of some teams; most are in none, and have no place in it.
    index('users_users_teams')
      .using('gin', t.teams)
      .where(sql`${t.teams} <> '{}'`),
    // Sign-ups that nobody has proven, for the day they are forgotten.
    index('users_users_unproven')
      .on(t.updatedAt)
      .where(sql`${t.emailVerifiedAt} is null and ${t.status} = 'active'`),
    check('users_users_email_canonical', sql`${t.email} = lower(${t.email})`),
    check(
      'users_users_until_is_suspended',
      sql`${t.suspendedUntil} is null or ${t.status} = 'suspended'`,
    ),
    check('users_users_erased_is_deleted', sql`${t.erasedAt} is null or ${t.status} = 'deleted'`),
  ],
)

export type User = typeof users.$inferSelect

/** The status that counts: a suspension whose time is over is none, whether or not anybody has noted it. */
export const statusNow = sql<User['status']>`case when ${users.status} = 'suspended'
  and ${users.suspendedUntil} <= now() then 'active' else ${users.status} end`

/**
 * Whether a status is this one, so that the indexes of those few who are not active are found: by what the row says, too,
 * in the statement's text. Who is active is nearly everybody, and by a suspension that is over, too.
 */
export function isInStatus(
  { status, storedStatus }: { readonly status: SQL | AnyColumn; readonly storedStatus: AnyColumn },
  wanted: User['status'],
): SQL {
  if (wanted === 'active') return sql`${status} = 'active'`
  return sql`(${status} = ${sql.raw(`'${wanted}'`)} and ${storedStatus} = ${sql.raw(`'${wanted}'`)})`
}

/** What every reader of an account gets. */
export const shown = { ...getTableColumns(users), status: statusNow }

/** Accounts as administration lists them: the view that this room lends. */
export const accounts = pgView('users_accounts', {
  id: uuid('id').notNull(),
  email: text('email').notNull(),
  emailVerifiedAt: at('email_verified_at'),
  name: text('name'),
  username: text('username'),
  locale: text('locale').notNull(),
  status: text('status', { enum: statuses }).notNull(),
  suspendedUntil: at('suspended_until'),
  lastLoginAt: at('last_login_at'),
  createdAt: at('created_at').notNull(),
  /** What the row says: of a suspension that is over, still that it is one. An index knows this one. */
  storedStatus: text('stored_status', { enum: statuses }).notNull(),
  teams: text('teams').array().notNull(),
}).as(sql`
  select id, email, email_verified_at, name, username, locale, suspended_until, last_login_at, created_at,
    case when status = 'suspended' and suspended_until <= now() then 'active' else status end as status,
    status as stored_status, teams
  from users_users where erased_at is null`)
export type Account = typeof accounts.$inferSelect

/** In which teams everybody works, whoever was erased included: the view that this room lends. */
export const teams = pgView('users_teams', {
  userId: uuid('user_id').notNull(),
  teams: text('teams').array().notNull(),
}).as(sql`select id as user_id, teams from users_users`)

/** A column pointing at a user. Neighbours borrow the column, never the table. */
export const userId = (name = 'user_id') => uuid(name).references(() => users.id)

/** By which names each account is signed in to, and whether it may be: the view that this room lends. */
export const logins = pgView('users_logins', {
  userId: uuid('user_id').notNull(),
  email: text('email').notNull(),
  /** In lower case. */
  username: text('username'),
  status: text('status').notNull(),
  isVerified: boolean('is_verified').notNull(),
}).as(sql`
  select id as user_id, email, lower(username) as username, email_verified_at is not null as is_verified,
    case when status = 'suspended' and suspended_until <= now() then 'active' else status end as status
  from users_users`)
