/** The auth room's front door. */
export { apiKeyRoutes } from './api-keys.routes.ts'
export { endCredentials } from './closing.ts'
export { askNewAddress, askOldAddress, sendEmailChanged } from './email-change-jobs.ts'
export { emailChangePages } from './email-change-page.routes.ts'
export { emailChangeRoutes } from './email-changes.routes.ts'
export { errors as authErrors } from './errors.ts'
export { openIdentifier } from './identify.ts'
export { sendAlreadyRegistered, sendVerification } from './jobs.ts'
export { keeper } from './keeper.ts'
export { authPages } from './pages.routes.ts'
export { requireGoodPassword } from './password-policy.ts'
export { personalData as authData } from './personal-data.ts'
export { permissions as authPermissions } from './permissions.ts'
export { createAccount } from './registration.ts'
export { authRoutes, keyRoutes } from './routes.ts'
export {
  forgetMailRequests,
  resendVerification,
  sendPasswordChanged,
  sendPasswordReset,
} from './password-jobs.ts'
export { passwordPages } from './password-pages.routes.ts'
export { passwordRoutes } from './passwords.routes.ts'
export { secondFactorRoutes } from './second-factor.routes.ts'
export { sessionRoutes } from './sessions.routes.ts'
