// Generated from server/openapi.json by `npm run drift -- --write`; do not edit.

import { type Operation, operation } from '../operation.ts'
import type * as types from './types.ts'

/**
 * Ask to act in somebody’s account; the token begins it
 *
 * Only in accounts that may do less than yours. The token works once, within a minute; the owner is told by mail when it is used.
 */
export const request: Operation<types.ImpersonationRequestData, types.ImpersonationRequestResponse, types.ImpersonationRequestError> =
  /* @__PURE__ */ operation('POST', '/api/v1/admin/impersonation')

/**
 * Trade the token for a session in the account, once
 *
 * The session ends by itself, and with the session that asked for it; nothing refreshes it. A cookie is only set where nobody is signed in.
 */
export const exchange: Operation<types.ImpersonationExchangeData, types.ImpersonationExchangeResponse, types.ImpersonationExchangeError> =
  /* @__PURE__ */ operation('POST', '/api/v1/admin/impersonation/exchange', { hasMode: true })

/**
 * End this impersonation or, from your own session, those that you have begun in it
 */
export const end: Operation<types.ImpersonationEndData, types.ImpersonationEndResponse, types.ImpersonationEndError> =
  /* @__PURE__ */ operation('POST', '/api/v1/admin/impersonation/end', { isKeyed: true })

/**
 * When somebody acted in your account, and why; newest first
 */
export const listOwn: Operation<types.ImpersonationListOwnData, types.ImpersonationListOwnResponse, types.ImpersonationListOwnError> =
  /* @__PURE__ */ operation('GET', '/api/v1/users/me/impersonations')

/**
 * When administrators acted in somebody’s account, and why; newest first
 */
export const listOf: Operation<types.ImpersonationListOfData, types.ImpersonationListOfResponse, types.ImpersonationListOfError> =
  /* @__PURE__ */ operation('GET', '/api/v1/admin/users/{id}/impersonations')
