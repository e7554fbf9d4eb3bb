// Generated from server/openapi.json by `npm run drift -- --write`; do not edit.

import { type Operation, operation } from '../operation.ts'
import type * as types from './types.ts'

/**
 * How many requests each route had, how long they took, how many failed
 *
 * Of all processes, as far as they have stored it: some seconds ago. Percentiles are within 1 % of a duration that occurred.
 */
export const routes: Operation<types.MonitoringRoutesData, types.MonitoringRoutesResponse, types.MonitoringRoutesError> =
  /* @__PURE__ */ operation('GET', '/api/v1/admin/monitoring/routes')

/**
 * Slow requests, newest first
 */
export const slowRequests: Operation<types.MonitoringSlowRequestsData, types.MonitoringSlowRequestsResponse, types.MonitoringSlowRequestsError> =
  /* @__PURE__ */ operation('GET', '/api/v1/admin/monitoring/slow-requests')

/**
 * Security events by type, and the hundred sources with most of them
 */
export const securityEvents: Operation<types.MonitoringSecurityEventsData, types.MonitoringSecurityEventsResponse, types.MonitoringSecurityEventsError> =
  /* @__PURE__ */ operation('GET', '/api/v1/admin/monitoring/security-events')

/**
 * Alerts, newest first
 */
export const alerts: Operation<types.MonitoringAlertsData, types.MonitoringAlertsResponse, types.MonitoringAlertsError> =
  /* @__PURE__ */ operation('GET', '/api/v1/admin/monitoring/alerts')

/**
 * One alert
 */
export const alert: Operation<types.MonitoringAlertData, types.MonitoringAlertResponse, types.MonitoringAlertError> =
  /* @__PURE__ */ operation('GET', '/api/v1/admin/monitoring/alerts/{id}')

/**
 * Say that somebody looks after an alert
 */
export const acknowledge: Operation<types.MonitoringAcknowledgeData, types.MonitoringAcknowledgeResponse, types.MonitoringAcknowledgeError> =
  /* @__PURE__ */ operation('POST', '/api/v1/admin/monitoring/alerts/{id}/acknowledge', { isKeyed: true })

/**
 * When an alert is raised, for each type
 */
export const thresholds: Operation<types.MonitoringThresholdsData, types.MonitoringThresholdsResponse, types.MonitoringThresholdsError> =
  /* @__PURE__ */ operation('GET', '/api/v1/admin/monitoring/thresholds')

/**
 * When an alert of this type is raised
 */
export const threshold: Operation<types.MonitoringThresholdData, types.MonitoringThresholdResponse, types.MonitoringThresholdError> =
  /* @__PURE__ */ operation('GET', '/api/v1/admin/monitoring/thresholds/{type}')

/**
 * Change when an alert of this type is raised
 *
 * Goes before settings and defaults. Alerts that were raised stay as they are. Without `totalThreshold` that one stays as it is.
 */
export const setThreshold: Operation<types.MonitoringSetThresholdData, types.MonitoringSetThresholdResponse, types.MonitoringSetThresholdError> =
  /* @__PURE__ */ operation('PUT', '/api/v1/admin/monitoring/thresholds/{type}')

/**
 * Back to what the settings or the defaults say
 */
export const resetThreshold: Operation<types.MonitoringResetThresholdData, types.MonitoringResetThresholdResponse, types.MonitoringResetThresholdError> =
  /* @__PURE__ */ operation('DELETE', '/api/v1/admin/monitoring/thresholds/{type}')
