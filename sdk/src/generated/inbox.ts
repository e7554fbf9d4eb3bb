// Generated from server/openapi.json by `npm run drift -- --write`; do not edit.

import { type Operation, operation } from '../operation.ts'
import type * as types from './types.ts'

/**
 * What providers have told us, newest first
 */
export const listEvents: Operation<types.InboxListEventsData, types.InboxListEventsResponse, types.InboxListEventsError> =
  /* @__PURE__ */ operation('GET', '/api/v1/admin/inbox/events')

/**
 * One event, with its body
 */
export const getEvent: Operation<types.InboxGetEventData, types.InboxGetEventResponse, types.InboxGetEventError> =
  /* @__PURE__ */ operation('GET', '/api/v1/admin/inbox/events/{id}')

/**
 * Have the object of an event looked at again
 *
 * Also of one that was given up. What is right already is not changed.
 */
export const replayEvent: Operation<types.InboxReplayEventData, types.InboxReplayEventResponse, types.InboxReplayEventError> =
  /* @__PURE__ */ operation('POST', '/api/v1/admin/inbox/events/{id}/replay', { isKeyed: true })
