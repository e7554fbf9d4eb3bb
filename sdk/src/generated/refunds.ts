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
