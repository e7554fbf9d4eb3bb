/** Who may invite whom: nobody gives a role that permits more than they may do themselves, at whatever time it is asked. */
import type { ReadCtx, TxCtx } from '../../platform/context.ts'
import { refused } from '../../platform/events/index.ts'
import { accessRoomErrors, isRole, mayGive, mayGrant, mayStill } from '../access/index.ts'
import { type User, getUser } from '../users/index.ts'
import { errors } from './errors.ts'
import { roleRefused } from './events.ts'
import type { Invitation } from './tables.ts'

/**
 * The caller, who may invite to this role. Throws `access.unknown_role` (422), `access.role_above_own` (403) and, for
 * one's own address, `invitations.own_address` (409).
 */
export async function requireInviter(
  tx: TxCtx,
  { id = null, role, email }: { id?: string | null; role: string; email: string },
): Promise<User> {
  if (!(await isRole(tx, role))) throw accessRoomErrors.unknown_role({ role })
  if (!(await mayGive(tx, role)))
    throw accessRoomErrors.role_above_own().recording(refused(roleRefused, id, { role }))
  const inviter = await getUser(tx, tx.actor.id ?? '')
  if (inviter.email === email) throw errors.own_address()
  return inviter
}

/** Whether the one who answers for an invitation could still make it: it dies with the right to give its role. */
export async function isBacked(
  ctx: ReadCtx,
  { role, email }: Pick<Invitation, 'role' | 'email'>,
  inviter: User,
): Promise<boolean> {
  if (inviter.status !== 'active' || inviter.email === email) return false
  return (
    (await mayStill(ctx, inviter.id, 'invitations.manage')) &&
    (await mayGrant(ctx, inviter.id, role))
  )
}
