// Generated from server/openapi.json by `npm run drift -- --write`; do not edit.

import { type Operation, operation } from '../operation.ts'
import type * as types from './types.ts'

/**
 * Invite somebody to a role, by mail
 *
 * Nobody gives a role that permits more than they may do, now or when it is accepted. An older invitation of the address is replaced, unless its role is one that you may not give.
 */
export const invite: Operation<types.InvitationsInviteData, types.InvitationsInviteResponse, types.InvitationsInviteError> =
  /* @__PURE__ */ operation('POST', '/api/v1/invitations', { isKeyed: true })

/**
 * Invitations, newest first
 */
export const list: Operation<types.InvitationsListData, types.InvitationsListResponse, types.InvitationsListError> =
  /* @__PURE__ */ operation('GET', '/api/v1/invitations')

/**
 * One invitation
 */
export const get: Operation<types.InvitationsGetData, types.InvitationsGetResponse, types.InvitationsGetError> =
  /* @__PURE__ */ operation('GET', '/api/v1/invitations/{id}')

/**
 * Take an invitation back, at once
 *
 * Not one that can be accepted and is to a role above yours.
 */
export const revoke: Operation<types.InvitationsRevokeData, types.InvitationsRevokeResponse, types.InvitationsRevokeError> =
  /* @__PURE__ */ operation('DELETE', '/api/v1/invitations/{id}')

/**
 * Mail a new link; the older one is dead
 *
 * The role stays. From now on you answer for it, with your own rights.
 */
export const resend: Operation<types.InvitationsResendData, types.InvitationsResendResponse, types.InvitationsResendError> =
  /* @__PURE__ */ operation('POST', '/api/v1/invitations/{id}/resend', { isKeyed: true })

/**
 * What the link in an invitation offers
 *
 * Changes nothing, and is the same whether or not the address has an account.
 */
export const lookUp: Operation<types.InvitationsLookUpData, types.InvitationsLookUpResponse, types.InvitationsLookUpError> =
  /* @__PURE__ */ operation('POST', '/api/v1/invitations/lookup')

/**
 * Accept an invitation, with the token of its link
 *
 * Somebody new sends a password and is signed in (201). The account of the address must be signed in; it gets the role (200), and its session goes on under a new id, cookie and tokens. What is refused leaves the invitation as it is.
 */
export const accept: Operation<types.InvitationsAcceptData, types.InvitationsAcceptResponse, types.InvitationsAcceptError> =
  /* @__PURE__ */ operation('POST', '/api/v1/invitations/accept', { hasMode: true })
