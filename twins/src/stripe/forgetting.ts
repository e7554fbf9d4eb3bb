/** What nobody can ask for any more is not remembered from one start to the next. */
import { keptSeconds as eventSeconds } from './events.ts'
import { type KeptKey, keptSeconds as keySeconds } from './idempotency.ts'
import type { World } from './world.ts'

export function forgetOld(world: World, keys: Map<string, KeptKey>): void {
  const now = world.clock.now()
  for (const { events } of world.homes.values())
    for (const { id, created } of events.values())
      if (created < now - eventSeconds) {
        events.delete(id)
        world.webhooks.pending.delete(id)
      }
  for (const [key, { since }] of keys) if (since < now - keySeconds) keys.delete(key)
}
