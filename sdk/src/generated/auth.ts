// Generated from server/openapi.json by `npm run drift -- --write`; do not edit.

import { type Operation, operation } from '../operation.ts'
import type * as types from './types.ts'

/**
 * Public keys that verify our access tokens
 */
export const jwks: Operation<types.AuthJwksData, types.AuthJwksResponse, types.AuthJwksError> =
  /* @__PURE__ */ operation('GET', '/.well-known/jwks.json')

/**
 * Make an account
 *
 * A taken address answers like a new one; its owner is told by mail.
 */
export const register: Operation<types.AuthRegisterData, types.AuthRegisterResponse, types.AuthRegisterError> =
  /* @__PURE__ */ operation('POST', '/api/v1/auth/register')

/**
 * Make an account
 *
 * A taken address answers like a new one; its owner is told by mail.
 */
export const signUp: Operation<types.AuthSignUpData, types.AuthSignUpResponse, types.AuthSignUpError> =
  /* @__PURE__ */ operation('POST', '/api/v1/auth/signup')

/**
 * Prove an address, by the link’s token or by the code
 *
 * Send `token`, or `email` and `code`. Either works once; both end with the first use.
 */
export const verifyEmail: Operation<types.AuthVerifyEmailData, types.AuthVerifyEmailResponse, types.AuthVerifyEmailError> =
  /* @__PURE__ */ operation('POST', '/api/v1/auth/verify-email', { isKeyed: true })

/**
 * Sign in with a password
 *
 * With a second factor: no session yet, but a `pendingToken` for `POST /auth/login/verify-2fa`.
 */
export const login: Operation<types.AuthLoginData, types.AuthLoginResponse, types.AuthLoginError> =
  /* @__PURE__ */ operation('POST', '/api/v1/auth/login', { hasMode: true })

/**
 * Trade a refresh token for the next pair
 *
 * A token works once. Repeating it within 10 seconds answers the same pair; later use ends the session.
 */
export const refresh: Operation<types.AuthRefreshData, types.AuthRefreshResponse, types.AuthRefreshError> =
  /* @__PURE__ */ operation('POST', '/api/v1/auth/refresh')

/**
 * End this session and every credential that stands on it
 */
export const logout: Operation<types.AuthLogoutData, types.AuthLogoutResponse, types.AuthLogoutError> =
  /* @__PURE__ */ operation('POST', '/api/v1/auth/logout')

/**
 * A CSRF token for this browser
 */
export const csrfToken: Operation<types.AuthCsrfTokenData, types.AuthCsrfTokenResponse, types.AuthCsrfTokenError> =
  /* @__PURE__ */ operation('GET', '/api/v1/csrf-token')

/**
 * Who is signed in here, what they may do, and for how long; or nobody
 *
 * Answers 200 for strangers too. The CSRF token is for a browser; with a token or a key it is null.
 */
export const currentSession: Operation<types.AuthCurrentSessionData, types.AuthCurrentSessionResponse, types.AuthCurrentSessionError> =
  /* @__PURE__ */ operation('GET', '/api/v1/auth/session')

/**
 * Sign in: the second step
 *
 * Send exactly one: `code`, `backupCode` or `passkey`. Five wrong ones end this sign-in.
 */
export const verifySecondFactor: Operation<types.AuthVerifySecondFactorData, types.AuthVerifySecondFactorResponse, types.AuthVerifySecondFactorError> =
  /* @__PURE__ */ operation('POST', '/api/v1/auth/login/verify-2fa', { hasMode: true })

/**
 * Sign in: what to ask a passkey as the second step
 *
 * For `navigator.credentials.get`; its answer is the `passkey` of `POST /auth/login/verify-2fa`.
 */
export const askSecondPasskey: Operation<types.AuthAskSecondPasskeyData, types.AuthAskSecondPasskeyResponse, types.AuthAskSecondPasskeyError> =
  /* @__PURE__ */ operation('POST', '/api/v1/auth/login/verify-2fa/passkey-options')

/**
 * Sign in: the second step, by a backup code
 */
export const verifyBackupCode: Operation<types.AuthVerifyBackupCodeData, types.AuthVerifyBackupCodeResponse, types.AuthVerifyBackupCodeError> =
  /* @__PURE__ */ operation('POST', '/api/v1/2fa/backup/verify', { hasMode: true })

/**
 * Sign in with a passkey: what to ask for
 *
 * For `navigator.credentials.get`. The same browser sends the answer within five minutes, once.
 */
export const askPasskey: Operation<types.AuthAskPasskeyData, types.AuthAskPasskeyResponse, types.AuthAskPasskeyError> =
  /* @__PURE__ */ operation('POST', '/api/v1/auth/passkeys/sign-in/options')

/**
 * Sign in with a passkey
 *
 * It counts as both factors, so no code is asked for. Every refusal is the same, whatever its reason.
 */
export const signInWithPasskey: Operation<types.AuthSignInWithPasskeyData, types.AuthSignInWithPasskeyResponse, types.AuthSignInWithPasskeyError> =
  /* @__PURE__ */ operation('POST', '/api/v1/auth/passkeys/sign-in', { hasMode: true })

/**
 * Your passkeys, oldest first
 */
export const listPasskeys: Operation<types.AuthListPasskeysData, types.AuthListPasskeysResponse, types.AuthListPasskeysError> =
  /* @__PURE__ */ operation('GET', '/api/v1/auth/passkeys')

/**
 * Add a passkey: what the authenticator has answered
 */
export const addPasskey: Operation<types.AuthAddPasskeyData, types.AuthAddPasskeyResponse, types.AuthAddPasskeyError> =
  /* @__PURE__ */ operation('POST', '/api/v1/auth/passkeys')

/**
 * Add a passkey: what to ask the authenticator for
 *
 * For `navigator.credentials.create`; its answer is the `passkey` of `POST /auth/passkeys`, in this session, within five minutes, once.
 */
export const startPasskey: Operation<types.AuthStartPasskeyData, types.AuthStartPasskeyResponse, types.AuthStartPasskeyError> =
  /* @__PURE__ */ operation('POST', '/api/v1/auth/passkeys/options')

/**
 * Rename a passkey
 */
export const renamePasskey: Operation<types.AuthRenamePasskeyData, types.AuthRenamePasskeyResponse, types.AuthRenamePasskeyError> =
  /* @__PURE__ */ operation('PATCH', '/api/v1/auth/passkeys/{id}')

/**
 * Remove a passkey and end what it has signed in
 *
 * That may be the session that asks. The last way to sign in stays.
 */
export const removePasskey: Operation<types.AuthRemovePasskeyData, types.AuthRemovePasskeyResponse, types.AuthRemovePasskeyError> =
  /* @__PURE__ */ operation('DELETE', '/api/v1/auth/passkeys/{id}')

/**
 * Where you are signed in
 */
export const listSessions: Operation<types.AuthListSessionsData, types.AuthListSessionsResponse, types.AuthListSessionsError> =
  /* @__PURE__ */ operation('GET', '/api/v1/auth/sessions')

/**
 * Sign out everywhere else
 */
export const endOtherSessions: Operation<types.AuthEndOtherSessionsData, types.AuthEndOtherSessionsResponse, types.AuthEndOtherSessionsError> =
  /* @__PURE__ */ operation('DELETE', '/api/v1/auth/sessions')

/**
 * Sign out there, at once
 */
export const endSession: Operation<types.AuthEndSessionData, types.AuthEndSessionResponse, types.AuthEndSessionError> =
  /* @__PURE__ */ operation('DELETE', '/api/v1/auth/sessions/{id}')

/**
 * Sign out everywhere, here too
 *
 * Sessions with their refresh tokens end at once; API keys go on.
 */
export const logoutAll: Operation<types.AuthLogoutAllData, types.AuthLogoutAllResponse, types.AuthLogoutAllError> =
  /* @__PURE__ */ operation('POST', '/api/v1/auth/logout-all')

/**
 * What you can show at a step-up
 *
 * Empty for who signs in with an identity from elsewhere or by mail alone: signing in again shows it as well.
 */
export const stepUpMethods: Operation<types.AuthStepUpMethodsData, types.AuthStepUpMethodsResponse, types.AuthStepUpMethodsError> =
  /* @__PURE__ */ operation('GET', '/api/v1/auth/step-up')

/**
 * Show a factor once more, so that sensitive changes are allowed for a while
 *
 * Send exactly one: `password`, `code`, `backupCode` or `passkey`. The session goes on under a new id: with the new cookie and CSRF token, or the new tokens. The old ones are dead.
 */
export const stepUp: Operation<types.AuthStepUpData, types.AuthStepUpResponse, types.AuthStepUpError> =
  /* @__PURE__ */ operation('POST', '/api/v1/auth/step-up')

/**
 * What to ask a passkey, to show it once more
 *
 * For `navigator.credentials.get`; its answer is the `passkey` of `POST /auth/step-up`, in this session.
 */
export const askOwnPasskey: Operation<types.AuthAskOwnPasskeyData, types.AuthAskOwnPasskeyResponse, types.AuthAskOwnPasskeyError> =
  /* @__PURE__ */ operation('POST', '/api/v1/auth/step-up/passkey-options')

/**
 * Have a link and a code mailed that sign you in without a password
 *
 * The answer is the same for every address. At most five mails an hour go to one; the newest works, once, for 15 minutes.
 */
export const requestMagicLink: Operation<types.AuthRequestMagicLinkData, types.AuthRequestMagicLinkResponse, types.AuthRequestMagicLinkError> =
  /* @__PURE__ */ operation('POST', '/api/v1/auth/magic-link')

/**
 * Sign in with a mailed link’s token, or with the address and its code
 *
 * A second factor is asked for as by `POST /auth/login`.
 */
export const signInByMail: Operation<types.AuthSignInByMailData, types.AuthSignInByMailResponse, types.AuthSignInByMailError> =
  /* @__PURE__ */ operation('POST', '/api/v1/auth/magic-link/sign-in', { hasMode: true })

/**
 * Sign in as the demo user of a development server
 *
 * With DEMO_EMAIL and DEMO_PASSWORD, while DEMO_LOGIN_ENABLED is on. Never in production.
 */
export const demoLogin: Operation<types.AuthDemoLoginData, types.AuthDemoLoginResponse, types.AuthDemoLoginError> =
  /* @__PURE__ */ operation('POST', '/api/v1/auth/demo-login', { hasMode: true })

/**
 * Have a link mailed that sets a new password
 *
 * The answer is the same for every address. At most five mails an hour go to one; the newest link works, once, for an hour.
 */
export const forgotPassword: Operation<types.AuthForgotPasswordData, types.AuthForgotPasswordResponse, types.AuthForgotPasswordError> =
  /* @__PURE__ */ operation('POST', '/api/v1/auth/forgot-password')

/**
 * Set a new password with the token of a mailed link
 *
 * Ends every session, refresh token and API key of the account, and signs nobody in. Passkeys and identities stay, unless they were added before anybody had proven the address. A password that is refused leaves the token as it is.
 */
export const resetPassword: Operation<types.AuthResetPasswordData, types.AuthResetPasswordResponse, types.AuthResetPasswordError> =
  /* @__PURE__ */ operation('POST', '/api/v1/auth/reset-password')

/**
 * Change your own password
 *
 * Every other session ends; this one goes on. API keys go on, too.
 */
export const changePassword: Operation<types.AuthChangePasswordData, types.AuthChangePasswordResponse, types.AuthChangePasswordError> =
  /* @__PURE__ */ operation('POST', '/api/v1/auth/change-password')

/**
 * Have the mail that proves an address sent again
 *
 * The answer is `sent` for every address; only who is signed in to the account reads `already_verified`. The mail has a new link and code, and older ones stop working.
 */
export const resendVerification: Operation<types.AuthResendVerificationData, types.AuthResendVerificationResponse, types.AuthResendVerificationError> =
  /* @__PURE__ */ operation('POST', '/api/v1/auth/resend-verification')

/**
 * Ask for another e-mail address
 *
 * Both addresses get a mail with a link; the address changes when both have agreed, within a day. The newest request counts. A taken address answers like a free one.
 */
export const requestEmailChange: Operation<types.AuthRequestEmailChangeData, types.AuthRequestEmailChangeResponse, types.AuthRequestEmailChangeError> =
  /* @__PURE__ */ operation('POST', '/api/v1/auth/email-change', { isKeyed: true })

/**
 * The change of address that waits; null where none does
 */
export const getEmailChange: Operation<types.AuthGetEmailChangeData, types.AuthGetEmailChangeResponse, types.AuthGetEmailChangeError> =
  /* @__PURE__ */ operation('GET', '/api/v1/auth/email-change')

/**
 * Call the change of address off
 */
export const withdrawEmailChange: Operation<types.AuthWithdrawEmailChangeData, types.AuthWithdrawEmailChangeResponse, types.AuthWithdrawEmailChangeError> =
  /* @__PURE__ */ operation('DELETE', '/api/v1/auth/email-change')

/**
 * Agree to a change of address, with the token of a mailed link
 *
 * `waiting` until the other mailbox has agreed too. With `changed`, every other session ends.
 */
export const confirmEmailChange: Operation<types.AuthConfirmEmailChangeData, types.AuthConfirmEmailChangeResponse, types.AuthConfirmEmailChangeError> =
  /* @__PURE__ */ operation('POST', '/api/v1/auth/email-change/confirm', { isKeyed: true })

/**
 * Call a change of address off, with the token of a mailed link
 */
export const cancelEmailChange: Operation<types.AuthCancelEmailChangeData, types.AuthCancelEmailChangeResponse, types.AuthCancelEmailChangeError> =
  /* @__PURE__ */ operation('POST', '/api/v1/auth/email-change/cancel', { isKeyed: true })

/**
 * Your API keys, newest first
 */
export const listApiKeys: Operation<types.AuthListApiKeysData, types.AuthListApiKeysResponse, types.AuthListApiKeysError> =
  /* @__PURE__ */ operation('GET', '/api/v1/auth/api-keys')

/**
 * Make an API key; it is shown this once
 */
export const createApiKey: Operation<types.AuthCreateApiKeyData, types.AuthCreateApiKeyResponse, types.AuthCreateApiKeyError> =
  /* @__PURE__ */ operation('POST', '/api/v1/auth/api-keys')

/**
 * What your API keys can be made for
 *
 * Names of the permissions that you have and with which a key can do something, in alphabetical order.
 */
export const listApiKeyScopes: Operation<types.AuthListApiKeyScopesData, types.AuthListApiKeyScopesResponse, types.AuthListApiKeyScopesError> =
  /* @__PURE__ */ operation('GET', '/api/v1/auth/api-key-scopes')

/**
 * End an API key at once
 */
export const revokeApiKey: Operation<types.AuthRevokeApiKeyData, types.AuthRevokeApiKeyResponse, types.AuthRevokeApiKeyError> =
  /* @__PURE__ */ operation('DELETE', '/api/v1/auth/api-keys/{id}')
