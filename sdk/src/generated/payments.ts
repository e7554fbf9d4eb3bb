// Generated from server/openapi.json by `npm run drift -- --write`; do not edit.

import { type Operation, operation } from '../operation.ts'
import type * as types from './types.ts'

/**
 * Start a payment
 *
 * The answer’s `clientSecret` finishes it in the customer’s browser, with Stripe’s own library. That it was paid is known when its state is `held`.
 */
export const createIntent: Operation<types.PaymentsCreateIntentData, types.PaymentsCreateIntentResponse, types.PaymentsCreateIntentError> =
  /* @__PURE__ */ operation('POST', '/api/v1/payments/create-intent', { isKeyed: true })

/**
 * Your payments, newest first; with `payments.read_any` everybody’s
 */
export const list: Operation<types.PaymentsListData, types.PaymentsListResponse, types.PaymentsListError> =
  /* @__PURE__ */ operation('GET', '/api/v1/payments')

/**
 * One payment
 */
export const get: Operation<types.PaymentsGetData, types.PaymentsGetResponse, types.PaymentsGetError> =
  /* @__PURE__ */ operation('GET', '/api/v1/payments/{id}')
