/** Who may do something to whose account: asked under the locks of both, so that it is true until the change is made. */
import type { ReadCtx, TxCtx } from '../../platform/context.ts'
import type { AppError } from '../../platform/errors.ts'
import { refused } from '../../platform/events/index.ts'
import { accessErrors } from '../../platform/http/errors.ts'
import { type Rule, rightsOf } from '../../platform/rights/index.ts'
import { mayActOn, rolesOf, rulesOfRoles, rulesOfUser } from '../access/index.ts'
import { type User, lockUser } from '../users/index.ts'
import { errors } from './errors.ts'
import { interventionRefused } from './events.ts'

export type Target = {
  readonly user: User
  readonly roles: readonly string[]
  /** What the one who acts may do, by the roles they have at this moment. */
  readonly can: (permission: string) => boolean
}

/**
 * Locks the account that is to be changed, and the one of whoever wants to change it. Throws
 * `users.user_not_found` (404), `admin.own_account` and `admin.account_above` (403).
 */
export async function lockTarget(tx: TxCtx, userId: string, permission: string): Promise<Target> {
  const { actor } = tx
  const actorId = actor.kind === 'user' ? actor.id : actor.onBehalfOf
  const refuse = (error: AppError, reason: string) =>
    error.recording(refused(interventionRefused, userId, { permission, reason }))
  if (actorId === userId) throw refuse(errors.own_account(), 'own_account')
  const { user, self } = await lockBoth(tx, userId, actorId)
  const roles = await rolesOf(tx, userId)
  // From a shell on the machine.
  if (actor.kind === 'system') return { user, roles, can: actor.can }
  if (self && self.status !== 'active') throw accessErrors.unauthenticated()
  const own = await liveRulesOf(tx)
  const live = rightsOf(own, { id: actorId ?? '', teams: [] })
  const can = (wanted: string) => actor.can(wanted) && live.can(wanted)
  if (!can(permission)) throw accessErrors.forbidden({ permission })
  if (!mayActOn(own, await rulesOfUser(tx, userId)))
    throw refuse(errors.account_above(), 'account_above')
  return { user, roles, can }
}

/** In one order, so that two who act on each other wait and do not lock each other out. */
async function lockBoth(
  tx: TxCtx,
  userId: string,
  actorId: string | null,
): Promise<{ user: User; self: User | null }> {
  if (actorId !== null && actorId < userId) {
    const self = await lockUser(tx, actorId)
    return { self, user: await lockUser(tx, userId) }
  }
  const user = await lockUser(tx, userId)
  return { user, self: actorId === null ? null : await lockUser(tx, actorId) }
}

/** A request may be a moment behind: its caller comes from a cache. */
const liveRulesOf = (ctx: ReadCtx): Promise<readonly Rule[]> =>
  ctx.actor.kind === 'user'
    ? rulesOfUser(ctx, ctx.actor.id ?? '')
    : rulesOfRoles(ctx, ctx.actor.roles)
