/** The payments room's front door. */
export { tracedPayments } from './traced.ts'
export { type Amounts, type Books, feeReasons, readBooks } from './amounts.ts'
export { stripePayments } from './collections.ts'
export { stripeCustomers } from './customers.ts'
export { errors as paymentsErrors } from './errors.ts'
export { closeAttempts, resendAttempts } from './jobs.ts'
export { coverLoss, coverSurplusLoss, lossesIn } from './losses.ts'
export { readRecentPayments } from './figures.ts'
export { knownPayments } from './known-payments.ts'
export { permissions as paymentsPermissions } from './permissions.ts'
export { personalData as paymentsData } from './personal-data.ts'
export { findCollected, getPayment, lockPayment, providerOf } from './payments.ts'
export { project } from './projection.ts'
export { readAnyShape as readAnyPaymentShape } from './reading.ts'
export {
  closeSurplus,
  findSurplus,
  getSurplus,
  leftOf,
  listSurplus,
  lockSurplus,
  openSurplusAgain,
  reopenSurplus,
  settleSurplus,
} from './surplus.ts'
export { type Payment, type Surplus, paymentId } from './tables.ts'
export { giveBack, takeFrom } from './takings.ts'
export { returnPages } from './return-pages.ts'
export { paymentRoutes } from './routes.ts'
export { stripeSessions } from './sessions.ts'
export { startRoutes } from './starts.routes.ts'
export { findPaymentThing } from './thing.ts'
