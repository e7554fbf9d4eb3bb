/** Explanations: why somebody may or may not do a thing, rule by rule. */
import { eq } from 'drizzle-orm'
import type { ReadCtx } from '../../platform/context.ts'
import {
  type FindThing,
  type Rule,
  type RuleShape,
  type Thing,
  type Who,
  rulesFor,
  rulesThatLet,
} from '../../platform/rights/index.ts'
import { ownPermissions } from './built-in-roles.ts'
import { rulesOfUser } from './ceilings.ts'
import { errors } from './errors.ts'
import { grants, roles, subjects } from './tables.ts'

export const reasons = [
  'granted',
  'not_active',
  'no_role',
  'not_own',
  'conditions',
  'own_account',
  'account_above',
  'second_factor',
] as const

/** Whether somebody with these rules stands high enough for the account of somebody with the others. */
export type Ceiling = (rules: readonly Rule[], others: readonly Rule[]) => boolean

export type Explanation = {
  readonly user: string
  readonly permission: string
  readonly resource: string | null
  readonly isAllowed: boolean
  readonly reason: (typeof reasons)[number]
  readonly roles: readonly string[]
  /** Every rule about this permission, and whether it lets them. */
  readonly rules: readonly { readonly role: string; readonly rule: Rule; readonly lets: boolean }[]
}

export type ExplainOptions = {
  readonly permissions: Readonly<Record<string, string>>
  /** What rules may say about a permission, and of which kind of thing. */
  readonly shapes: Readonly<Record<string, RuleShape>>
  /** How a thing is found, by the word before its id: the room that keeps it. */
  readonly things: Readonly<Record<string, FindThing>>
  /** What is done to the accounts of others, and how high one has to stand for it. */
  readonly ceilings: Readonly<Record<string, Ceiling>>
  /** Whether a policy keeps somebody with these roles from using them, until they have a second factor. */
  readonly isHeldBack: (ctx: ReadCtx, userId: string, roles: readonly string[]) => Promise<boolean>
}

type Question = {
  readonly user: string
  readonly permission: string
  readonly resource: string | null
  /** Whether whoever asks may know of every thing that it is there; for others what they do not reach is as good as not there. */
  readonly mayKnowAll: boolean
}

/**
 * Throws `access.unknown_permission` and `access.unknown_kind` (422) for what no room declares, and
 * `access.subject_not_found` (404) for a user or a thing there is not.
 */
export async function explain(
  ctx: ReadCtx,
  { user, permission, resource, mayKnowAll }: Question,
  { permissions, shapes, things, ceilings, isHeldBack }: ExplainOptions,
): Promise<Explanation> {
  if (!Object.hasOwn(permissions, permission)) throw errors.unknown_permission({ permission })
  const about = resource === null ? null : await findAbout(ctx, resource, things)
  const conditionsOn = Object.hasOwn(shapes, permission) ? shapes[permission]?.of : undefined
  const [subject] = await ctx.db.select().from(subjects).where(eq(subjects.userId, user))
  if (!subject) throw errors.subject_not_found()
  const held = await ctx.db
    .select({ role: roles.name, rules: roles.rules })
    .from(grants)
    .innerJoin(roles, eq(roles.name, grants.role))
    .where(eq(grants.userId, user))
    .orderBy(roles.name)
  const who = { id: user, teams: subject.teams }
  const rules = held.flatMap((each) =>
    rulesThatLet(each.rules, who, permission, null).map((rule) => ({
      role: each.role,
      rule,
      lets: about === null || reaches(rule, { who, permission, conditionsOn }, about),
    })),
  )
  const isThere = about === null || about.thing !== null
  // Whoever reaches all of a kind learns no secret from hearing that there is none of this name.
  const reachesAll = !isOwnOnly(permission) && rules.some(({ rule }) => rule.when === undefined)
  if (!isThere && (mayKnowAll || reachesAll)) throw errors.subject_not_found()
  const lets = rules.some((each) => each.lets)
  const isActive = subject.status === 'active'
  const ceiling = Object.hasOwn(ceilings, permission) ? ceilings[permission] : undefined
  const keptBy =
    lets && ceiling
      ? await findCeiling(ctx, rulesFor(subject.rules, who), who.id, about, ceiling)
      : null
  const isFree =
    lets && isActive && keptBy === null && !(await isHeldBack(ctx, user, subject.roles))
  const hasRule = rules.length > 0
  return {
    user,
    permission,
    resource,
    isAllowed: isFree,
    reason: reasonOf({ isActive, isFree, lets, hasRule, keptBy, isOwnOnly: isOwnOnly(permission) }),
    roles: subject.roles,
    rules,
  }
}

/** What keeps somebody with these rules from an account, whatever a rule says; null where nothing does. */
async function findCeiling(
  ctx: ReadCtx,
  rules: readonly Rule[],
  userId: string,
  about: About | null,
  reachesUp: Ceiling,
): Promise<'own_account' | 'account_above' | null> {
  if (about?.kind !== 'users' || about.thing === null) return null
  const { ownerId } = about.thing
  if (ownerId === userId) return 'own_account'
  return reachesUp(rules, await rulesOfUser(ctx, ownerId)) ? null : 'account_above'
}

/** What is asked about: a thing of this kind, or that there is none of this id. */
type About = { readonly kind: string; readonly thing: Thing | null }

async function findAbout(
  ctx: ReadCtx,
  resource: string,
  things: ExplainOptions['things'],
): Promise<About> {
  const [kind = '', ...rest] = resource.split(':')
  const find = Object.hasOwn(things, kind) ? things[kind] : undefined
  if (!find) throw errors.unknown_kind({ kinds: Object.keys(things) })
  return { kind, thing: await find(ctx, rest.join(':')) }
}

type Asking = {
  readonly who: Who
  readonly permission: string
  /** The kind of thing that conditions of this permission are about. */
  readonly conditionsOn: string | undefined
}

/** Whether a rule about this permission lets them do it to this thing. */
function reaches(
  rule: Rule,
  { who, permission, conditionsOn }: Asking,
  { kind, thing }: About,
): boolean {
  if (thing === null) return false
  if (isOwnOnly(permission)) return thing.ownerId === who.id
  if (rule.when === undefined) return true
  return kind === conditionsOn && rulesThatLet([rule], who, permission, thing.attributes).length > 0
}

/** What nobody may do with what is another's, whatever their role gives. */
const isOwnOnly = (permission: string) => (ownPermissions as readonly string[]).includes(permission)

type Found = {
  readonly isActive: boolean
  readonly isFree: boolean
  readonly lets: boolean
  readonly hasRule: boolean
  readonly keptBy: 'own_account' | 'account_above' | null
  readonly isOwnOnly: boolean
}

function reasonOf(found: Found): Explanation['reason'] {
  if (found.isFree) return 'granted'
  if (!found.isActive) return 'not_active'
  if (found.lets) return found.keptBy ?? 'second_factor'
  if (!found.hasRule) return 'no_role'
  return found.isOwnOnly ? 'not_own' : 'conditions'
}
