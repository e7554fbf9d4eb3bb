// Generated from server/openapi.json by `npm run drift -- --write`; do not edit.

import { type Operation, operation } from '../operation.ts'
import type * as types from './types.ts'

/**
 * Close your account, and have it erased
 *
 * Every session, token, key and trusted device ends at once. Until `erasesAt` the link in the mail opens the account again; then everything personal is deleted.
 */
export const eraseMe: Operation<types.PrivacyEraseMeData, types.PrivacyEraseMeResponse, types.PrivacyEraseMeError> =
  /* @__PURE__ */ operation('DELETE', '/api/v1/users/me')

/**
 * Have everything that is stored about you put together
 *
 * A zip of JSON files; a mail says when it is ready. Asking again meanwhile answers the same one. Three a day.
 */
export const requestExport: Operation<types.PrivacyRequestExportData, types.PrivacyRequestExportResponse, types.PrivacyRequestExportError> =
  /* @__PURE__ */ operation('POST', '/api/v1/users/me/export', { isKeyed: true })

/**
 * Your archives, newest first
 */
export const listExports: Operation<types.PrivacyListExportsData, types.PrivacyListExportsResponse, types.PrivacyListExportsError> =
  /* @__PURE__ */ operation('GET', '/api/v1/users/me/exports')

/**
 * An address to fetch an archive from, valid for minutes
 */
export const openExport: Operation<types.PrivacyOpenExportData, types.PrivacyOpenExportResponse, types.PrivacyOpenExportError> =
  /* @__PURE__ */ operation('GET', '/api/v1/users/me/exports/{id}/download')

/**
 * Open a closed account again, with the token of the mailed link
 *
 * Works once, until the account is erased. It signs nobody in.
 */
export const restore: Operation<types.PrivacyRestoreData, types.PrivacyRestoreResponse, types.PrivacyRestoreError> =
  /* @__PURE__ */ operation('POST', '/api/v1/users/restore', { isKeyed: true })
