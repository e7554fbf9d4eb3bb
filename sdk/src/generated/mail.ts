// Generated from server/openapi.json by `npm run drift -- --write`; do not edit.

import { type Operation, operation } from '../operation.ts'
import type * as types from './types.ts'

/**
 * Mails that were sent, captured or refused, newest first
 *
 * What waits to be sent is a job of the queue `mail`: `GET /admin/jobs`.
 */
export const list: Operation<types.MailListData, types.MailListResponse, types.MailListError> =
  /* @__PURE__ */ operation('GET', '/api/v1/admin/mails')

/**
 * One mail, with its text where it was captured
 */
export const get: Operation<types.MailGetData, types.MailGetResponse, types.MailGetError> =
  /* @__PURE__ */ operation('GET', '/api/v1/admin/mails/{id}')

/**
 * Send a mail to your own address, now
 *
 * That it was not sent is an answer, too: with what the mail server said.
 */
export const sendTest: Operation<types.MailSendTestData, types.MailSendTestResponse, types.MailSendTestError> =
  /* @__PURE__ */ operation('POST', '/api/v1/admin/mails/test')
