/** Facts the audit room states: who took the log away, who looked whom up, and what was wrong with it. */
import { defineEvent } from '../../platform/events/index.ts'

export const auditExported = defineEvent<{ format: string; filter: Record<string, string> }>()(
  'audit.exported',
)
/** Whoever took it away lost the right to while they did. */
export const exportCutOff = defineEvent<{ rows: number }>()('audit.export_cut_off')
export const addressLookedUp = defineEvent<{ isKnown: boolean }>()('audit.address_looked_up')
export const chainBroken = defineEvent<{
  kind: string
  number: string | null
  eventId: string | null
}>()('audit.chain_broken')
export const factsDropped = defineEvent<{ before: string; lastNumber: string }>()(
  'audit.facts_dropped',
)
