/** Who may invite whom: nobody gives a role that permits more than they may do themselves, at whatever time it is asked. */
import { type SQL, eq, sql } from 'drizzle-orm'
import type { ReadCtx, TxCtx } from '../../platform/context.ts'
import { refused } from '../../platform/events/index.ts'
import { type Rule, covers, rightsOf } from '../../platform/rights/index.ts'
import {
  accessRoomErrors,
  isRole,
  mayGive,
  mayGrant,
  mayStill,
  requireStanding,
  rolesOf,
  rulesOfRoles,
  subjects,
} from '../access/index.ts'
import { isHeldBack } from '../auth/index.ts'
import { type User, findUserByEmail, getUser } from '../users/index.ts'
import { errors } from './errors.ts'
import { roleRefused } from './events.ts'
import { type Invitation, invitations } from './tables.ts'

const manage = 'invitations.manage'

/**
 * The caller, who may invite to this role. Throws `access.unknown_role` (422), `access.role_above_own` (403) and, for
 * one's own address, `invitations.own_address` (409).
 */
export async function requireInviter(
  tx: TxCtx,
  { id = null, role, email }: { id?: string | null; role: string; email: string },
): Promise<User> {
  await requireStanding(tx, manage)
  if (!(await isRole(tx, role))) throw accessRoomErrors.unknown_role({ role })
  if (!(await mayGive(tx, role)))
    throw accessRoomErrors.role_above_own().recording(refused(roleRefused, id, { role }))
  const inviter = await getUser(tx, tx.actor.id ?? '')
  if (inviter.email === email) throw errors.own_address()
  return inviter
}

/** That the caller may end this invitation: none that is alive, and to a role above theirs. Throws `access.role_above_own` (403). */
export async function requireWithin(
  tx: TxCtx,
  { id, role, status }: Pick<Invitation, 'id' | 'role' | 'status'>,
): Promise<void> {
  await requireStanding(tx, manage)
  if (status !== 'pending' || !(await isRole(tx, role)) || (await mayGive(tx, role))) return
  throw accessRoomErrors.role_above_own().recording(refused(roleRefused, id, { role }))
}

/** Whether the one who answers for an invitation could still make it: it dies with the right to give its role. */
export async function isBacked(
  ctx: ReadCtx,
  { role, email }: Pick<Invitation, 'role' | 'email'>,
  inviter: User,
): Promise<boolean> {
  if (inviter.status !== 'active' || inviter.email === email) return false
  const receiver = await findUserByEmail(ctx, email)
  return (
    (await mayStill(ctx, inviter.id, manage)) &&
    !(await isHeldBack(ctx, inviter.id, await rolesOf(ctx, inviter.id))) &&
    (await mayGrant(ctx, inviter.id, role, receiver?.id))
  )
}

/** Which of the invitations that wait are dead, by whoever answers for them: for the lists of those who invite. */
export async function findUnbacked(ctx: ReadCtx): Promise<SQL<boolean>> {
  // Their roles are looked up once per inviter and role, and not once per invitation.
  const waiting = ctx.db
    .selectDistinct({ inviterId: invitations.invitedBy, role: invitations.role })
    .from(invitations)
    .where(eq(invitations.status, 'pending'))
    .as('waiting')
  const answering = await ctx.db
    .select({
      inviterId: waiting.inviterId,
      role: waiting.role,
      status: subjects.status,
      roles: subjects.roles,
      rules: subjects.rules,
    })
    .from(waiting)
    .innerJoin(subjects, eq(subjects.userId, waiting.inviterId))
  const wanted = new Map<string, readonly Rule[]>()
  for (const { role } of answering)
    if (!wanted.has(role)) wanted.set(role, await rulesOfRoles(ctx, [role]))
  const heldBack = new Set<string>()
  for (const { inviterId, roles } of answering)
    if (await isHeldBack(ctx, inviterId, roles)) heldBack.add(inviterId)
  const lost = answering
    .filter(
      ({ inviterId, status, rules, role }) =>
        status !== 'active' ||
        heldBack.has(inviterId) ||
        !mayInvite(inviterId, rules, wanted.get(role) ?? []),
    )
    .map(({ inviterId, role }) => sql`(${inviterId}::uuid, ${role}::text)`)
  if (lost.length === 0) return sql`false`
  return sql`(${invitations.invitedBy}, ${invitations.role}) in (${sql.join(lost, sql`, `)})`
}

function mayInvite(id: string, held: readonly Rule[], wanted: readonly Rule[]): boolean {
  return rightsOf(held, { id, teams: [] }).can(manage) && wanted.every((rule) => covers(held, rule))
}
