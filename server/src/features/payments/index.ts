/** The payments room's front door. */
export { stripePayments } from './collections.ts'
export { errors as paymentsErrors } from './errors.ts'
export { resendAttempts } from './jobs.ts'
export { permissions as paymentsPermissions } from './permissions.ts'
export { personalData as paymentsData } from './personal-data.ts'
export { paymentRoutes } from './routes.ts'
