/** The auth room's front door. */
export { type Found, foundByService, openRecall } from './callers.ts'
export { elevate } from './elevation.ts'
export {
  type End,
  type Impersonated,
  findEnds,
  impersonate,
  isBackedBy,
  startImpersonated,
  withAccessToken,
} from './impersonated-sessions.ts'
export { apiKeyRoutes } from './api-keys.routes.ts'
export { KeyView, presentKey } from './api-key-view.ts'
export { listApiKeys, maxKeyRequestsPerMinute, revokeApiKey } from './api-keys.ts'
export { clearCookie, sessionCookie, setCookie } from './cookies.ts'
export { currentSessionRoutes } from './current-session.routes.ts'
export { findPasswordHash } from './credentials.ts'
export { demoLoginRoutes } from './demo-login.routes.ts'
export { endCredentials } from './closing.ts'
export { askNewAddress, askOldAddress, sendEmailChanged } from './email-change-jobs.ts'
export { emailChangePages } from './email-change-page.routes.ts'
export { emailChangeRoutes } from './email-changes.routes.ts'
export { errors as authErrors } from './errors.ts'
export { endSessionsOf, openExternalSession } from './external-sessions.ts'
export { type ForeignBearer, type ServiceBearer, openIdentifier } from './identify.ts'
export { completeAlreadyRegistered, sendVerification } from './jobs.ts'
export { signInPages } from './sign-in-pages.routes.ts'
export { endOtherSessions, openKeeper } from './keeper.ts'
export { mailPolicy, renderingFor, sendMail } from './mail-sending.ts'
export { passkeyScript, passkeyWords } from './page-scripts.ts'
export { authPages } from './pages.routes.ts'
export { requireGoodPassword } from './password-policy.ts'
export { forgetPasskeyChallenges, sendPasskeyNotice } from './passkey-jobs.ts'
export { passkeySignInRoutes } from './passkey-sign-in.routes.ts'
export { passkeyRoutes } from './passkeys.routes.ts'
export { countPasskeys, listPasskeys, removePasskeys } from './passkeys.ts'
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
export { magicLinkRoutes } from './magic-links.routes.ts'
export { sendSignInLink } from './magic-link-jobs.ts'
export { forgetEnded } from './retention-jobs.ts'
export { forgetSignInTraces, sendNewDevice, sendSignInPaused } from './safety-jobs.ts'
export { passwordPages } from './password-pages.routes.ts'
export { passwordRoutes } from './passwords.routes.ts'
export { secondFactorRoutes } from './second-factor.routes.ts'
export { type Renewed, prepareRenewal } from './renewals.ts'
export {
  type AnswerSettings,
  ImpersonatedSession,
  Mode,
  RenewedFields,
  SignInAnswer,
  openingOf,
  presentImpersonated,
  presentRenewed,
  presentSignIn,
} from './session-answer.ts'
export { endSessionOf, listSessions } from './session-list.ts'
export { findSuccessors } from './successions.ts'
export { SessionView, presentListed } from './session-view.ts'
export { findLock } from './sign-in-failures.ts'
export { isHeldBack, rightsUnderPolicy } from './enrolment-duty.ts'
export { countSessions, findIdentityBySession, revokeSession } from './sessions.ts'
export { signOutEverywhere } from './sign-outs.ts'
export { sessionRoutes } from './sessions.routes.ts'
export { type Opened, type Opening, openSession } from './sign-in.ts'
export { isBeingProven } from './verifications.ts'
export { type Elsewhere, hasOtherWayIn } from './ways-in.ts'
