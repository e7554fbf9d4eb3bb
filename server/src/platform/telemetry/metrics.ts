/** Everything the process counts for Prometheus, in a registry of its own, and the functions that count it. */
import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client'
import { type HttpRoute, requestMetrics } from './request-metrics.ts'
import { type MoneyReader, moneyMetrics } from './money-metrics.ts'
import { queryMetrics } from './query-metrics.ts'
import {
  type AlertReader,
  type JobReader,
  type LedgerReader,
  type PoolReader,
  type WatchOptions,
  alertMetrics,
  jobMetrics,
  ledgerMetrics,
  poolMetrics,
} from './watched-metrics.ts'

export type AuthType =
  | 'login'
  | 'register'
  | 'refresh'
  | 'verify_2fa'
  | 'magic_link'
  | 'passkey'
  | 'oidc'
  | 'api_key'
  | 'service_token'
  | 'step_up'
  | 'password_reset'
  | 'invitation'

/** `held`: the first step was right, and the second is asked for. */
export type AuthOutcome = 'success' | 'failure' | 'held'

export type BreachCheck = 'known' | 'clear' | 'failed'

/** What one process counted, in a form that can be sent to another and added up there. */
export type MetricsSnapshot = readonly object[]
export type RenderedMetrics = { readonly contentType: string; readonly body: string }

export type Metrics = {
  /**
   * The series of one route; keep it and call it twice per request. `route` is the pattern (`/users/:id`), never
   * the path; undefined, for a request that matched nothing, counts as `unmatched`.
   */
  httpRoute(method: string, route: string | undefined): HttpRoute
  recordAuthAttempt(type: AuthType, status: AuthOutcome): void
  /** One statement sent to the database: its text, how many seconds it took, and how it failed. */
  recordQuery(text: string, seconds: number, error: Error | null): void
  recordCache(type: string, isHit: boolean): void
  /** A password that was looked for among the breached ones; `failed`: the list did not answer. */
  recordBreachCheck(outcome: BreachCheck): void
  recordRateLimitRefusal(policy: string): void
  /** A limiter that could not reach its store, and so had to decide without it. */
  recordRateLimitStoreError(): void
  /** Reports a connection pool, read at each scrape. */
  watchPool(name: string, read: PoolReader): void
  /** Reports the job queues, read at a scrape at most once per `cacheSeconds`. */
  watchJobs(read: JobReader, options?: WatchOptions): void
  /** Reports security events and alerts, read likewise. */
  watchAlerts(read: AlertReader, options?: WatchOptions): void
  /** Reports what the last check of the ledger found, read likewise. */
  watchLedger(read: LedgerReader, options?: WatchOptions): void
  /** Reports payments, the inbox and the reconciliation, read likewise. */
  watchMoney(read: MoneyReader, options?: WatchOptions): void
  /** Requests whose figures were not kept, because more waited to be stored than there is room for. */
  recordUnrecordedRequests(count: number): void
  snapshot(): Promise<MetricsSnapshot>
  /** Everything in Prometheus' text format. */
  render(): Promise<RenderedMetrics>
}

export type MetricsOptions = {
  readonly version: string
  /**
   * Also memory, CPU, garbage collection, handles and event loop delay of this process. These observers last until
   * the process ends, so tests that open many servers leave them out.
   */
  readonly hasProcessMetrics?: boolean
}

/** Distinct label values of one kind before the rest is counted as `other`. */
const maxLabelValues = 100

/** Of several processes the one that is blocked longest counts, and the one that has run longest. */
const aggregators: Readonly<Record<string, 'max' | 'min'>> = {
  nodejs_eventloop_lag_p50_seconds: 'max',
  nodejs_eventloop_lag_p90_seconds: 'max',
  nodejs_eventloop_lag_p99_seconds: 'max',
  process_start_time_seconds: 'min',
}

/** Sums of others that are there too, under names that only counters may have (`promtool check metrics`). */
const misnamed = ['handles', 'requests', 'resources'].map((kind) => `nodejs_active_${kind}_total`)

export function createMetrics(options: MetricsOptions): Metrics {
  const registry = new Registry()
  const registers = [registry]
  if (options.hasProcessMetrics) {
    collectDefaultMetrics({ register: registry })
    for (const name of misnamed) registry.removeSingleMetric(name)
    for (const [name, aggregator] of Object.entries(aggregators))
      Object.assign(registry.getSingleMetric(name) ?? {}, { aggregator })
  }
  const info = new Gauge({
    name: 'app_info',
    help: 'Version of the running program; the value is always 1.',
    labelNames: ['version'],
    aggregator: 'first',
    registers,
  })
  info.set({ version: options.version }, 1)
  const readFailures = new Counter({
    name: 'metrics_read_failures_total',
    help: 'Figures that could not be read for a scrape.',
    labelNames: ['source'],
    registers,
  })
  const onReadFailure = (source: string) => () => readFailures.inc({ source })
  return {
    httpRoute: requestMetrics(registers),
    recordQuery: queryMetrics(registers),
    ...authMetrics(registers),
    ...cacheMetrics(registers),
    ...breachMetrics(registers),
    ...rateLimitMetrics(registers),
    watchPool: poolMetrics(registers),
    watchJobs: jobMetrics(registers, onReadFailure('jobs')),
    watchAlerts: alertMetrics(registers, onReadFailure('alerts')),
    watchLedger: ledgerMetrics(registers, onReadFailure('ledger')),
    watchMoney: moneyMetrics(registers, onReadFailure('money')),
    ...recorderMetrics(registers),
    snapshot: () => registry.getMetricsAsJSON(),
    render: async () => ({ contentType: registry.contentType, body: await registry.metrics() }),
  }
}

/** Lets the first `max` distinct values pass and calls the rest `other`: no caller can make series without end. */
export function boundedLabel(max: number): (value: string) => string {
  const seen = new Set<string>()
  return (value) => {
    if (seen.has(value)) return value
    if (seen.size >= max) return 'other'
    seen.add(value)
    return value
  }
}

function authMetrics(registers: Registry[]): Pick<Metrics, 'recordAuthAttempt'> {
  const attempts = new Counter({
    name: 'auth_attempts_total',
    help: 'Attempts to prove an identity, by kind and outcome.',
    labelNames: ['status', 'type'],
    registers,
  })
  // Present from the start, so that the first failure is a rise and not a new series.
  for (const type of ['login', 'register', 'refresh']) {
    for (const status of ['success', 'failure']) attempts.inc({ status, type }, 0)
  }
  return { recordAuthAttempt: (type, status) => attempts.inc({ status, type }) }
}

function cacheMetrics(registers: Registry[]): Pick<Metrics, 'recordCache'> {
  const labelNames = ['cache_type'] as const
  const hits = new Counter({
    name: 'cache_hits_total',
    help: 'Look-ups that a cache answered.',
    labelNames,
    registers,
  })
  const misses = new Counter({
    name: 'cache_misses_total',
    help: 'Look-ups that a cache could not answer.',
    labelNames,
    registers,
  })
  const bounded = boundedLabel(maxLabelValues)
  return {
    recordCache: (type, isHit) => (isHit ? hits : misses).inc({ cache_type: bounded(type) }),
  }
}

function breachMetrics(registers: Registry[]): Pick<Metrics, 'recordBreachCheck'> {
  const checks = new Counter({
    name: 'password_breach_checks_total',
    help: 'Passwords looked for in the list of breached ones, by outcome.',
    labelNames: ['outcome'],
    registers,
  })
  return { recordBreachCheck: (outcome) => checks.inc({ outcome }) }
}

function recorderMetrics(registers: Registry[]): Pick<Metrics, 'recordUnrecordedRequests'> {
  const unrecorded = new Counter({
    name: 'monitoring_unrecorded_requests_total',
    help: 'Requests that the figures of the routes lack, because there was no room for more.',
    registers,
  })
  return { recordUnrecordedRequests: (count) => unrecorded.inc(count) }
}

function rateLimitMetrics(
  registers: Registry[],
): Pick<Metrics, 'recordRateLimitRefusal' | 'recordRateLimitStoreError'> {
  const refusals = new Counter({
    name: 'rate_limit_refusals_total',
    help: 'Requests answered with 429, by the policy that refused them.',
    labelNames: ['policy'],
    registers,
  })
  const storeErrors = new Counter({
    name: 'rate_limit_store_errors_total',
    help: 'Decisions that a limiter had to take without its store.',
    registers,
  })
  const bounded = boundedLabel(maxLabelValues)
  return {
    recordRateLimitRefusal: (policy) => refusals.inc({ policy: bounded(policy) }),
    recordRateLimitStoreError: () => storeErrors.inc(),
  }
}
