/** A thing that somebody may do something with, as far as it matters to who may. */
import type { ReadCtx } from '../context.ts'

export type Thing = {
  /** Whose it is; what is only about one's own is allowed to nobody else. */
  readonly ownerId: string
  /** What conditions of rules may ask of it. */
  readonly attributes: Readonly<Record<string, unknown>>
}

/** Finds a thing by its id, whoever asks; null when there is none. */
export type FindThing = (ctx: ReadCtx, id: string) => Promise<Thing | null>
