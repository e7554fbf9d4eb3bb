/** Facts the reconciliation room states. */
import { defineEvent } from '../../platform/events/index.ts'

type About = {
  readonly class: string
  readonly severity: string
  readonly kind: string
  readonly ref: string
  readonly ourId: string | null
}

export const runAsked = defineEvent<{ span: string; isDryRun: boolean }>()(
  'reconciliation.run_asked',
)
/** Whoever asked for it lost the right to; what it had mended stays mended. */
export const runCutOff = defineEvent<{ span: string; stage: string }>()(
  'reconciliation.run_cut_off',
)
export const runEnded = defineEvent<{
  span: string
  state: string
  healed: number
  unresolved: number
}>()('reconciliation.run_ended')
/** Said once, when it is certain, and again when it has changed. */
export const driftFound = defineEvent<About & { expected: string; found: string }>()(
  'reconciliation.drift_found',
)
export const driftHealed = defineEvent<About>()('reconciliation.drift_healed')
export const driftGone = defineEvent<About>()('reconciliation.drift_gone')
export const driftAccepted = defineEvent<About & { found: string; note: string }>()(
  'reconciliation.drift_accepted',
)
