// Generated from server/openapi.json by `npm run drift -- --write`; do not edit.

import { type Operation, operation } from '../operation.ts'
import type * as types from './types.ts'

/**
 * Your own account
 */
export const getMe: Operation<types.UsersGetMeData, types.UsersGetMeResponse, types.UsersGetMeError> =
  /* @__PURE__ */ operation('GET', '/api/v1/users/me')

/**
 * Change your own account
 *
 * Send `If-Match` with the ETag you read, and a change made meanwhile is not overwritten (412).
 */
export const updateMe: Operation<types.UsersUpdateMeData, types.UsersUpdateMeResponse, types.UsersUpdateMeError> =
  /* @__PURE__ */ operation('PATCH', '/api/v1/users/me')

/**
 * A profile, as far as you may see it
 */
export const get: Operation<types.UsersGetData, types.UsersGetResponse, types.UsersGetError> =
  /* @__PURE__ */ operation('GET', '/api/v1/users/{id}')

/**
 * The teams somebody works in
 *
 * Roles may reach as far as one’s own teams, so nobody chooses their own, or those of somebody above them, or gives a reach that they do not have.
 */
export const setTeams: Operation<types.UsersSetTeamsData, types.UsersSetTeamsResponse, types.UsersSetTeamsError> =
  /* @__PURE__ */ operation('PUT', '/api/v1/users/{id}/teams')

/**
 * Profiles you may see, newest first
 */
export const list: Operation<types.UsersListData, types.UsersListResponse, types.UsersListError> =
  /* @__PURE__ */ operation('GET', '/api/v1/users')
