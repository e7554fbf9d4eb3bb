// Generated from server/openapi.json by `npm run drift -- --write`; do not edit.

import { type Operation, operation } from '../operation.ts'
import type * as types from './types.ts'

/**
 * Every role, by name
 */
export const listRoles: Operation<types.AccessListRolesData, types.AccessListRolesResponse, types.AccessListRolesError> =
  /* @__PURE__ */ operation('GET', '/api/v1/roles')

/**
 * Make a role
 *
 * Nobody makes a role that gives more than they have themselves.
 */
export const createRole: Operation<types.AccessCreateRoleData, types.AccessCreateRoleResponse, types.AccessCreateRoleError> =
  /* @__PURE__ */ operation('POST', '/api/v1/roles', { isKeyed: true })

/**
 * A role and its rules
 */
export const getRole: Operation<types.AccessGetRoleData, types.AccessGetRoleResponse, types.AccessGetRoleError> =
  /* @__PURE__ */ operation('GET', '/api/v1/roles/{name}')

/**
 * Change a role
 *
 * For everybody who has it, on their next request. Send `If-Match` with the ETag you read, and a change made meanwhile is not overwritten (412).
 */
export const changeRole: Operation<types.AccessChangeRoleData, types.AccessChangeRoleResponse, types.AccessChangeRoleError> =
  /* @__PURE__ */ operation('PATCH', '/api/v1/roles/{name}')

/**
 * Delete a role that nobody has
 */
export const deleteRole: Operation<types.AccessDeleteRoleData, types.AccessDeleteRoleResponse, types.AccessDeleteRoleError> =
  /* @__PURE__ */ operation('DELETE', '/api/v1/roles/{name}')

/**
 * Every permission, and what rules may say about it
 */
export const listPermissions: Operation<types.AccessListPermissionsData, types.AccessListPermissionsResponse, types.AccessListPermissionsError> =
  /* @__PURE__ */ operation('GET', '/api/v1/access/permissions')

/**
 * Which role may do what, and which route asks for it
 */
export const getMatrix: Operation<types.AccessGetMatrixData, types.AccessGetMatrixResponse, types.AccessGetMatrixError> =
  /* @__PURE__ */ operation('GET', '/api/v1/access/matrix')

/**
 * Why somebody may or may not do a thing
 *
 * About yourself, or, with `access.read_roles`, about anybody. Whoever asks only about themselves is not told whether a thing is missing or not theirs.
 */
export const explain: Operation<types.AccessExplainData, types.AccessExplainResponse, types.AccessExplainError> =
  /* @__PURE__ */ operation('GET', '/api/v1/access/explain')
