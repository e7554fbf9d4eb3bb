/** What the HTTP server is told by whoever puts it together, and what it tells back. */
import type { FastifyRequest } from 'fastify'
import type { Actor, ContextDeps } from '../context.ts'
import type { AppError, ErrorType } from '../errors.ts'
import type { Limits } from '../limits/index.ts'
import { nothing } from '../rights/index.ts'
import type { Compilers } from './compilers.ts'
import type { CsrfKey } from './csrf.ts'
import type { RefusalTally } from './refusal-tally.ts'

/** Who calls, and by what: a credential that browsers send by themselves needs CSRF protection. */
export type Caller = {
  readonly actor: Actor
  readonly credential: 'none' | 'cookie' | 'bearer'
  /** What CSRF tokens of this caller are bound to; null without a cookie. */
  readonly csrfBinding: string | null
  /** Names the credential without giving it away, so that its owner can be found again: `session:ID`; null for strangers. */
  readonly proof: string | null
  /** When this session last showed a factor of its user; null for whoever has no session. */
  readonly provenAt: Date | null
  /** Whether this caller has an authenticator, whose codes administration asks for. */
  readonly hasAuthenticator: boolean
  /** When this session last showed a code of it to administration; null for never. */
  readonly elevatedAt: Date | null
  /** Only reads, whatever its permissions say. */
  readonly isReadOnly: boolean
  /** That somebody else acts in this account; null where its owner does. */
  readonly impersonation: Impersonation | null
  /** A limit of this credential's own, below the general one; null for none. */
  readonly ownLimit: OwnLimit | null
}

/** Finds a caller again by the `proof` of the request they sent, with what they may do now; null when it is gone. */
export type Recall = (proof: string | null, ip: string) => Promise<Caller | null>

/** Who acts in somebody's account, why, and until when. */
export type Impersonation = {
  readonly by: string
  readonly reason: string
  readonly expiresAt: Date
}

export type OwnLimit = { readonly policy: string; readonly key: string; readonly limit: number }

/**
 * Finds by query what no cache remembers; `credential` names it, without giving it away. Refuses clients that keep
 * sending wrong ones.
 */
export type LookUp = <T>(credential: string, find: () => Promise<T | null>) => Promise<T | null>

/** One finished request, as the log and the metrics want it. */
export type FinishedRequest = {
  readonly requestId: string
  readonly method: string
  /** The pattern, `/api/v1/users/:id`, or `unmatched`. */
  readonly route: string
  /** The path without its query. */
  readonly path: string
  readonly status: number
  /** A sign-in that was answered with the request for a second factor. */
  readonly isHeld: boolean
  readonly durationMs: number
  readonly clientIp: string
  readonly userId: string | null
  readonly traceId: string | null
}

export type HttpOptions = {
  readonly context: ContextDeps
  readonly limits: Limits
  /** Counts refusals that are too many to be a fact each. */
  readonly refusals: Pick<RefusalTally, 'count'>
  readonly allowedOrigins: ReadonlySet<string>
  readonly csrfKey: CsrfKey
  /** Every permission there is: a route that asks for another one does not boot. */
  readonly permissions: ReadonlySet<string>
  /** Finds the caller; throws only when that cannot be known right now, or when `lookUp` refuses. */
  readonly identify: (request: FastifyRequest, lookUp: LookUp) => Promise<Caller>
  readonly recall: Recall
  /** Resolves when no process answers any more by what was true before now. */
  readonly feltEverywhere: () => Promise<void>
  /** Permissions to do what an account's owner alone does, and never somebody who acts in it. */
  readonly ownerOnly: ReadonlySet<string>
  readonly administration: Administration
  /** The trace that the running code is recorded under; null while none is. */
  readonly traceIdOf: () => string | null
  /** Those that other applications of this process use as well; not given: its own. */
  readonly compilers?: Compilers | undefined
  readonly onStarted: (method: string, route: string) => void
  readonly onFinished: (request: FinishedRequest) => void
  /** Told of every request that a limit refused, by the name of its policy. */
  readonly onLimited: (policy: string) => void
  /** Told of every failure that is ours (5xx), with its cause. */
  readonly onFailure: (
    error: AppError,
    request: { requestId: string; route: string; method: string },
  ) => void
}

/** What stands in front of every route below `/admin`, whether or not the route says so. */
export type Administration = {
  /** The policy that counts requests by address. */
  readonly limit: string
  /** The caller, as far as they may administer now; throws while they have to show a code of their authenticator first. */
  readonly admit: (request: FastifyRequest) => Promise<Caller>
  /** What `admit` throws. */
  readonly errors: readonly ErrorType[]
}

/** The caller nobody knows. */
export function anonymousFrom(ip: string): Actor {
  return {
    kind: 'anonymous',
    id: null,
    impersonatorId: null,
    onBehalfOf: null,
    sessionId: null,
    ip,
    roles: [],
    ...nothing,
  }
}

export const routeOf = (request: FastifyRequest) => request.routeOptions.url ?? 'unmatched'
