/** The payments room's front door. */
export { stripePayments } from './collections.ts'
export { errors as paymentsErrors } from './errors.ts'
export { readRecentPayments } from './figures.ts'
export { resendAttempts } from './jobs.ts'
export { knownPayments } from './known-payments.ts'
export { permissions as paymentsPermissions } from './permissions.ts'
export { personalData as paymentsData } from './personal-data.ts'
export { paymentRoutes } from './routes.ts'
