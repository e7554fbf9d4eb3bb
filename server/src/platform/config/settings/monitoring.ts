/** Settings of monitoring: what is kept of requests, when an alert is raised, and whom it reaches. */
import { alertThreshold } from '../alert-thresholds.ts'
import { DAY, HOUR } from '../duration.ts'
import { boolean, duration, integer, list, secret, url } from '../kinds.ts'
import { mailAddress } from '../list-items.ts'
import { httpsOnly, strongSecret } from '../production-rules.ts'

export const monitoringSettings = {
  SLOW_REQUEST_MS: integer({
    doc: 'Requests that take longer than this many milliseconds are listed one by one.',
    default: 1_000,
    min: 1,
    max: 600_000,
  }),
  MONITORING_FLUSH_INTERVAL: duration({
    doc: 'How long a process gathers figures about its requests before it stores them; so much is lost when it is killed.',
    default: 10,
    min: 1,
    max: HOUR,
  }),
  MONITORING_RETENTION: duration({
    doc: 'How long slow requests and the hourly figures of routes are kept.',
    default: 30 * DAY,
    min: 2 * DAY,
    max: 3650 * DAY,
  }),
  ALERT_RETENTION: duration({
    doc: 'How long alerts are kept.',
    default: 365 * DAY,
    min: DAY,
    max: 3650 * DAY,
  }),
  ALERT_THRESHOLDS: list({
    doc: 'Thresholds in place of the defaults, as type=count/window: docs/monitoring.md has the types. What is set by API goes before.',
    default: [],
    example: 'failed_sign_in=50/15m,error_rate=10/5m',
    expects: 'entries like failed_sign_in=50/15m',
    item: alertThreshold,
  }),
  ALERT_EMAIL: list({
    doc: 'Addresses that are mailed each alert, separated by commas.',
    default: [],
    example: 'security@example.com,ops@example.com',
    expects: 'addresses',
    item: mailAddress,
  }),
  ALERT_WEBHOOK_URL: url({
    doc: 'Address that each alert is posted to, signed as Standard Webhooks say.',
    example: 'https://hooks.example.com/ashlar',
    // Many of them are a secret.
    isSecret: true,
    protocols: ['http:', 'https:'],
    production: httpsOnly(),
  }),
  ALERT_WEBHOOK_SECRET: secret({
    doc: 'Secret that signs them: whsec_ and 24 to 64 bytes in base64.',
    pattern: /^whsec_[A-Za-z0-9+/]{32,86}={0,2}$/,
    expects: 'whsec_ and 24 to 64 bytes in base64',
    production: strongSecret(),
  }),
  WEBHOOK_PRIVATE_ADDRESSES: boolean({
    doc: 'Lets webhooks go to private, loopback and link-local addresses.',
    default: { byMode: { development: true, test: true, production: false } },
  }),
}
