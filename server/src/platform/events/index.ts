/**
 * Facts: what happened, in the past tense (`auth.signed_in`). One append-only row per fact is the audit
 * log and the source that webhooks, realtime and notifications read.
 */

export { type Changes, changes } from './changes.ts'

/** A kind of fact. `D` is the shape of its data and exists only for the compiler. */
export type EventType<N extends string = string, D = unknown> = {
  readonly name: N
  readonly __data?: D
}

/** How it ended: done, refused (not allowed) or failed (tried and not possible). */
export type Outcome = 'succeeded' | 'refused' | 'failed'

/** What a fact knows of its subject that may have to be forgotten: kept beside it, until the person or the time is gone. */
export type Personal = Readonly<Record<string, unknown>>

/**
 * Whose doing a fact is, where the request came from nobody: who signs in has proven who they are by the time it is a
 * fact.
 */
export type Doer = { readonly userId: string; readonly onBehalfOf?: string }

/** One fact about one subject, ready to be written. */
export type Fact = {
  readonly name: string
  readonly outcome: Outcome
  readonly subjectId: string | null
  readonly data: unknown
  readonly personal?: Personal | null
  readonly by?: Doer
}

/** Declares a kind of fact: `defineEvent<{ plan: string }>()('billing.subscription_cancelled')`. */
export const defineEvent =
  <D>() =>
  <const N extends string>(name: N): EventType<N, D> => ({ name })

/** A refused attempt, to be attached to the error that refuses it: `throw errors.x().recording(refused(…))`. */
export const refused = <N extends string, D>(
  event: EventType<N, D>,
  subjectId: string | null,
  data: D,
): Fact => ({ name: event.name, outcome: 'refused', subjectId, data })
