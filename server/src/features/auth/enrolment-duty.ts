/** The policy that members of some roles need a second factor: until they have one, they can only enrol. */
import type { ReadCtx } from '../../platform/context.ts'
import { permits } from '../access/index.ts'

/** What it takes to see who one is, to enrol, and to leave. */
const enrolling: ReadonlySet<string> = new Set([
  'users.read_self',
  'twofa.manage',
  'admin.manage_mfa',
  'auth.manage_sessions',
])

/** The check for a set of roles, as far as the policy of MFA_REQUIRED_ROLES lets them. */
export function permitsUnderPolicy(
  ctx: ReadCtx,
  roles: readonly string[],
  isEnrolled: boolean,
): (permission: string) => boolean {
  const can = permits(roles)
  const isDue = !isEnrolled && roles.some((role) => ctx.settings.mfaRequiredRoles.includes(role))
  return isDue ? (permission) => enrolling.has(permission) && can(permission) : can
}
