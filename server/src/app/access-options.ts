/** What the access room is told of the others: every permission, what rules may say, and whom they are about. */
import { isHeldBack } from '../features/auth/index.ts'
import { findDisputeThing } from '../features/disputes/index.ts'
import { findPaymentThing } from '../features/payments/index.ts'
import { findRefundThing } from '../features/refunds/index.ts'
import { findUserThing } from '../features/users/index.ts'
import { permissions, reaches } from './rooms.ts'
import { serviceScopes } from './service-scopes.ts'

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
  isHeldBack,
}
