/** Facts the monitoring room states. */
import { defineEvent } from '../../platform/events/index.ts'

export const alertRaised = defineEvent<{ type: string; severity: string; count: number }>()(
  'monitoring.alert_raised',
)
export const alertAcknowledged = defineEvent<{ type: string }>()('monitoring.alert_acknowledged')
type Threshold = {
  readonly isEnabled: boolean
  readonly threshold: number
  readonly windowSeconds: number
  readonly severity: string
  readonly coolDownSeconds: number
  readonly minRequests: number | null
}
export const thresholdChanged = defineEvent<{
  type: string
  before: Threshold
  after: Threshold
}>()('monitoring.threshold_changed')
