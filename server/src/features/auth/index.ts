/** The auth room's front door. */
export { apiKeyRoutes } from './api-keys.routes.ts'
export { setCookie } from './cookies.ts'
export { findPasswordHash } from './credentials.ts'
export { errors as authErrors } from './errors.ts'
export { endSessionsOf, openExternalSession } from './external-sessions.ts'
export { type ForeignBearer, openIdentifier } from './identify.ts'
export { sendAlreadyRegistered, sendVerification } from './jobs.ts'
export { keeper } from './keeper.ts'
export { mailPolicy, renderingFor, sendMail } from './mail-sending.ts'
export { authPages } from './pages.routes.ts'
export { requireGoodPassword } from './password-policy.ts'
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
export { type AnswerSettings, SignInAnswer, openingOf, presentSignIn } from './session-answer.ts'
export { findIdentityBySession } from './sessions.ts'
export { sessionRoutes } from './sessions.routes.ts'
export { type Opened, openSession } from './sign-in.ts'
