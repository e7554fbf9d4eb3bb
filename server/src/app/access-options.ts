/** What the access room is told of the others: every permission, what rules may say, and whom they are about. */
import { isAbove, mayActOn } from '../features/access/index.ts'
import { isHeldBack } from '../features/auth/index.ts'
import { findDisputeThing } from '../features/disputes/index.ts'
import { findPaymentThing } from '../features/payments/index.ts'
import { findRefundThing } from '../features/refunds/index.ts'
import { findUserThing } from '../features/users/index.ts'
import { permissions, reaches } from './rooms.ts'
import { serviceScopes } from './service-scopes.ts'

/** What these permissions do to somebody's account is done from above: the rooms ask it again, under lock. */
const ceilings = {
  'admin.suspend_users': mayActOn,
  'admin.sign_out_users': mayActOn,
  'admin.revoke_keys': mayActOn,
  'admin.reset_factors': mayActOn,
  'admin.grant_roles': mayActOn,
  'users.manage_teams': mayActOn,
  'impersonation.begin': isAbove,
}

export const accessOptions = {
  permissions,
  serviceScopes,
  shapes: reaches,
  things: {
    users: findUserThing,
    payments: findPaymentThing,
    refunds: findRefundThing,
    disputes: findDisputeThing,
  },
  ceilings,
  isHeldBack,
}
