/** A client: where the server is, who asks, and how patient a call is. */
import type { Definition } from './operation.ts'
import type { Problem } from './problem.ts'

/** Proves who asks: `cookieSession()`, `tokenSession()`, `apiKey()`. */
export type Credential = {
  /** What sign-ins ask for when the call does not say. */
  readonly mode?: 'token'
  /** For one request. May ask the server first, with the client it is given. */
  prove(client: Client, definition: Definition): Promise<Proof>
  /** The request was refused. True when it is worth sending again with a new proof. */
  renew?(client: Client, problem: Problem, proof: Proof): Promise<boolean>
  /** Looks at each good answer, for what a next request has to prove. */
  learn?(definition: Definition, data: unknown): Promise<void>
}

export type Proof = {
  readonly headers: Readonly<Record<string, string>>
  /** Whether the browser adds its cookies. */
  readonly cookies: 'include' | 'omit'
}

export type ClientOptions = {
  /** Where the server is: `https://api.example.com`, or `''` for the page's own origin. */
  readonly baseUrl: string
  /** Who asks; nobody when left out. */
  readonly credential?: Credential
  /** For one try. The server gives up after 30 s (REQUEST_TIMEOUT) and says so; 35 s let that answer arrive. */
  readonly timeoutMs?: number
  /** How many times a call is tried again; 3 when left out. Calls that must not be repeated never are. */
  readonly retries?: number
  /**
   * The longest `Retry-After` that is waited for; 60 s when left out, because limits are counted by the minute. Where a
   * person waits, less is more.
   */
  readonly maxWaitSeconds?: number
  /** Instead of the global one. */
  readonly fetch?: typeof globalThis.fetch
}

export type Client = Required<ClientOptions>

const nobody = (cookies: Proof['cookies']): Credential => ({
  prove: async () => ({ headers: {}, cookies }),
})

export function createClient(options: ClientOptions): Client {
  return {
    credential: nobody('omit'),
    timeoutMs: 35_000,
    retries: 3,
    maxWaitSeconds: 60,
    // Called as a method of anything but the global object, a browser's fetch refuses to work.
    fetch: (input, init) => globalThis.fetch(input, init),
    ...options,
    baseUrl: options.baseUrl.replace(/\/+$/, ''),
  }
}

/** The same client without a proof, for what a credential itself asks of the server. */
export const asNobody = (client: Client, cookies: Proof['cookies']): Client => ({
  ...client,
  credential: nobody(cookies),
})
