/** The policy that members of some roles need a second factor: until they have one, they can only enrol. */
import { eq } from 'drizzle-orm'
import type { ReadCtx } from '../../platform/context.ts'
import { type Rights, type Rule, narrowed, rightsOf } from '../../platform/rights/index.ts'
import { enrolments } from '../twofa/index.ts'

/** What it takes to see who one is, to enrol, and to leave. */
const enrolling: ReadonlySet<string> = new Set([
  'users.read_self',
  'twofa.manage',
  'admin.manage_mfa',
  'auth.manage_sessions',
])

/** Somebody as the tables know them. */
export type Holder = {
  readonly userId: string
  readonly teams: readonly string[]
  readonly roles: readonly string[]
  readonly rules: readonly Rule[]
  readonly enrolledId: string | null
}

/** The rights of their roles, as far as the policy of MFA_REQUIRED_ROLES lets them. */
export function rightsUnderPolicy(ctx: ReadCtx, holder: Holder): Rights {
  const { userId: id, teams, rules } = holder
  const rights = rightsOf(rules, { id, teams })
  return isEnrolmentDue(ctx, holder)
    ? narrowed(rights, (permission) => enrolling.has(permission))
    : rights
}

/** Whether a role of theirs needs a second factor that they do not have yet. */
export function isEnrolmentDue(
  ctx: ReadCtx,
  { roles, enrolledId }: Pick<Holder, 'roles' | 'enrolledId'>,
): boolean {
  return enrolledId === null && roles.some((role) => ctx.settings.mfaRequiredRoles.includes(role))
}

/** Whether somebody with these roles has to set up a second factor before they can use them. */
export async function isHeldBack(
  ctx: ReadCtx,
  userId: string,
  roles: readonly string[],
): Promise<boolean> {
  if (!isEnrolmentDue(ctx, { roles, enrolledId: null })) return false
  const [found] = await ctx.db
    .select({ enrolledId: enrolments.userId })
    .from(enrolments)
    .where(eq(enrolments.userId, userId))
  return found === undefined
}
