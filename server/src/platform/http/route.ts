/** What every route declares beside its schema: who may call it, how often, and how retries are treated. */
import type { Ctx } from '../context.ts'
import type { ErrorType } from '../errors.ts'
import type { Claim } from './idempotency.ts'
import type { Caller } from './options.ts'

/** An exact limit of a route. `by: 'client'` counts the address; a function counts what the body names, and from where if it likes. */
export type RouteLimit = {
  /** The name of an exact or local policy in `limit-policies.ts`; with any other the server does not boot. */
  readonly policy: string
  readonly by: 'client' | 'user' | ((body: never, clientKey: string) => string | null)
}

/** What a route says of who may call it. */
export type DeclaredRoute = {
  readonly method: string
  readonly path: string
  /** Null for one that asks for none: it is public, or for whoever is signed in. */
  readonly permission: string | null
  readonly isPublic: boolean
  readonly stepUp: boolean
}

declare module 'fastify' {
  interface FastifyInstance {
    /** Every route there is, in the order of declaration; HEAD goes with GET. */
    readonly declaredRoutes: readonly DeclaredRoute[]
  }
  interface FastifyRequest {
    ctx: Ctx
    caller: Caller
    /** Canonical address of the client, and what its limits are counted under. */
    clientIp: string
    clientKey: string
    traceId: string | null
    claim: Claim | null
    /** The answer is no more than a part: a sign-in that waits for its second factor. For the metrics. */
    isHeld: boolean
    startedAt: number
    /** Whether the caller may have the rest of a long answer: asked between its parts, past every cache. */
    mayHaveMore(): Promise<boolean>
  }
  interface FastifyContextConfig {
    /** The permission a caller needs. A route has this, `public` or `signedIn`, or the server does not boot. */
    can?: string
    public?: true
    /** Asks for somebody who is signed in, and for no permission. */
    signedIn?: true
    /** Asks for a session that has shown a factor within the last STEP_UP_MAX_AGE (OWASP ASVS 7.5.1). */
    stepUp?: true
    /**
     * Asks for a session that has shown a code of its user's authenticator lately: of everybody who has one, as below
     * `/admin` anyway, or of everybody, so that who has none is refused.
     */
    elevation?: 'with_authenticator' | 'required'
    /**
     * Whether only the account's owner may use this route, and nobody who acts in their account. Without it: yes for
     * step-up, administration, what the permissions of `ownerOnly` allow, and changes that are public.
     */
    ownerOnly?: boolean
    limits?: readonly RouteLimit[]
    /**
     * POST only: `required` refuses requests without a key, and what a dead process left half done is finished by the
     * server itself (docs/decisions/0014): the handler may run in the worker, later. `off` where an answer holds a
     * secret or is a stream.
     */
    idempotency?: 'required' | 'off'
    /** `signIn`: no session yet, but a browser must still prove that the page is ours. */
    csrf?: 'signIn'
    /**
     * For what gives or takes rights: it is answered when every process has heard of it, so that the next request is
     * judged by it wherever it is sent (docs/decisions/0006).
     */
    feltEverywhere?: true
    /** Answered without looking at the caller or the general limit: health checks and static files. */
    isBare?: true
    /** Codes beyond the usual ones that this route answers with; part of the API description. */
    errors?: readonly ErrorType[]
  }
}
