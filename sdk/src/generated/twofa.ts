// Generated from server/openapi.json by `npm run drift -- --write`; do not edit.

import { type Operation, operation } from '../operation.ts'
import type * as types from './types.ts'

/**
 * Whether your second factor is on
 */
export const status: Operation<types.TwofaStatusData, types.TwofaStatusResponse, types.TwofaStatusError> =
  /* @__PURE__ */ operation('GET', '/api/v1/twofa/status')

/**
 * Make a secret for your authenticator; it is shown this once
 *
 * Send `password`. An account without one shows another factor a moment before (`POST /auth/step-up`), or signs in again. Nothing is on before `POST /twofa/enable` confirms a code of it. Setting up again replaces the secret that waits.
 */
export const setup: Operation<types.TwofaSetupData, types.TwofaSetupResponse, types.TwofaSetupError> =
  /* @__PURE__ */ operation('POST', '/api/v1/twofa/setup')

/**
 * Turn your second factor on, with a code of the secret that waits
 *
 * Your other sessions end, and this one goes on under a new id, cookie and tokens. The backup codes are shown this once.
 */
export const enable: Operation<types.TwofaEnableData, types.TwofaEnableResponse, types.TwofaEnableError> =
  /* @__PURE__ */ operation('POST', '/api/v1/twofa/enable')

/**
 * Turn your second factor off, with the password and a code
 *
 * Send `code` or `backupCode`; a set-up that waits ends without. An account without a password shows another factor a moment before (`POST /auth/step-up`). Your other sessions end.
 */
export const disable: Operation<types.TwofaDisableData, types.TwofaDisableResponse, types.TwofaDisableError> =
  /* @__PURE__ */ operation('POST', '/api/v1/twofa/disable')

/**
 * How many backup codes are left
 *
 * The codes themselves were shown once; `regenerate-backup-codes` makes new ones.
 */
export const backupCodes: Operation<types.TwofaBackupCodesData, types.TwofaBackupCodesResponse, types.TwofaBackupCodesError> =
  /* @__PURE__ */ operation('POST', '/api/v1/twofa/backup-codes', { isKeyed: true })

/**
 * Replace your backup codes, with a code
 *
 * Send `code` or `backupCode`; a `password` may come along and is not enough. The old ones die, no device is trusted any more, your other sessions end.
 */
export const regenerateBackupCodes: Operation<types.TwofaRegenerateBackupCodesData, types.TwofaRegenerateBackupCodesResponse, types.TwofaRegenerateBackupCodesError> =
  /* @__PURE__ */ operation('POST', '/api/v1/twofa/regenerate-backup-codes')

/**
 * Your trusted devices, newest first
 */
export const listTrustedDevices: Operation<types.TwofaListTrustedDevicesData, types.TwofaListTrustedDevicesResponse, types.TwofaListTrustedDevicesError> =
  /* @__PURE__ */ operation('GET', '/api/v1/twofa/trusted-devices')

/**
 * Ask every device of yours for a code again
 */
export const distrustAllDevices: Operation<types.TwofaDistrustAllDevicesData, types.TwofaDistrustAllDevicesResponse, types.TwofaDistrustAllDevicesError> =
  /* @__PURE__ */ operation('DELETE', '/api/v1/twofa/trusted-devices')

/**
 * Ask one of your devices for a code again
 */
export const distrustDevice: Operation<types.TwofaDistrustDeviceData, types.TwofaDistrustDeviceResponse, types.TwofaDistrustDeviceError> =
  /* @__PURE__ */ operation('DELETE', '/api/v1/twofa/trusted-devices/{id}')
