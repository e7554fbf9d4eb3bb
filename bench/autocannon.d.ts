/** The part of autocannon 9 that the load generator uses; the package brings no types. */
declare module 'autocannon' {
  import type { EventEmitter } from 'node:events'

  export type Client = { setRequests(requests: readonly object[]): void }

  type Options = {
    readonly url: string
    readonly connections: number
    readonly pipelining: number
    /** In seconds. */
    readonly duration: number
    /** Milliseconds between two looks at whether the time is over. */
    readonly sampleInt: number
    readonly setupClient: (client: Client) => void
  }

  type Result = {
    readonly errors: number
    readonly timeouts: number
    readonly non2xx: number
    readonly statusCodeStats: Readonly<Record<string, { readonly count: number }>>
  }

  /** The instance emits `response` (client, statusCode, bytes, milliseconds) and is a promise of its result. */
  export default function autocannon(options: Options): EventEmitter & Promise<Result>
}
