// Generated from server/openapi.json by `npm run drift -- --write`; do not edit.

import { type Operation, operation } from '../operation.ts'
import type * as types from './types.ts'

/**
 * Make the first super admin, with the installer link’s token
 */
export const setup: Operation<types.AdminSetupData, types.AdminSetupResponse, types.AdminSetupError> =
  /* @__PURE__ */ operation('POST', '/api/v1/admin/setup')

/**
 * Make a secret for your authenticator; it is shown this once
 *
 * Nothing is asked for before `POST /admin/security/mfa/verify` confirms a code of it.
 */
export const setUpMfa: Operation<types.AdminSetUpMfaData, types.AdminSetUpMfaResponse, types.AdminSetUpMfaError> =
  /* @__PURE__ */ operation('POST', '/api/v1/admin/security/mfa/setup')

/**
 * Confirm the secret with a code: from now on administration asks for one
 *
 * So does signing in. Your other sessions end. The backup codes are shown this once. The code is used up: the next request to administration needs the next one.
 */
export const verifyMfa: Operation<types.AdminVerifyMfaData, types.AdminVerifyMfaResponse, types.AdminVerifyMfaError> =
  /* @__PURE__ */ operation('POST', '/api/v1/admin/security/mfa/verify')

/**
 * Turn your authenticator off
 *
 * A code in `x-admin-mfa-code` is step-up enough. Your other sessions end; a role that needs an authenticator lets you do nothing else until you have one again.
 */
export const turnOffMfa: Operation<types.AdminTurnOffMfaData, types.AdminTurnOffMfaResponse, types.AdminTurnOffMfaError> =
  /* @__PURE__ */ operation('DELETE', '/api/v1/admin/security/mfa')

/**
 * How every part is doing, and why one fails
 *
 * As `GET /health` tells everybody, with the reasons, of the process that answers. 200 also when something fails: `status` says so.
 */
export const health: Operation<types.AdminHealthData, types.AdminHealthResponse, types.AdminHealthError> =
  /* @__PURE__ */ operation('GET', '/api/v1/admin/health')

/**
 * Accounts, newest first
 */
export const listUsers: Operation<types.AdminListUsersData, types.AdminListUsersResponse, types.AdminListUsersError> =
  /* @__PURE__ */ operation('GET', '/api/v1/admin/users')

/**
 * One account: its standing, roles, factors, and what was done to it
 */
export const getUser: Operation<types.AdminGetUserData, types.AdminGetUserResponse, types.AdminGetUserError> =
  /* @__PURE__ */ operation('GET', '/api/v1/admin/users/{id}')

/**
 * Keep somebody out, until a time or until it is lifted
 *
 * Their sessions, API keys, trusted devices and mailed links end at once. Signing in answers as for a wrong password. An account that its owner has closed does not open again meanwhile.
 */
export const suspendUser: Operation<types.AdminSuspendUserData, types.AdminSuspendUserResponse, types.AdminSuspendUserError> =
  /* @__PURE__ */ operation('POST', '/api/v1/admin/users/{id}/suspend', { isKeyed: true })

/**
 * Lift a suspension
 */
export const unsuspendUser: Operation<types.AdminUnsuspendUserData, types.AdminUnsuspendUserResponse, types.AdminUnsuspendUserError> =
  /* @__PURE__ */ operation('POST', '/api/v1/admin/users/{id}/unsuspend', { isKeyed: true })

/**
 * Sign somebody out everywhere
 */
export const signOutUser: Operation<types.AdminSignOutUserData, types.AdminSignOutUserResponse, types.AdminSignOutUserError> =
  /* @__PURE__ */ operation('POST', '/api/v1/admin/users/{id}/sign-out', { isKeyed: true })

/**
 * Take somebody’s authenticator, passkeys and trusted devices away
 *
 * For an owner who has lost them, and is told by mail. Everything they are signed in with ends; the password stays.
 */
export const resetFactors: Operation<types.AdminResetFactorsData, types.AdminResetFactorsResponse, types.AdminResetFactorsError> =
  /* @__PURE__ */ operation('POST', '/api/v1/admin/users/{id}/reset-factors', { isKeyed: true })

/**
 * Give somebody a role within your own rights
 *
 * Everything they are signed in with ends; their API keys go on. Not to an account that its owner has closed.
 */
export const grantRole: Operation<types.AdminGrantRoleData, types.AdminGrantRoleResponse, types.AdminGrantRoleError> =
  /* @__PURE__ */ operation('PUT', '/api/v1/admin/users/{id}/roles/{role}')

/**
 * Take a role away
 *
 * Everything they are signed in with ends; their API keys go on.
 */
export const revokeRole: Operation<types.AdminRevokeRoleData, types.AdminRevokeRoleResponse, types.AdminRevokeRoleError> =
  /* @__PURE__ */ operation('DELETE', '/api/v1/admin/users/{id}/roles/{role}')

/**
 * Where somebody is signed in
 */
export const listSessions: Operation<types.AdminListSessionsData, types.AdminListSessionsResponse, types.AdminListSessionsError> =
  /* @__PURE__ */ operation('GET', '/api/v1/admin/users/{id}/sessions')

/**
 * Sign somebody out of one session, at once
 */
export const endSession: Operation<types.AdminEndSessionData, types.AdminEndSessionResponse, types.AdminEndSessionError> =
  /* @__PURE__ */ operation('DELETE', '/api/v1/admin/users/{id}/sessions/{sessionId}')

/**
 * Somebody’s API keys, newest first
 */
export const listApiKeys: Operation<types.AdminListApiKeysData, types.AdminListApiKeysResponse, types.AdminListApiKeysError> =
  /* @__PURE__ */ operation('GET', '/api/v1/admin/users/{id}/api-keys')

/**
 * End one of somebody’s API keys, at once
 */
export const revokeApiKey: Operation<types.AdminRevokeApiKeyData, types.AdminRevokeApiKeyResponse, types.AdminRevokeApiKeyError> =
  /* @__PURE__ */ operation('DELETE', '/api/v1/admin/users/{id}/api-keys/{keyId}')

/**
 * Somebody’s authenticator, passkeys and trusted devices
 */
export const listFactors: Operation<types.AdminListFactorsData, types.AdminListFactorsResponse, types.AdminListFactorsError> =
  /* @__PURE__ */ operation('GET', '/api/v1/admin/users/{id}/factors')

/**
 * Tokens of programs, newest first
 */
export const listServiceTokens: Operation<types.AdminListServiceTokensData, types.AdminListServiceTokensResponse, types.AdminListServiceTokensError> =
  /* @__PURE__ */ operation('GET', '/api/v1/admin/service-tokens')

/**
 * Make a token for a program; it is shown this once
 */
export const createServiceToken: Operation<types.AdminCreateServiceTokenData, types.AdminCreateServiceTokenResponse, types.AdminCreateServiceTokenError> =
  /* @__PURE__ */ operation('POST', '/api/v1/admin/service-tokens')

/**
 * Make a new secret for a token; the old one works for a while
 *
 * From now on you answer for the token, with your own rights.
 */
export const rotateServiceToken: Operation<types.AdminRotateServiceTokenData, types.AdminRotateServiceTokenResponse, types.AdminRotateServiceTokenError> =
  /* @__PURE__ */ operation('POST', '/api/v1/admin/service-tokens/{id}/rotate')

/**
 * End a token at once
 *
 * One of your own, or one whose scopes you all have.
 */
export const revokeServiceToken: Operation<types.AdminRevokeServiceTokenData, types.AdminRevokeServiceTokenResponse, types.AdminRevokeServiceTokenError> =
  /* @__PURE__ */ operation('DELETE', '/api/v1/admin/service-tokens/{id}')
