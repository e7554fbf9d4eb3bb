// Generated from server/openapi.json by `npm run drift -- --write`; do not edit.

import { type Operation, operation } from '../operation.ts'
import type * as types from './types.ts'

/**
 * Give a payment back, or a part of it
 *
 * 202: the provider did not answer. The refund is `unknown` then, and goes on by itself; it is never made twice.
 */
export const create: Operation<types.RefundsCreateData, types.RefundsCreateResponse, types.RefundsCreateError> =
  /* @__PURE__ */ operation('POST', '/api/v1/payments/{id}/refunds', { isKeyed: true })

/**
 * The refunds of a payment, newest first
 */
export const listOfPayment: Operation<types.RefundsListOfPaymentData, types.RefundsListOfPaymentResponse, types.RefundsListOfPaymentError> =
  /* @__PURE__ */ operation('GET', '/api/v1/payments/{id}/refunds')

/**
 * Everybody’s refunds, newest first
 */
export const list: Operation<types.RefundsListData, types.RefundsListResponse, types.RefundsListError> =
  /* @__PURE__ */ operation('GET', '/api/v1/refunds')

/**
 * One refund
 */
export const get: Operation<types.RefundsGetData, types.RefundsGetResponse, types.RefundsGetError> =
  /* @__PURE__ */ operation('GET', '/api/v1/refunds/{id}')

/**
 * What was given back of what you have paid, newest first
 */
export const listOwn: Operation<types.RefundsListOwnData, types.RefundsListOwnResponse, types.RefundsListOwnError> =
  /* @__PURE__ */ operation('GET', '/api/v1/users/me/refunds')

/**
 * Say what became of a refund that needs review
 *
 * `made`: the provider calls it `ref`, and is asked for it. `not_made`: the provider is asked once more, and what it claimed can be had again.
 */
export const review: Operation<types.RefundsReviewData, types.RefundsReviewResponse, types.RefundsReviewError> =
  /* @__PURE__ */ operation('POST', '/api/v1/refunds/{id}/review', { isKeyed: true })

/**
 * Settle money that came in twice and that the provider did not take back
 *
 * `refund`: it is asked for once more. `other_means`: the customer was given it from elsewhere, and it is taken off the books of what waits.
 */
export const settleSurplus: Operation<types.RefundsSettleSurplusData, types.RefundsSettleSurplusResponse, types.RefundsSettleSurplusError> =
  /* @__PURE__ */ operation('POST', '/api/v1/payments/surplus/{id}/settlement', { isKeyed: true })
