/** How a room declares work to do later: `defineJob('auth.send_mail', { … }, async (ctx, payload) => …)`. */
import type { Actor, Ctx } from '../context.ts'

/** How a kind of job is retried, limited and queued. Every number has a default in `defaultPolicy`. */
export type JobPolicy = {
  /** Jobs of one queue share workers and a concurrency limit. */
  readonly queue: string
  /** Runs in total, the first one included; after the last failure the job is a dead letter. */
  readonly attempts: number
  /** First pause between runs; doubles each time, with ±20 % jitter, up to `backoffMaxSeconds`. */
  readonly backoffSeconds: number
  readonly backoffMaxSeconds: number
  /** A run that takes longer is abandoned and counts as failed. */
  readonly timeoutSeconds: number
  /** Higher runs earlier within a queue: `high` before `normal` before `low`. */
  readonly priority: 'high' | 'normal' | 'low'
}

export const defaultPolicy: JobPolicy = {
  queue: 'default',
  attempts: 8,
  backoffSeconds: 2,
  backoffMaxSeconds: 3600,
  timeoutSeconds: 60,
  priority: 'normal',
}

/** Work to do later. Names are imperative: `billing.cancel_at_provider`. */
export type JobType<N extends string = string, P = unknown> = {
  readonly name: N
  readonly policy: JobPolicy
  /** When set, the job is also started by the clock: a five-field cron expression in UTC. */
  readonly cron: string | null
  /** `isLast`: when this run fails the job is a dead letter. */
  readonly run: (ctx: Ctx, payload: P, signal: AbortSignal, isLast?: boolean) => Promise<void>
}

/** Any kind of job, whatever its payload: what a list of all of them holds. */
export type AnyJobType = JobType<string, never>

/** Who wanted a job, and in which request: it runs on behalf of them. */
export type JobOrigin = {
  readonly kind: Actor['kind']
  readonly id: string | null
  readonly onBehalfOf: string | null
  readonly requestId: string
}

/** What a job receives that the clock started: the minute it was meant for, ISO 8601 in UTC. */
export type Tick = { readonly scheduledFor: string }

type Options = Partial<JobPolicy> & { readonly cron?: string }

/** Declares a kind of job. The payload must survive JSON; keep ids in it, not secrets or documents. */
export function defineJob<const N extends string, P>(
  name: N,
  { cron, ...policy }: Options,
  run: (ctx: Ctx, payload: P, signal: AbortSignal, isLast?: boolean) => Promise<void>,
): JobType<N, P> {
  return { name, policy: { ...defaultPolicy, ...policy }, cron: cron ?? null, run }
}
