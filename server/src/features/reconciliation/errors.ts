/** What the reconciliation room says no to. */
import { defineErrors } from '../../platform/errors.ts'

export const errors = defineErrors('reconciliation', {
  not_configured: [
    503,
    'There is no payment provider to compare with.',
    'Set STRIPE_SECRET_KEY, or run `ashlar dev`, which brings a stand-in.',
  ],
  run_not_found: [404, 'There is no such run.'],
  drift_not_found: [404, 'There is no such difference.'],
  under_way: [
    409,
    'Another run is under way.',
    'Wait until it has ended; one whose process has died is gone on with within five minutes.',
  ],
  not_open: [409, 'Only a difference that is open can be accepted.'],
})
