/** Everything the access room stores, and the view it lends to sign-in. */
import { sql } from 'drizzle-orm'
import { index, pgTable, pgView, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import { at } from '../../platform/db/columns.ts'
import { userId } from '../users/index.ts'

export const grants = pgTable(
  'access_grants',
  {
    userId: userId().notNull(),
    role: text('role').notNull(),
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

/** One row per user: whether they may act at all, and in which roles. */
export const subjects = pgView('access_subjects', {
  userId: uuid('user_id').notNull(),
  status: text('status').notNull(),
  roles: text('roles').array().notNull(),
}).as(sql`
  select u.id as user_id,
    case when u.status = 'suspended' and u.suspended_until <= now() then 'active' else u.status end as status,
    coalesce((select array_agg(g.role order by g.role) from access_grants g where g.user_id = u.id), '{}') as roles
  from users_users u`)
