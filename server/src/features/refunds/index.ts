/** The refunds room's front door. */
export { stripeRefundedCharges, stripeRefunds } from './applying.ts'
export { errors as refundsErrors } from './errors.ts'
export { resendRefunds, returnSurplus } from './jobs.ts'
export { permissions as refundsPermissions } from './permissions.ts'
export { personalData as refundsData } from './personal-data.ts'
export { reviewRoutes } from './review.routes.ts'
export { refundRoutes } from './routes.ts'
export { knownRefunds } from './known-refunds.ts'
