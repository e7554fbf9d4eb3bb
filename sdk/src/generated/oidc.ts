// Generated from server/openapi.json by `npm run drift -- --write`; do not edit.

import { type Operation, operation } from '../operation.ts'
import type * as types from './types.ts'

/**
 * The identity providers that one can sign in with
 */
export const listProviders: Operation<types.OidcListProvidersData, types.OidcListProvidersResponse, types.OidcListProvidersError> =
  /* @__PURE__ */ operation('GET', '/api/v1/oidc/providers')

/**
 * Begin to sign in with a provider
 *
 * The answer sets a cookie: only this browser can come back, once, within ten minutes. In `token` mode it comes back with `#code=`, which `POST /oidc/exchange` trades for tokens.
 */
export const start: Operation<types.OidcStartData, types.OidcStartResponse, types.OidcStartError> =
  /* @__PURE__ */ operation('POST', '/api/v1/oidc/{provider}/start', { hasMode: true })

/**
 * Trade the code of a return in token mode for tokens
 *
 * A code works once, within a minute, and for whoever has the verifier.
 */
export const exchange: Operation<types.OidcExchangeData, types.OidcExchangeResponse, types.OidcExchangeError> =
  /* @__PURE__ */ operation('POST', '/api/v1/oidc/exchange')

/**
 * The identities you sign in with
 */
export const listIdentities: Operation<types.OidcListIdentitiesData, types.OidcListIdentitiesResponse, types.OidcListIdentitiesError> =
  /* @__PURE__ */ operation('GET', '/api/v1/oidc/identities')

/**
 * The identities that somebody signs in with
 */
export const listIdentitiesOf: Operation<types.OidcListIdentitiesOfData, types.OidcListIdentitiesOfResponse, types.OidcListIdentitiesOfError> =
  /* @__PURE__ */ operation('GET', '/api/v1/admin/users/{id}/identities')

/**
 * Begin to add an identity to your account
 *
 * As `start`; the browser comes back with `#linked=` or `#error=`.
 */
export const link: Operation<types.OidcLinkData, types.OidcLinkResponse, types.OidcLinkError> =
  /* @__PURE__ */ operation('POST', '/api/v1/oidc/{provider}/link')

/**
 * Remove an identity from your account; what it has opened ends
 */
export const removeIdentity: Operation<types.OidcRemoveIdentityData, types.OidcRemoveIdentityResponse, types.OidcRemoveIdentityError> =
  /* @__PURE__ */ operation('DELETE', '/api/v1/oidc/identities/{id}')
