// Generated from server/openapi.json by `npm run drift -- --write`; do not edit.

import { type Operation, operation } from '../operation.ts'
import type * as types from './types.ts'

/**
 * How the product does, in one answer
 *
 * A part is absent where the caller may not read it in its own room. Requests are those that processes have stored: some seconds ago.
 */
export const overview: Operation<types.OperationsOverviewData, types.OperationsOverviewResponse, types.OperationsOverviewError> =
  /* @__PURE__ */ operation('GET', '/api/v1/admin/overview')

/**
 * The settings in force in this process, without their secrets
 */
export const settings: Operation<types.OperationsSettingsData, types.OperationsSettingsResponse, types.OperationsSettingsError> =
  /* @__PURE__ */ operation('GET', '/api/v1/admin/settings')

/**
 * What is set up, and what is to be done
 */
export const checklist: Operation<types.OperationsChecklistData, types.OperationsChecklistResponse, types.OperationsChecklistError> =
  /* @__PURE__ */ operation('GET', '/api/v1/admin/checklist')

/**
 * Try a part of the checklist
 *
 * Mail: to your own address. Storage: an object is written, read and deleted. Payments: the provider is asked for its balance. Signing key: something is signed and verified. Alerts: a mail to each of their addresses.
 */
export const testPart: Operation<types.OperationsTestPartData, types.OperationsTestPartResponse, types.OperationsTestPartError> =
  /* @__PURE__ */ operation('POST', '/api/v1/admin/checklist/{part}/test')
