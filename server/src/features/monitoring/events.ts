/** Facts the monitoring room states. */
import { defineEvent } from '../../platform/events/index.ts'

export const alertRaised = defineEvent<{ type: string; severity: string; count: number }>()(
  'monitoring.alert_raised',
)
/** The receiver of the webhook has it. Its host alone: addresses may carry secrets. */
export const alertPosted = defineEvent<{ host: string }>()('monitoring.alert_posted')
/** It was given up: the address must not be reached, or the receiver took it at none of the tries. */
export const alertUndelivered = defineEvent<{ host: string; reason: 'forbidden' | 'failed' }>()(
  'monitoring.alert_undelivered',
)
export const alertAcknowledged = defineEvent<{ type: string }>()('monitoring.alert_acknowledged')
type Threshold = {
  readonly isEnabled: boolean
  readonly threshold: number
  readonly totalThreshold: number | null
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
