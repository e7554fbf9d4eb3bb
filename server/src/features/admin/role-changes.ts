/** Role changes: who gives and takes which role. What somebody has signed in with before ends, and gets no other rights. */
import type { Ctx, ReadCtx, TxCtx } from '../../platform/context.ts'
import {
  accessRoomErrors,
  grantRole,
  isLastSuperAdmin,
  isRole,
  mayGive,
  revokeRole,
  rolesOf,
} from '../access/index.ts'
import { endOtherSessions } from '../auth/index.ts'
import {
  type User,
  canonicalEmail,
  findUserByEmail,
  hasProvenEmail,
  lockUser,
  usersErrors,
} from '../users/index.ts'
import { errors } from './errors.ts'
import { lockTarget } from './standing.ts'

const permission = 'admin.grant_roles'

/**
 * Gives a role; giving it twice changes nothing. Throws what `lockTarget` does, `access.unknown_role` (422),
 * `access.role_above_own` (403) and `admin.account_closed` (409).
 */
export async function giveRole(tx: TxCtx, userId: string, role: string): Promise<void> {
  const { user } = await lockTarget(tx, userId, permission)
  await requireGrantable(tx, userId, role)
  if (user.status === 'deleted') throw errors.account_closed()
  if (await grantRole(tx, userId, role)) await endOtherSessions(tx, userId, null)
}

/**
 * Takes a role away. Throws what `lockTarget` does, `access.unknown_role` (422),
 * `access.role_above_own` (403), `admin.last_super_admin` (409) and `admin.role_not_held` (404).
 */
export async function takeRole(tx: TxCtx, userId: string, role: string): Promise<void> {
  await lockTarget(tx, userId, permission)
  await requireGrantable(tx, userId, role)
  if (role === 'super_admin' && (await isLastSuperAdmin(tx, userId)))
    throw errors.last_super_admin()
  if (!(await revokeRole(tx, userId, role))) throw errors.role_not_held()
  await endOtherSessions(tx, userId, null)
}

/**
 * Gives a role to the account there is, for whoever has a shell on the machine; says whether that is news. Throws
 * `users.user_not_found` (404), `access.unknown_role` (422), `admin.account_suspended`, `admin.account_closed` and
 * `admin.address_unproven` (409).
 */
export async function giveRoleByEmail(
  ctx: Ctx,
  { email, role, isDryRun }: { email: string; role: string; isDryRun: boolean },
): Promise<{ id: string; isNew: boolean }> {
  const user = await findUserByEmail(ctx, canonicalEmail(email))
  if (!user) throw usersErrors.user_not_found()
  const { id } = user
  if (isDryRun) return { id, isNew: await isNewTo(ctx, user, role) }
  return ctx.tx(async (tx) => {
    const isNew = await isNewTo(tx, await lockUser(tx, id), role)
    await giveRole(tx, id, role)
    return { id, isNew }
  })
}

/** Whoever signed up with somebody's address, and has never read their mail, would be the administrator. */
async function isNewTo(ctx: ReadCtx, user: User, role: string): Promise<boolean> {
  if (user.status === 'suspended') throw errors.account_suspended()
  if (user.status === 'deleted') throw errors.account_closed()
  if (!hasProvenEmail(user)) throw errors.address_unproven()
  if (!(await isRole(ctx, role))) throw accessRoomErrors.unknown_role({ role })
  return !(await rolesOf(ctx, user.id)).includes(role)
}

async function requireGrantable(tx: TxCtx, userId: string, role: string): Promise<void> {
  if (!(await isRole(tx, role))) throw accessRoomErrors.unknown_role({ role })
  if (!(await mayGive(tx, role, userId))) throw accessRoomErrors.role_above_own({ role })
}
