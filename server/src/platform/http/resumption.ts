/** A request that the server runs again by itself: how it is told from one that came over the wire. */
import { AsyncLocalStorage } from 'node:async_hooks'
import type { Claim, KeyedRequest } from './idempotency.ts'
import type { Caller } from './options.ts'

export type Resumption = {
  /** Whoever sent it, with what they may do today. */
  readonly caller: Caller
  /** The claim that was taken over; throws unless the request is the one it belongs to. */
  claim(request: KeyedRequest): Claim
}

/** No header can say this: only code that runs inside it is the server's own second try. */
export const resumption = new AsyncLocalStorage<Resumption>()
