/** What the monitoring room says no to. */
import { defineErrors } from '../../platform/errors.ts'

export const errors = defineErrors('monitoring', {
  alert_not_found: [404, 'There is no such alert.'],
  already_acknowledged: [409, 'Somebody has acknowledged this alert.'],
  unknown_type: [
    404,
    'There is no such type of alert.',
    '`GET /admin/monitoring/thresholds` lists them.',
  ],
  requests_not_counted: [
    422,
    'Only the error rate has a least number of requests.',
    'Leave `minRequests` out.',
  ],
  share_is_of_all: [
    422,
    'An error rate is that of all requests together: it has no second threshold.',
    'Leave `totalThreshold` out.',
  ],
  share_above_all: [422, 'An error rate is a percentage, from 1 to 100.'],
})
