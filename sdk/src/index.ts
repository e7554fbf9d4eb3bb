/** What an application imports, beside the operations of each room (`@ashlar/sdk/users`, `@ashlar/sdk/auth`, …). */
export { apiKey } from './api-key.ts'
export { type Client, type ClientOptions, type Credential, createClient } from './client.ts'
export { cookieSession } from './cookie-session.ts'
export type { Answer, CallOptions, Input, InputsOf, Operation } from './operation.ts'
export { pages } from './pages.ts'
export {
  ConnectionError,
  Problem,
  type ProblemOf,
  UnexpectedAnswer,
  isProblem,
  unhandled,
} from './problem.ts'
export { type TokenSessionOptions, tokenSession } from './token-session.ts'
export {
  type StorageArea,
  type TokenStore,
  type Tokens,
  memoryStore,
  storageStore,
} from './token-store.ts'
export { type VerifiedWebhook, WebhookRefused, verifyWebhook } from './webhook.ts'
