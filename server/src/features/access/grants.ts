/** Grants: who has which role. */
import { and, eq, ne, sql } from 'drizzle-orm'
import type { ReadCtx, TxCtx } from '../../platform/context.ts'
import type { ReadDb } from '../../platform/db/index.ts'
import { statement } from '../../platform/db/prepared.ts'
import { changes } from '../../platform/events/index.ts'
import { errors } from './errors.ts'
import { roleGranted, roleRevoked } from './events.ts'
import { isRole } from './roles.ts'
import { superAdmin } from './built-in-roles.ts'
import { grants, roles, subjects } from './tables.ts'

/** True once anybody is super admin: the installer's door is shut for good. */
export async function hasSuperAdmin(ctx: ReadCtx): Promise<boolean> {
  const [found] = await ctx.db
    .select({ one: sql`1` })
    .from(grants)
    .where(eq(grants.role, superAdmin))
    .limit(1)
  return found !== undefined
}

/**
 * True when nobody but this user is super admin and can sign in. Of several who ask at once each waits for the one before:
 * two who leave together leave one.
 */
export async function isLastSuperAdmin(tx: TxCtx, userId: string): Promise<boolean> {
  const admins = await tx.db
    .select({ userId: grants.userId })
    .from(grants)
    .where(eq(grants.role, superAdmin))
    .orderBy(grants.userId)
    .for('update')
  if (!admins.some((admin) => admin.userId === userId)) return false
  const [other] = await tx.db
    .select({ userId: subjects.userId })
    .from(grants)
    .innerJoin(subjects, eq(subjects.userId, grants.userId))
    .where(
      and(eq(grants.role, superAdmin), ne(grants.userId, userId), eq(subjects.status, 'active')),
    )
    .limit(1)
  return other === undefined
}

export async function rolesOf(ctx: ReadCtx, userId: string): Promise<string[]> {
  const rows = await rolesOfUser(ctx.db, { userId })
  return rows.map((row) => row.role)
}

/** Gives a role; false when the user has it already, and nothing changes. `grantedBy` is who decided it, where that is not the actor. */
export async function grantRole(
  tx: TxCtx,
  userId: string,
  role: string,
  grantedBy: string | null = tx.actor.id,
): Promise<boolean> {
  const [added] = await tx.db
    .insert(grants)
    .select(
      tx.db
        .select({
          userId: sql`${userId}::uuid`.as('user_id'),
          role: roles.name,
          grantedBy: sql`${grantedBy}::text`.as('granted_by'),
          createdAt: sql`now()`.as('created_at'),
        })
        .from(roles)
        .where(eq(roles.name, role)),
    )
    .onConflictDoNothing()
    .returning({ before: rolesBefore })
  if (!added) {
    if (!(await isRole(tx, role))) throw errors.unknown_role({ role })
    return false
  }
  const after = [...added.before, role].toSorted()
  const { data } = changes({ roles: added.before }, { roles: after })
  await tx.record(roleGranted, userId, { role, ...data })
  await tx.invalidate(`user:${userId}`)
  return true
}

/** Takes a role away; false when the user does not have it. */
export async function revokeRole(tx: TxCtx, userId: string, role: string): Promise<boolean> {
  const [revoked] = await tx.db
    .delete(grants)
    .where(and(eq(grants.userId, userId), eq(grants.role, role)))
    .returning({ before: rolesBefore })
  if (!revoked) return false
  const after = revoked.before.filter((name) => name !== role)
  const { data } = changes({ roles: revoked.before }, { roles: after })
  await tx.record(roleRevoked, userId, { role, ...data })
  await tx.invalidate(`user:${userId}`)
  return true
}

/** Of the time before: a statement does not see what it writes itself. */
const rolesBefore = sql<
  string[]
>`coalesce((select array_agg(g.role order by g.role) from access_grants g where g.user_id = access_grants.user_id), '{}')`

const rolesOfUser = statement<{ userId: string }>()((db: ReadDb, given) =>
  db
    .select({ role: grants.role })
    .from(grants)
    .where(eq(grants.userId, given('userId')))
    .orderBy(grants.role),
)
