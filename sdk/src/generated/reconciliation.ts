// Generated from server/openapi.json by `npm run drift -- --write`; do not edit.

import { type Operation, operation } from '../operation.ts'
import type * as types from './types.ts'

/**
 * Comparisons with the payment provider, newest first
 */
export const listRuns: Operation<types.ReconciliationListRunsData, types.ReconciliationListRunsResponse, types.ReconciliationListRunsError> =
  /* @__PURE__ */ operation('GET', '/api/v1/reconciliation/runs')

/**
 * Compare our books with those of the payment provider
 *
 * A worker does it. What is missing here is brought in; everything else is told and left as it is.
 */
export const run: Operation<types.ReconciliationRunData, types.ReconciliationRunResponse, types.ReconciliationRunError> =
  /* @__PURE__ */ operation('POST', '/api/v1/reconciliation/runs', { isKeyed: true })

/**
 * One comparison, and what it has found
 */
export const getRun: Operation<types.ReconciliationGetRunData, types.ReconciliationGetRunResponse, types.ReconciliationGetRunError> =
  /* @__PURE__ */ operation('GET', '/api/v1/reconciliation/runs/{id}')

/**
 * What is different, newest first
 */
export const listDrifts: Operation<types.ReconciliationListDriftsData, types.ReconciliationListDriftsResponse, types.ReconciliationListDriftsError> =
  /* @__PURE__ */ operation('GET', '/api/v1/reconciliation/drifts')

/**
 * One difference
 */
export const getDrift: Operation<types.ReconciliationGetDriftData, types.ReconciliationGetDriftResponse, types.ReconciliationGetDriftError> =
  /* @__PURE__ */ operation('GET', '/api/v1/reconciliation/drifts/{id}')

/**
 * Say that a difference may be as it is
 *
 * It blocks no payout any more, until it changes. Who said so, and why, is recorded.
 */
export const acceptDrift: Operation<types.ReconciliationAcceptDriftData, types.ReconciliationAcceptDriftResponse, types.ReconciliationAcceptDriftError> =
  /* @__PURE__ */ operation('POST', '/api/v1/reconciliation/drifts/{id}/acceptance', { isKeyed: true })

/**
 * Whether money may be paid out, and what is against it
 */
export const getReleases: Operation<types.ReconciliationGetReleasesData, types.ReconciliationGetReleasesResponse, types.ReconciliationGetReleasesError> =
  /* @__PURE__ */ operation('GET', '/api/v1/reconciliation/releases')
