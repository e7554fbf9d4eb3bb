/** Everything the access room stores, and the view it lends to sign-in. */
import { sql } from 'drizzle-orm'
import {
  boolean,
  check,
  index,
  integer,
  jsonb,
  pgTable,
  pgView,
  primaryKey,
  text,
  uuid,
} from 'drizzle-orm/pg-core'
import { at, timestamps } from '../../platform/db/columns.ts'
import type { Rule } from '../../platform/rights/index.ts'
import { userId } from '../users/index.ts'

export const roles = pgTable(
  'access_roles',
  {
    name: text('name').primaryKey(),
    description: text('description').notNull().default(''),
    rules: jsonb('rules').$type<readonly Rule[]>().notNull().default([]),
    isBuiltIn: boolean('is_built_in').notNull().default(false),
    /** What the version that wrote this row gave a built-in role, so that the next one adds only what is new. */
    shipped: text('shipped').array().notNull().default([]),
    version: integer('version').notNull().default(1),
    ...timestamps,
  },
  (t) => [check('access_roles_name', sql`${t.name} ~ '^[a-z][a-z0-9_]{1,39}$'`)],
)

export type Role = typeof roles.$inferSelect

export const grants = pgTable(
  'access_grants',
  {
    userId: userId().notNull(),
    role: text('role')
      .notNull()
      .references(() => roles.name),
    grantedBy: text('granted_by'),
    createdAt: at('created_at').notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.userId, t.role] }), index('access_grants_role').on(t.role)],
)

/** Who has which role. */
export const holders = pgView('access_holders', {
  userId: uuid('user_id').notNull(),
  role: text('role').notNull(),
}).as(sql`select user_id, role from access_grants`)

/** One row per user: whether they may act at all, in which roles, and what the rules of those give. */
export const subjects = pgView('access_subjects', {
  userId: uuid('user_id').notNull(),
  status: text('status').notNull(),
  roles: text('roles').array().notNull(),
  teams: text('teams').array().notNull(),
  rules: jsonb('rules').$type<readonly Rule[]>().notNull(),
}).as(sql`
  select u.id as user_id,
    case when u.status = 'suspended' and u.suspended_until <= now() then 'active' else u.status end as status,
    coalesce((select array_agg(g.role order by g.role) from access_grants g where g.user_id = u.id), '{}') as roles,
    u.teams,
    coalesce((
      select jsonb_agg(rule) from access_grants g
      join access_roles r on r.name = g.role, jsonb_array_elements(r.rules) rule
      where g.user_id = u.id), '[]') as rules
  from users_users u`)
