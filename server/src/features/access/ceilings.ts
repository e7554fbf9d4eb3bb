/** Ceilings: nobody gives, by whatever way, more than they have at the moment they give it. */
import { eq, inArray } from 'drizzle-orm'
import type { ReadCtx, TxCtx } from '../../platform/context.ts'
import { accessErrors } from '../../platform/http/errors.ts'
import { type Rule, covers, rightsOf, rulesFor } from '../../platform/rights/index.ts'
import { mayActOn } from './ranks.ts'
import { grants, roles, subjects } from './tables.ts'

/** What the rules of a user's roles give them at this moment, whatever a cache remembers. */
export async function rulesOfUser(ctx: ReadCtx, userId: string): Promise<readonly Rule[]> {
  const { rules, teams } = await subjectOf(ctx, userId)
  return rulesFor(rules, { id: userId, teams })
}

/** What the rules of these roles give. */
export async function rulesOfRoles(
  ctx: Pick<ReadCtx, 'db'>,
  names: readonly string[],
): Promise<readonly Rule[]> {
  const found = await ctx.db
    .select({ rules: roles.rules })
    .from(roles)
    .where(inArray(roles.name, [...names]))
  return found.flatMap(({ rules }) => rules)
}

/**
 * Whether a user may act, and do a thing at all, asked of the database: for what runs long after the request that wanted
 * it.
 */
export async function mayStill(ctx: ReadCtx, userId: string, permission: string): Promise<boolean> {
  const { status, rules, teams } = await subjectOf(ctx, userId)
  return status === 'active' && rightsOf(rules, { id: userId, teams }).can(permission)
}

/**
 * The first of these rules that the caller may not give, because they do not have it; null for none. Where it is known
 * who receives them, by what they mean for both.
 */
export async function beyondOwn(
  tx: TxCtx,
  given: readonly Rule[],
  receiverId: string | null = null,
): Promise<Rule | null> {
  const { actor } = tx
  const own = actor.kind === 'user' ? await lockedRules(tx, actor.id ?? '') : null
  const meant = async (rules: readonly Rule[], id: string) =>
    receiverId === null ? rules : rulesFor(rules, { id, teams: (await subjectOf(tx, id)).teams })
  const held = own && (await meant(own, actor.id ?? ''))
  const wanted = await meant(given, receiverId ?? '')
  const has = (rule: Rule) => {
    // The credential may be good for less than its owner.
    if (!actor.can(rule.permission)) return false
    return held ? covers(held, rule) : actor.reach(rule.permission).kind === 'all'
  }
  return wanted.find((rule) => !has(rule)) ?? null
}

/**
 * That a user who calls may act, and do this, at this moment: a request may be a moment behind, because its caller comes
 * from a cache. Throws `access.unauthenticated` (401) and `access.forbidden` (403).
 */
export async function requireStanding(tx: TxCtx, permission: string): Promise<void> {
  const { kind, id } = tx.actor
  if (kind !== 'user' || id === null) return
  const [found] = await tx.db
    .select({ status: subjects.status })
    .from(subjects)
    .where(eq(subjects.userId, id))
  if (found?.status !== 'active') throw accessErrors.unauthenticated()
  if (!(await mayStill(tx, id, permission))) throw accessErrors.forbidden({ permission })
}

/** Whether the caller may give this role now; to this user, where it is known. */
export async function mayGive(
  tx: TxCtx,
  role: string,
  receiverId: string | null = null,
): Promise<boolean> {
  const [wanted] = await tx.db.select().from(roles).where(eq(roles.name, role))
  return wanted !== undefined && (await beyondOwn(tx, wanted.rules, receiverId)) === null
}

/** Whether a user, who is not calling, could give this role; to another user, where it is known. */
export async function mayGrant(
  ctx: ReadCtx,
  userId: string,
  role: string,
  receiverId: string | null = null,
): Promise<boolean> {
  const [wanted] = await ctx.db.select().from(roles).where(eq(roles.name, role))
  if (!wanted) return false
  const giver = await subjectOf(ctx, userId)
  if (receiverId === null) return wanted.rules.every((rule) => covers(giver.rules, rule))
  const { teams } = await subjectOf(ctx, receiverId)
  const held = rulesFor(giver.rules, { id: userId, teams: giver.teams })
  return rulesFor(wanted.rules, { id: receiverId, teams }).every((rule) => covers(held, rule))
}

/**
 * What keeps the caller from choosing these teams for somebody: an account as high as theirs, or roles that in these teams
 * give more than they have. Null where nothing does.
 */
export async function teamCeiling(
  tx: TxCtx,
  userId: string,
  teams: readonly string[],
): Promise<'account_above' | 'teams_above_own' | null> {
  const id = tx.actor.id ?? ''
  const own = rulesFor(await lockedRules(tx, id), { id, teams: (await subjectOf(tx, id)).teams })
  const { rules, teams: before } = await subjectOf(tx, userId)
  if (!mayActOn(own, rulesFor(rules, { id: userId, teams: before }))) return 'account_above'
  const after = rulesFor(rules, { id: userId, teams })
  return after.every((rule) => covers(own, rule)) ? null : 'teams_above_own'
}

async function subjectOf(ctx: ReadCtx, userId: string) {
  const [found] = await ctx.db
    .select({ status: subjects.status, rules: subjects.rules, teams: subjects.teams })
    .from(subjects)
    .where(eq(subjects.userId, userId))
  return found ?? { status: 'unknown', rules: [], teams: [] }
}

/** Locked until the transaction ends: who loses a right at the same moment loses it before or after, not in between. */
async function lockedRules(tx: TxCtx, userId: string): Promise<readonly Rule[]> {
  const own = await tx.db
    .select({ role: grants.role })
    .from(grants)
    .where(eq(grants.userId, userId))
    .orderBy(grants.role)
    .for('share')
  if (own.length === 0) return []
  const found = await tx.db
    .select({ rules: roles.rules })
    .from(roles)
    .where(
      inArray(
        roles.name,
        own.map(({ role }) => role),
      ),
    )
    .orderBy(roles.name)
    .for('share')
  return found.flatMap(({ rules }) => rules)
}
