/** Having one object looked at now, for whoever knows that it is not in step: by the same claim, look and applier. */
import { setTimeout as pause } from 'node:timers/promises'
import { eq } from 'drizzle-orm'
import type { Ctx } from '../../platform/context.ts'
import type { Applier, ObjectRef } from './appliers.ts'
import { markChanged, revive } from './intake.ts'
import { sync } from './sync.ts'
import { inboxObjects } from './tables.ts'

/** Between two looks at an object that somebody else is looking at. */
const pauseMs = 200

/**
 * Whether it is in step afterwards; false when asking failed, it belongs to something unknown, or nobody applies it. One
 * that was given up is tried again. Where another process has it, this waits until that one has ended or lost its lease.
 * @param onWait called before each look, which may take as long as the provider does
 */
export async function bringInStep(
  ctx: Ctx,
  appliers: readonly Applier[],
  ref: ObjectRef,
  { signal, onWait }: { readonly signal: AbortSignal; readonly onWait: () => Promise<void> },
): Promise<boolean> {
  const id = await ctx.tx(async (tx) => {
    await revive(tx, ref)
    return markChanged(tx, ref)
  })
  for (;;) {
    await onWait()
    await sync(ctx, appliers, id, signal)
    const [object] = await ctx.db.select().from(inboxObjects).where(eq(inboxObjects.id, id))
    if (!object) return false
    if (object.syncedSeq >= object.dirtySeq) return true
    if (object.leaseUntil === null) return false
    await pause(pauseMs, undefined, { signal })
  }
}
