/** Settings of metrics, traces and error reports. */
import { integer, secret, text, url } from '../kinds.ts'
import { strongSecret } from '../production-rules.ts'

const WEB = ['http:', 'https:']

export const telemetrySettings = {
  METRICS_PORT: integer({
    doc: 'Port of the /metrics listener; the same as PORT serves it there, behind METRICS_TOKEN, for a single API process.',
    default: 9464,
    min: 0,
    max: 65_535,
    production: { note: 'may equal PORT only with METRICS_TOKEN' },
  }),
  METRICS_HOST: text({ doc: 'Address the /metrics listener listens on.', default: '127.0.0.1' }),
  METRICS_TOKEN: secret({
    doc: 'Bearer token that /metrics asks for; unset, it asks for none.',
    production: strongSecret(),
  }),
  OTEL_EXPORTER_OTLP_ENDPOINT: url({
    doc: 'OpenTelemetry collector that receives traces; unset, none are recorded.',
    example: 'http://collector.internal:4318',
    protocols: WEB,
  }),
  OTEL_SERVICE_NAME: text({ doc: 'Name of this service in traces.', default: 'ashlar' }),
  SENTRY_DSN: url({
    doc: 'Sentry project that receives errors; unset, none are sent.',
    example: 'https://key@sentry.example.com/1',
    protocols: WEB,
  }),
  SENTRY_ENVIRONMENT: text({
    doc: 'Environment under which Sentry files them.',
    default: { says: 'NODE_ENV', from: (lookup) => String(lookup('NODE_ENV')) },
  }),
}
