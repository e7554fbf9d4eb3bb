// Generated from server/openapi.json by `npm run drift -- --write`; do not edit.

import { type Operation, operation } from '../operation.ts'
import type * as types from './types.ts'

/**
 * What was done and refused, newest first
 *
 * Always with a total; it counts up to 10,000, and `meta.isTotalExact` is false when there are more.
 */
export const list: Operation<types.AuditListData, types.AuditListResponse, types.AuditListError> =
  /* @__PURE__ */ operation('GET', '/api/v1/admin/audit-logs')

/**
 * What the last verification of the chain found
 *
 * One is made every night, and by `ashlar audit verify`.
 */
export const getVerification: Operation<types.AuditGetVerificationData, types.AuditGetVerificationResponse, types.AuditGetVerificationError> =
  /* @__PURE__ */ operation('GET', '/api/v1/admin/audit-logs/verification')

/**
 * One entry of the audit log
 */
export const get: Operation<types.AuditGetData, types.AuditGetResponse, types.AuditGetError> =
  /* @__PURE__ */ operation('GET', '/api/v1/admin/audit-logs/{id}')

/**
 * What you did, and what others did to your account or in your name, newest first
 */
export const listOwn: Operation<types.AuditListOwnData, types.AuditListOwnResponse, types.AuditListOwnError> =
  /* @__PURE__ */ operation('GET', '/api/v1/users/me/activity')

/**
 * One entry of your activity
 */
export const getOwn: Operation<types.AuditGetOwnData, types.AuditGetOwnResponse, types.AuditGetOwnError> =
  /* @__PURE__ */ operation('GET', '/api/v1/users/me/activity/{id}')

/**
 * The audit log as a file, oldest first
 *
 * All that matches, as it is when you ask. That you asked is recorded. Whoever loses the right to it meanwhile gets no more: the connection is cut, without an end of the file. A cell of CSV that begins like a formula has an apostrophe in front.
 */
const export_: Operation<types.AuditExportData, types.AuditExportResponse, types.AuditExportError> =
  /* @__PURE__ */ operation('GET', '/api/v1/admin/audit-logs/export')
export { export_ as export }

/**
 * Everything around one id, in order: entries, jobs, mails, payments, what providers told
 *
 * The id of a request, a user, a job, an entry, a payment or an invitation, what a provider calls an event or what it is about (`evt_…`, `pi_…`), or an e-mail address, of who has an account or was invited; that somebody was looked up by their address is recorded. At most the 500 newest entries. Jobs that are done are known for an hour.
 */
export const trace: Operation<types.AuditTraceData, types.AuditTraceResponse, types.AuditTraceError> =
  /* @__PURE__ */ operation('GET', '/api/v1/admin/trace/{id}')
