/** Settings of the process itself: where it listens, what it is called from outside, which parts it runs. */
import { HOUR, MINUTE } from '../duration.ts'
import { boolean, choice, choices, duration, integer, list, text, url } from '../kinds.ts'
import { browserOrigin, crashPlan, trustedNetwork } from '../list-items.ts'
import { httpsOnly, httpsOnlyItems, mustBeUnset, refuse } from '../production-rules.ts'
import { modes } from '../setting.ts'

const WEB = ['http:', 'https:']

export const runtimeSettings = {
  NODE_ENV: choice(modes, {
    doc: 'What the process is for; production switches every guard on.',
    default: 'development',
    aliases: ['ENVIRONMENT'],
  }),
  HOST: text({
    doc: 'Address the API listens on.',
    default: { byMode: { development: '127.0.0.1', test: '127.0.0.1', production: '0.0.0.0' } },
  }),
  PORT: integer({
    doc: 'Port the API listens on; 0 takes a free one.',
    default: 5000,
    min: 0,
    max: 65_535,
  }),
  PUBLIC_URL: url({
    doc: 'Address under which the outside world reaches this server, without a trailing slash.',
    default: {
      says: 'http://localhost and the port',
      from: (lookup) => `http://localhost:${String(lookup('PORT'))}`,
    },
    example: 'https://api.example.com',
    protocols: WEB,
    isPlain: true,
    production: httpsOnly({ isRequired: true }),
  }),
  FRONTEND_URL: url({
    doc: 'Address of the web application; links in mail lead there.',
    default: { says: 'PUBLIC_URL', from: (lookup) => String(lookup('PUBLIC_URL')) },
    example: 'https://app.example.com',
    protocols: WEB,
    isPlain: true,
    production: httpsOnly(),
  }),
  CORS_ORIGINS: list({
    doc: 'Browser origins that may call the API with credentials, separated by commas.',
    default: {
      says: 'the origin of FRONTEND_URL',
      from(lookup) {
        const frontend = String(lookup('FRONTEND_URL'))
        return URL.canParse(frontend) ? [new URL(frontend).origin] : []
      },
    },
    aliases: ['CORS_ORIGIN'],
    example: 'https://app.example.com,https://admin.example.com',
    expects: 'origins; never *',
    item: browserOrigin,
    production: httpsOnlyItems(),
  }),
  API_VERSION: text({
    doc: 'Version of the API that the OpenAPI document and the health page name.',
    default: '1.0.0',
    pattern: /^\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?$/,
    expects: 'a version like 1.0.0',
  }),
  API_DOCS: boolean({
    doc: 'Serves the API reference page and the OpenAPI document.',
    default: { byMode: { development: true, test: true, production: false } },
  }),
  ASHLAR_DATA_DIR: text({
    doc: 'Directory for everything kept on disk: the embedded database, local files, generated keys.',
    default: '.ashlar',
  }),
  WEB_CONCURRENCY: integer({
    doc: 'Number of API processes.',
    default: 1,
    aliases: ['GUNICORN_WORKERS'],
    min: 1,
    max: 64,
  }),
  REQUEST_TIMEOUT: duration({
    doc: 'Time one request may take before it is answered with an error.',
    default: 30,
    aliases: ['GUNICORN_TIMEOUT'],
    min: 1,
    max: HOUR,
  }),
  SHUTDOWN_TIMEOUT: duration({
    doc: 'Time that open requests and running jobs get to finish when the process is told to stop.',
    default: 30,
    min: 0,
    max: 10 * MINUTE,
  }),
  BODY_LIMIT_BYTES: integer({
    doc: 'Largest request body in bytes; files are uploaded past it, straight to storage.',
    default: 1_048_576,
    min: 1024,
    max: 104_857_600,
  }),
  TRUSTED_PROXIES: list({
    doc: 'Addresses or networks of the reverse proxies whose X-Forwarded-For is believed.',
    default: [],
    example: '10.0.0.0/8,192.168.1.10',
    expects: 'addresses and networks; never everyone',
    item: trustedNetwork,
  }),
  LOG_LEVEL: choice(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
    doc: 'Least severe log line that is written.',
    default: 'info',
  }),
  LOG_DIR: text({
    doc: 'Directory that also receives combined.log and error.log; unset, logs go to standard output only.',
    example: 'logs',
  }),
  DEBUG: boolean({
    doc: 'Error details in answers; any word but false, 0, no and off switches it on.',
    default: false,
    otherText: true,
    production: refuse(
      [true],
      'shows internals to strangers in production',
      'Remove it; LOG_LEVEL=debug gives more log lines',
    ),
  }),
  ROLES: choices(['api', 'worker', 'realtime'], {
    doc: 'Parts of the program that this process runs.',
    default: ['api', 'worker', 'realtime'],
  }),
  ASHLAR_CRASH: list({
    doc: 'Crash points at which a process kills itself, for tests of crashes; in production it must be unset.',
    default: [],
    example: 'payments.after_call:3',
    expects: 'crash points, each with its last pass',
    item: crashPlan,
    production: mustBeUnset('kills the process on purpose', 'Remove it'),
  }),
  TWINS_ENABLED: boolean({
    doc: 'Starts stand-ins for Stripe and for a provider to sign in with, and uses each where no real one is set.',
    default: { byMode: { development: true, test: false, production: false } },
    production: refuse(
      [true],
      'replaces outside services by stand-ins',
      'Remove it and configure the real services',
    ),
  }),
}
