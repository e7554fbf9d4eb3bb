/** How other rooms take part: each says what it does when an object of a provider may have changed. */
import type { Ctx, TxCtx } from '../../platform/context.ts'

export type ObjectRef = {
  readonly provider: string
  /** Of the connected account; empty for our own. */
  readonly account: string
  readonly kind: string
  readonly objectId: string
}

/** `parent_missing`: it belongs to something that is not known here yet; nothing was changed. */
export type Applied = 'applied' | 'parent_missing'

export type Applier = {
  readonly provider: string
  readonly kind: string
  /**
   * Asks the provider what the object is now, and returns how to bring ours in step. Applying it twice, or after a newer
   * one, must change nothing that is right already.
   * @throws PermanentFailure when it can never be known; anything else is tried again
   */
  look(ctx: Ctx, ref: ObjectRef, signal: AbortSignal): Promise<(tx: TxCtx) => Promise<Applied>>
}

export const isOf =
  ({ provider, kind }: Pick<ObjectRef, 'provider' | 'kind'>) =>
  (applier: Applier): boolean =>
    applier.provider === provider && applier.kind === kind
