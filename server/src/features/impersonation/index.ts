/** The impersonation room's front door. */
export { errors as impersonationErrors } from './errors.ts'
export {
  forgetImpersonations,
  sendNotice as sendImpersonationNotice,
  settleImpersonations,
} from './jobs.ts'
export { permissions as impersonationPermissions } from './permissions.ts'
export { personalData as impersonationData } from './personal-data.ts'
export { impersonationRoutes } from './routes.ts'
