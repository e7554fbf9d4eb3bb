// Generated from server/openapi.json by `npm run drift -- --write`; do not edit.

import { type Operation, operation } from '../operation.ts'
import type * as types from './types.ts'

/**
 * Disputes, newest first
 */
export const list: Operation<types.DisputesListData, types.DisputesListResponse, types.DisputesListError> =
  /* @__PURE__ */ operation('GET', '/api/v1/disputes')

/**
 * One dispute
 */
export const get: Operation<types.DisputesGetData, types.DisputesGetResponse, types.DisputesGetError> =
  /* @__PURE__ */ operation('GET', '/api/v1/disputes/{id}')

/**
 * Tell the customer’s bank why the payment is right
 *
 * For good: the bank decides by it, and takes nothing more.
 */
export const sendEvidence: Operation<types.DisputesSendEvidenceData, types.DisputesSendEvidenceResponse, types.DisputesSendEvidenceError> =
  /* @__PURE__ */ operation('POST', '/api/v1/disputes/{id}/evidence', { isKeyed: true })

/**
 * Give a dispute up: the customer keeps the money
 */
export const accept: Operation<types.DisputesAcceptData, types.DisputesAcceptResponse, types.DisputesAcceptError> =
  /* @__PURE__ */ operation('POST', '/api/v1/disputes/{id}/acceptance', { isKeyed: true })
