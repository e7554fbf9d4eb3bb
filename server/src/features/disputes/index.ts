/** The disputes room's front door. */
export { readOpenDisputes } from './figures.ts'
export { stripeDisputes } from './applying.ts'
export { errors as disputesErrors } from './errors.ts'
export { remindOfEvidence } from './jobs.ts'
export { permissions as disputesPermissions } from './permissions.ts'
export { personalData as disputesData } from './personal-data.ts'
export { disputeRoutes } from './routes.ts'
export { knownDisputes } from './known-disputes.ts'
