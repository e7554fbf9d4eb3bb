/** The auth room's front door. */
export { apiKeyRoutes } from './api-keys.routes.ts'
export { errors as authErrors } from './errors.ts'
export { openIdentifier } from './identify.ts'
export { sendAlreadyRegistered, sendVerification } from './jobs.ts'
export { keeper } from './keeper.ts'
export { authPages } from './pages.routes.ts'
export { requireGoodPassword } from './password-policy.ts'
export { forgetPasskeyChallenges, sendPasskeyNotice } from './passkey-jobs.ts'
export { passkeySignInRoutes } from './passkey-sign-in.routes.ts'
export { passkeyRoutes } from './passkeys.routes.ts'
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
