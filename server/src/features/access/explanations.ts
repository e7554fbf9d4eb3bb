/** Explanations: why somebody may or may not do a thing, rule by rule. */
import { eq } from 'drizzle-orm'
import type { ReadCtx } from '../../platform/context.ts'
import { type Rule, rulesThatLet } from '../../platform/rights/index.ts'
import { errors } from './errors.ts'
import { grants, roles, subjects } from './tables.ts'

/** What conditions may ask of a thing; null when there is no such thing. */
export type AttributesOf = (
  ctx: ReadCtx,
  id: string,
) => Promise<Readonly<Record<string, unknown>> | null>

export type Explanation = {
  readonly user: string
  readonly permission: string
  readonly resource: string | null
  readonly isAllowed: boolean
  readonly reason: 'granted' | 'not_active' | 'no_role' | 'conditions' | 'second_factor'
  readonly roles: readonly string[]
  /** Every rule about this permission, and whether it lets them. */
  readonly rules: readonly { readonly role: string; readonly rule: Rule; readonly lets: boolean }[]
}

export type ExplainOptions = {
  /** By the room that a permission begins with. */
  readonly attributes: Readonly<Record<string, AttributesOf>>
  /** Whether a policy keeps somebody with these roles from using them, until they have a second factor. */
  readonly isHeldBack: (ctx: ReadCtx, userId: string, roles: readonly string[]) => Promise<boolean>
}

/** Throws `access.subject_not_found` (404) for a user there is not. A thing there is not fulfils no condition. */
export async function explain(
  ctx: ReadCtx,
  { user, permission, resource }: { user: string; permission: string; resource: string | null },
  { attributes, isHeldBack }: ExplainOptions,
): Promise<Explanation> {
  const [subject] = await ctx.db.select().from(subjects).where(eq(subjects.userId, user))
  if (!subject) throw errors.subject_not_found()
  const held = await ctx.db
    .select({ role: roles.name, rules: roles.rules })
    .from(grants)
    .innerJoin(roles, eq(roles.name, grants.role))
    .where(eq(grants.userId, user))
    .orderBy(roles.name)
  const [room = '', id = ''] = resource?.split(':') ?? []
  const known = resource === null ? null : await attributes[room]?.(ctx, id)
  const who = { id: user, teams: subject.teams }
  const about = held.flatMap(({ role, rules }) =>
    rulesThatLet(rules, who, permission, null).map((rule) => ({
      role,
      rule,
      // A thing that rules know nothing of is reached by what is given whole.
      lets: known
        ? rulesThatLet([rule], who, permission, known).length > 0
        : resource === null || rule.when === undefined,
    })),
  )
  const lets = about.some((each) => each.lets)
  const isActive = subject.status === 'active'
  const isFree = lets && isActive && !(await isHeldBack(ctx, user, subject.roles))
  return {
    user,
    permission,
    resource,
    isAllowed: isFree,
    reason: reasonOf({ isActive, isFree, lets, isKnown: about.length > 0 }),
    roles: subject.roles,
    rules: about,
  }
}

function reasonOf(found: { isActive: boolean; isFree: boolean; lets: boolean; isKnown: boolean }) {
  if (found.isFree) return 'granted'
  if (!found.isActive) return 'not_active'
  if (found.lets) return 'second_factor'
  return found.isKnown ? 'conditions' : 'no_role'
}
