// Generated from server/openapi.json by `npm run drift -- --write`; do not edit.

import { type Operation, operation } from '../operation.ts'
import type * as types from './types.ts'

/**
 * Every queue, and how much is in it
 */
export const queues: Operation<types.JobsQueuesData, types.JobsQueuesResponse, types.JobsQueuesError> =
  /* @__PURE__ */ operation('GET', '/api/v1/admin/jobs/queues')

/**
 * Jobs, newest first
 *
 * Those that are done are known for an hour, dead letters for 90 days.
 */
export const list: Operation<types.JobsListData, types.JobsListResponse, types.JobsListError> =
  /* @__PURE__ */ operation('GET', '/api/v1/admin/jobs')

/**
 * One job, with what it was given
 */
export const get: Operation<types.JobsGetData, types.JobsGetResponse, types.JobsGetError> =
  /* @__PURE__ */ operation('GET', '/api/v1/admin/jobs/{id}')

/**
 * Put a dead letter back into its queue, with all its attempts
 */
export const retry: Operation<types.JobsRetryData, types.JobsRetryResponse, types.JobsRetryError> =
  /* @__PURE__ */ operation('POST', '/api/v1/admin/jobs/{id}/retry', { isKeyed: true })

/**
 * Put the dead letters of a kind back, a hundred at a time
 */
export const retryAll: Operation<types.JobsRetryAllData, types.JobsRetryAllResponse, types.JobsRetryAllError> =
  /* @__PURE__ */ operation('POST', '/api/v1/admin/jobs/retry', { isKeyed: true })

/**
 * Throw a dead letter away: what it was for does not happen
 */
export const discard: Operation<types.JobsDiscardData, types.JobsDiscardResponse, types.JobsDiscardError> =
  /* @__PURE__ */ operation('POST', '/api/v1/admin/jobs/{id}/discard', { isKeyed: true })

/**
 * What the clock starts: when, and how it went the last time
 */
export const schedules: Operation<types.JobsSchedulesData, types.JobsSchedulesResponse, types.JobsSchedulesError> =
  /* @__PURE__ */ operation('GET', '/api/v1/admin/jobs/schedules')

/**
 * Start one now, beside its schedule
 */
export const runNow: Operation<types.JobsRunNowData, types.JobsRunNowResponse, types.JobsRunNowError> =
  /* @__PURE__ */ operation('POST', '/api/v1/admin/jobs/schedules/{name}/run', { isKeyed: true })
