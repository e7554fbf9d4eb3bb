/** How other rooms take part: each says what it knows of the objects of a provider. */
import type { ReadCtx } from '../../platform/context.ts'
import type { Money } from '../../platform/money/index.ts'
import type { Sighting, SightingKind, SightingPhase } from '../../platform/payments/index.ts'

/** A row of a room, as far as it can be compared with what a provider has. */
export type Known = {
  readonly ourId: string
  /** What the provider calls it; null where its answer was lost or is on its way. */
  readonly ref: string | null
  readonly price: Money
  /** `done`: we believe that the money moved. */
  readonly phase: SightingPhase
  /** How far we believe it to be while it is open; null where that is not compared. */
  readonly stage: Sighting['stage']
  /** What else has to be looked at to bring it in step: the page that it is paid on. */
  readonly belongsTo?: { readonly kind: string; readonly ref: string }
  readonly createdAt: Date
  /** What the ledger's transactions about it say that they are about. */
  readonly postedAs: { readonly type: string; readonly id: string }
}

export type Source = {
  readonly provider: string
  readonly kind: SightingKind
  /** Under which name our id is in the provider's metadata. */
  readonly metadataKey: string
  /** Those that the provider calls so; `ref` of each is what it was asked for by, or the one that it goes by. */
  findByRefs(ctx: ReadCtx, refs: readonly string[]): Promise<ReadonlyMap<string, Known>>
  /** Ours by our own ids, which may be anything. */
  findByIds(ctx: ReadCtx, ids: readonly string[]): Promise<ReadonlyMap<string, Known>>
  /** Those that we believe to be done, made since then, in the order of their ids, after one of them. */
  listDone(
    ctx: ReadCtx,
    given: { readonly since: Date; readonly after: string | null; readonly limit: number },
  ): Promise<readonly Known[]>
  /** Those whose money the provider may have moved already, and we post when a bank has said yes: in the order of their ids. */
  listWithBank(
    ctx: ReadCtx,
    given: { readonly after: string | null; readonly limit: number },
  ): Promise<readonly Known[]>
  /** Requests that nobody knows the outcome of, and whose sweeper should have ended them. */
  listOverdue(ctx: ReadCtx, limit: number): Promise<readonly Known[]>
}
