/** Finds variables that look like ours but are not: misspelt ones, and made-up ones with our prefix. */
import { FILE_SUFFIX, spellingsOf, type Environment } from './given.ts'
import { editDistance } from './edit-distance.ts'
import type { Problem } from './problem.ts'
import { allSettings } from './settings.ts'

const OUR_PREFIX = 'ASHLAR_'

/** Short names resemble too much (HOST, POST, HOME) to call a neighbour a misspelling. */
const SHORTEST_COMPARED = 6

/** From this length on two slips still leave no doubt about which name was meant. */
const LONG_NAME = 10

/** Names of other programs that lie close to ours, or that commonly share a .env file with them. */
const FOREIGN_NAMES = new Set(
  `PATH HOME USER SHELL LANG TZ TERM PWD CI TMPDIR HOSTNAME HTTP_PROXY HTTPS_PROXY NO_PROXY SSL_CERT_FILE SSL_CERT_DIR
  UV_THREADPOOL_SIZE FORCE_COLOR NO_COLOR LD_PRELOAD DEPLOY_WEBHOOK_URL
  AWS_SESSION_TOKEN AWS_PROFILE AWS_DEFAULT_REGION SENTRY_RELEASE SENTRY_AUTH_TOKEN SENTRY_ORG SENTRY_PROJECT
  STRIPE_PUBLISHABLE_KEY STRIPE_PUBLIC_KEY STRIPE_API_VERSION`.split(/\s+/),
)

/** Families of names that belong to other programs: npm, Node, OpenTelemetry's SDK, compose files, front ends. */
const FOREIGN_FAMILIES =
  /^(?:npm_|NODE_|OTEL_|LC_|XDG_|POSTGRES_|PG[A-Z]+$|COMPOSE_|DOCKER_|GITHUB_|NEXT_PUBLIC_|VITE_|REACT_APP_)/

/** Kubernetes describes each Service to every pod: NAME_SERVICE_HOST, NAME_PORT=tcp://…, NAME_PORT_5000_TCP_ADDR. */
const SERVICE_LINK = /_(?:SERVICE_(?:HOST|PORT)(?:_\w+)?|PORT_\d+_(?:TCP|UDP|SCTP)(?:_\w+)?)$/

const knownNames: readonly string[] = allSettings
  .flatMap(spellingsOf)
  .flatMap((spelling) => [spelling, `${spelling}${FILE_SUFFIX}`])
const known = new Set(knownNames)

/** `ownNames` come from a file that is ours alone (.env): there every name must be a setting or known to be foreign. */
export function findUnknownNames(env: Environment, ownNames: Iterable<string> = []): Problem[] {
  const own = new Set(ownNames)
  return Object.entries(env)
    .filter(([name, value]) => value !== undefined && value !== '' && !isForeign(name, value))
    .flatMap(([name]) => {
      const nearest = findNearestName(name)
      if (nearest === undefined && !own.has(name) && !name.startsWith(OUR_PREFIX)) return []
      return [unknownName(name, nearest)]
    })
}

/** The known name that the given one most probably misspells. */
export function findNearestName(name: string): string | undefined {
  if (name.length < SHORTEST_COMPARED) return undefined
  const spelling = name.toUpperCase()
  const allowed = name.length < LONG_NAME ? 1 : 2
  let nearest: { readonly name: string; readonly distance: number } | undefined
  for (const candidate of knownNames) {
    if (
      candidate.length < SHORTEST_COMPARED ||
      Math.abs(candidate.length - name.length) > allowed
    ) {
      continue
    }
    const distance = editDistance(spelling, candidate)
    if (distance <= allowed && distance < (nearest?.distance ?? Infinity)) {
      nearest = { name: candidate, distance }
    }
  }
  return nearest?.name
}

function isForeign(name: string, value: string): boolean {
  if (known.has(name) || FOREIGN_NAMES.has(name) || SERVICE_LINK.test(name)) return true
  if (name.endsWith('_PORT') && /^(?:tcp|udp|sctp):\/\//.test(value)) return true
  return FOREIGN_FAMILIES.test(name) && findNearestName(name) === undefined
}

function unknownName(name: string, nearest: string | undefined): Problem {
  const base = { name: printable(name), kind: 'unknown', message: 'is not a setting' } as const
  return nearest === undefined
    ? { ...base, remedy: 'Remove it; docs/configuration.md lists all settings' }
    : { ...base, nearest, remedy: `Did you mean ${nearest}? Rename or remove it` }
}

function printable(name: string): string {
  return name.replace(/[^\x21-\x7e]/g, '?')
}
