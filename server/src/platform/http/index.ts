/** The HTTP front door of the platform: what rooms need to declare routes. */
export { basePath } from './aliases.ts'
export { type App, createApp } from './app.ts'
export { type CompleterOptions, openCompleter } from './completer.ts'
export { type Compilers, createCompilers } from './compilers.ts'
export { type CsrfKey, issueCsrfToken } from './csrf.ts'
export { expectedVersion, sendEtag } from './etag.ts'
export { requireStepUp } from './guard.ts'
export { forgetExpiredKeys } from './idempotency.ts'
export {
  type Administration,
  anonymousFrom,
  type Caller,
  type FinishedRequest,
  type HttpOptions,
  type LookUp,
  type Recall,
} from './options.ts'
export { UndeclaredRoute, isAdministration } from './route-rules.ts'
export type { DeclaredRoute } from './route.ts'
export {
  cursorOf,
  idCursor,
  dataOf,
  listOf,
  type Page,
  pageOf,
  alwaysCounted,
  pageQuery,
  presentPage,
} from './pagination.ts'
export { amountKeys, sortingOf, timeKey } from './sorting.ts'
export { openRefusalTally, type RefusalTally } from './refusal-tally.ts'
