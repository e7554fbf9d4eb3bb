/** Roles: named sets of rules, the built-in ones and those an administrator made. */
import { and, asc, count, eq, sql } from 'drizzle-orm'
import type { ReadCtx, TxCtx } from '../../platform/context.ts'
import { violatedConstraint } from '../../platform/db/failures.ts'
import { one } from '../../platform/db/one.ts'
import { changes, refused } from '../../platform/events/index.ts'
import { httpErrors } from '../../platform/http/errors.ts'
import { type Rule, type RuleShape, faultOf } from '../../platform/rights/index.ts'
import { superAdmin } from './built-in-roles.ts'
import { beyondOwn, requireStanding } from './ceilings.ts'
import { errors } from './errors.ts'
import { roleChanged, roleCreated, roleDeleted, roleRefused } from './events.ts'
import { type Role, grants, roles } from './tables.ts'

/** What a rule may speak of: every permission there is, and the shape of those that reach over rows and fields. */
export type RuleWords = {
  readonly permissions: ReadonlySet<string>
  readonly shapes: Readonly<Record<string, RuleShape>>
}

export type CountedRole = Role & { readonly members: number }

export async function listRoles(ctx: ReadCtx): Promise<readonly CountedRole[]> {
  const members = ctx.db
    .select({ role: grants.role, count: count().as('count') })
    .from(grants)
    .groupBy(grants.role)
    .as('members')
  const rows = await ctx.db
    .select({ role: roles, members: sql`coalesce(${members.count}, 0)`.mapWith(Number) })
    .from(roles)
    .leftJoin(members, eq(members.role, roles.name))
    .orderBy(asc(roles.name))
  return rows.map((row) => ({ ...row.role, members: row.members }))
}

/** Every role with its rules, by name. Nobody is counted: that takes as long as there are people. */
export async function listRules(ctx: ReadCtx): Promise<readonly Pick<Role, 'name' | 'rules'>[]> {
  return ctx.db
    .select({ name: roles.name, rules: roles.rules })
    .from(roles)
    .orderBy(asc(roles.name))
}

export async function getRole(ctx: ReadCtx, name: string): Promise<CountedRole> {
  const [role] = await ctx.db.select().from(roles).where(eq(roles.name, name))
  if (!role) throw errors.role_not_found({ role: name })
  return { ...role, members: await ctx.db.$count(grants, eq(grants.role, name)) }
}

/** Whether there is such a role. */
export async function isRole(ctx: Pick<ReadCtx, 'db'>, name: string): Promise<boolean> {
  const [found] = await ctx.db.select({ name: roles.name }).from(roles).where(eq(roles.name, name))
  return found !== undefined
}

type Wanted = { readonly description?: string; readonly rules?: readonly Rule[] }

/** Makes a role. Throws `access.role_exists` (409), `access.invalid_rule` (422), `access.beyond_own_rights` (403). */
export async function createRole(
  tx: TxCtx,
  name: string,
  { description = '', rules = [] }: Wanted,
  words: RuleWords,
): Promise<Role> {
  requireGood(rules, words)
  await requireOwn(tx, name, rules)
  const [created] = await tx.db
    .insert(roles)
    .values({ name, description, rules })
    .onConflictDoNothing()
    .returning()
  if (!created) throw errors.role_exists({ role: name })
  await tx.record(roleCreated, name, { description, rules })
  return created
}

/**
 * Changes a role, for everybody who has it, on their next request. Nobody changes a role of their own, or one that
 * gives or would give more than they have.
 */
export async function changeRole(
  tx: TxCtx,
  name: string,
  wanted: Wanted,
  words: RuleWords,
  expected: number | null,
): Promise<Role> {
  if (wanted.rules) requireGood(wanted.rules, words)
  const before = await lockRole(tx, name)
  if (expected !== null && expected !== before.version) throw httpErrors.precondition_failed()
  await requireAbove(tx, before)
  if (wanted.rules) await requireOwn(tx, name, wanted.rules)
  const after = one(
    await tx.db
      .update(roles)
      .set({ ...wanted, version: sql`${roles.version} + 1`, updatedAt: tx.now })
      .where(eq(roles.name, name))
      .returning(),
  )
  await tx.record(roleChanged, name, changes(wordsOf(before), wordsOf(after)).data)
  await tx.invalidate(`role:${name}`)
  return after
}

/**
 * Deletes a role that nobody has and no setting names. Throws `access.role_in_use` (409), `access.role_in_settings` (409)
 * and `access.role_built_in` (409).
 */
export async function deleteRole(tx: TxCtx, name: string, expected: number | null): Promise<void> {
  const before = await lockRole(tx, name)
  if (expected !== null && expected !== before.version) throw httpErrors.precondition_failed()
  if (before.isBuiltIn) throw errors.role_built_in({ role: name })
  await requireAbove(tx, before)
  const { defaultRole, mfaRequiredRoles } = tx.settings
  // Without the first nobody could sign up, and without either the next start is refused.
  if ([defaultRole, ...mfaRequiredRoles].includes(name))
    throw errors.role_in_settings({ role: name })
  try {
    await tx.db.delete(roles).where(eq(roles.name, name))
  } catch (error) {
    if (violatedConstraint(error) === grantsOfRole) throw errors.role_in_use({ role: name })
    throw error
  }
  await tx.record(roleDeleted, name, wordsOf(before))
}

const grantsOfRole = 'access_grants_role_access_roles_name_fk'

async function lockRole(tx: TxCtx, name: string): Promise<Role> {
  const [role] = await tx.db.select().from(roles).where(eq(roles.name, name)).for('update')
  if (!role) throw errors.role_not_found({ role: name })
  return role
}

function requireGood(rules: readonly Rule[], { permissions, shapes }: RuleWords): void {
  for (const [index, rule] of rules.entries()) {
    const fault = faultOf(rule, permissions, shapes)
    if (!fault) continue
    const pointer = `/rules/${index}${fault.pointer}`
    throw errors.invalid_rule({ errors: [{ pointer, message: fault.message }] })
  }
}

/** A role is changed from above: by somebody who has all of it otherwise than through the role itself. */
async function requireAbove(tx: TxCtx, role: Role): Promise<void> {
  if (role.name === superAdmin) throw errors.role_built_in({ role: role.name })
  const [own] = await tx.db
    .select({ role: grants.role })
    .from(grants)
    .where(and(eq(grants.userId, tx.actor.id ?? ''), eq(grants.role, role.name)))
    .for('share')
  if (tx.actor.kind === 'user' && own)
    throw errors.own_role({ role: role.name }).recording(refusal(role.name))
  await requireOwn(tx, role.name, role.rules)
}

async function requireOwn(tx: TxCtx, name: string, rules: readonly Rule[]): Promise<void> {
  await requireStanding(tx, 'access.manage_roles')
  const beyond = await beyondOwn(tx, rules)
  if (beyond)
    throw errors
      .beyond_own_rights({ permission: beyond.permission })
      .recording(refusal(name, beyond.permission))
}

const refusal = (name: string, permission: string | null = null) =>
  refused(roleRefused, name, { permission })

const wordsOf = ({ description, rules }: Role) => ({ description, rules })
