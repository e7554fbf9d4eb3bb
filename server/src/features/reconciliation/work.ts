/** What every stage of a run is given, and what it gives back. */
import type { Ctx, TxCtx } from '../../platform/context.ts'
import type { ProviderListing } from '../../platform/payments/index.ts'
import type { Difference } from './drift-classes.ts'
import type { Source } from './sources.ts'
import type { BalanceDelta, Run } from './tables.ts'

export type Work = {
  readonly ctx: Ctx
  readonly run: Run
  readonly listing: ProviderListing
  readonly sources: readonly Source[]
  /** Keeps the run for another minute: called before each question to the provider. */
  keep(): Promise<void>
}

/** A page of a stage. Looked at again it says what is different then. */
export type Step = {
  /** Where the next page begins; null behind the last. */
  readonly next: string | null
  readonly scanned: number
  readonly differences: readonly Difference[]
  readonly balances?: readonly BalanceDelta[]
  /** What else is to be kept, together with where the run is. */
  readonly save?: (tx: TxCtx) => Promise<void>
}

export type Stage = (work: Work, cursor: string | null) => Promise<Step>

/** Of our own rows at a time. */
export const pageSize = 100
