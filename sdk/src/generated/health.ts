// Generated from server/openapi.json by `npm run drift -- --write`; do not edit.

import { type Operation, operation } from '../operation.ts'
import type * as types from './types.ts'

/**
 * The process runs
 */
export const live: Operation<types.HealthLiveData, types.HealthLiveResponse> =
  /* @__PURE__ */ operation('GET', '/livez')

/**
 * The process may be sent requests
 */
export const ready: Operation<types.HealthReadyData, types.HealthReadyResponse, types.HealthReadyError> =
  /* @__PURE__ */ operation('GET', '/readyz')

/**
 * How every part is doing, with figures
 */
export const report: Operation<types.HealthReportData, types.HealthReportResponse, types.HealthReportError> =
  /* @__PURE__ */ operation('GET', '/health')
