/** The HTTP front door of the platform: what rooms need to declare routes. */
export { basePath } from './aliases.ts'
export { anonymousFrom, type App, type Caller, createApp, type HttpOptions } from './app.ts'
export { issueCsrfToken } from './csrf.ts'
export { expectedVersion, sendEtag } from './etag.ts'
export { forgetExpiredKeys } from './idempotency.ts'
export {
  cursorOf,
  dataOf,
  listOf,
  type Page,
  pageOf,
  pageQuery,
  presentPage,
} from './pagination.ts'
