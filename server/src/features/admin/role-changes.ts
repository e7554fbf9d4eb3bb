/** Role changes: who gives and takes which role. What somebody has signed in with before ends, and gets no other rights. */
import type { TxCtx } from '../../platform/context.ts'
import {
  accessRoomErrors,
  grantRole,
  isLastSuperAdmin,
  isRole,
  mayGive,
  revokeRole,
} from '../access/index.ts'
import { endOtherSessions } from '../auth/index.ts'
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

async function requireGrantable(tx: TxCtx, userId: string, role: string): Promise<void> {
  if (!(await isRole(tx, role))) throw accessRoomErrors.unknown_role({ role })
  if (!(await mayGive(tx, role, userId))) throw accessRoomErrors.role_above_own({ role })
}
