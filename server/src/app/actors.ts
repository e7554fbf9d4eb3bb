/** The actors that are no person: the system itself, acting for somebody or on its own. */
import type { Actor } from '../platform/context.ts'
import { everything } from '../platform/rights/index.ts'

/** A part of the system, such as `job:auth.send_verification` or `cli`. It may do everything. */
export function systemActor(name: string, onBehalfOf: string | null = null): Actor {
  return {
    kind: 'system',
    id: name,
    impersonatorId: null,
    onBehalfOf,
    sessionId: null,
    ip: null,
    roles: [],
    ...everything,
  }
}
