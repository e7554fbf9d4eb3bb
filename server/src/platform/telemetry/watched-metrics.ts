/** Figures that are read when Prometheus asks, instead of being counted: connection pools, job queues and alerts. */
import { Counter, Gauge, type Registry } from 'prom-client'

export type PoolReader = () => {
  readonly total: number
  readonly idle: number
  /** Callers that wait for a connection. */
  readonly waiting: number
}

export type JobFigure = {
  readonly queue: string
  readonly state: string
  readonly count: number
  /** Age of the oldest job in this state; null when there is none. */
  readonly oldestAgeSeconds: number | null
}
export type JobReader = () => Promise<readonly JobFigure[]>

export type AlertFigures = {
  /** Ever counted, by type. */
  readonly events: readonly { readonly type: string; readonly count: number }[]
  /** Ever raised, by type and severity. */
  readonly raised: readonly {
    readonly type: string
    readonly severity: string
    readonly count: number
  }[]
  /** Not acknowledged, by severity. */
  readonly open: readonly { readonly severity: string; readonly count: number }[]
}
export type AlertReader = () => Promise<AlertFigures>

export type LedgerFigures = {
  /** Since the last check; null when there was none. */
  readonly checkedSecondsAgo: number | null
  readonly invariants: readonly { readonly id: string; readonly isBroken: boolean }[]
}
export type LedgerReader = () => Promise<LedgerFigures>
export type WatchOptions = {
  /** For how long figures are reported again without asking; they cost a query. */
  readonly cacheSeconds?: number
  /** How long a scrape waits for them; it then reports the previous ones. */
  readonly timeoutSeconds?: number
}

export function poolMetrics(registers: Registry[]): (name: string, read: PoolReader) => void {
  const readers = new Map<string, PoolReader>()
  const connections = new Gauge({
    name: 'database_pool_connections',
    help: 'Connections of a pool (total, idle) and callers that wait for one (waiting).',
    labelNames: ['pool', 'state'],
    registers,
    collect() {
      for (const [pool, read] of readers) {
        for (const [state, count] of Object.entries(read())) connections.set({ pool, state }, count)
      }
    },
  })
  return (name, read) => {
    readers.set(name, read)
  }
}

export function jobMetrics(
  registers: Registry[],
  onFailure: () => void,
): (read: JobReader, options?: WatchOptions) => void {
  const state: { watch: (() => Promise<readonly JobFigure[]>) | null } = { watch: null }
  // Every process reads the same table, so adding them up would count each job once per process.
  const aggregator = 'max'
  const counts = new Gauge({
    name: 'jobs',
    help: 'Jobs in a queue, by state.',
    labelNames: ['queue', 'state'],
    aggregator,
    registers,
    async collect() {
      const figures = (await state.watch?.()) ?? []
      counts.reset()
      for (const { queue, state: name, count } of figures) counts.set({ queue, state: name }, count)
    },
  })
  const ages = new Gauge({
    name: 'jobs_oldest_age_seconds',
    help: 'Age of the oldest job in a queue and state, in seconds.',
    labelNames: ['queue', 'state'],
    aggregator,
    registers,
    async collect() {
      const figures = (await state.watch?.()) ?? []
      ages.reset()
      for (const { queue, state: name, oldestAgeSeconds } of figures) {
        if (oldestAgeSeconds !== null) ages.set({ queue, state: name }, oldestAgeSeconds)
      }
    },
  })
  return (read, options = {}) => {
    state.watch = patientReader(read, [], options, onFailure)
  }
}

const noAlerts: AlertFigures = { events: [], raised: [], open: [] }

export function alertMetrics(
  registers: Registry[],
  onFailure: () => void,
): (read: AlertReader, options?: WatchOptions) => void {
  const state: { watch: (() => Promise<AlertFigures>) | null } = { watch: null }
  const read = async () => (await state.watch?.()) ?? noAlerts
  // As with jobs: each process reads the same tables.
  const aggregator = 'max'
  const events = new Counter({
    name: 'security_events_total',
    help: 'Security events, by type.',
    labelNames: ['type'],
    aggregator,
    registers,
    async collect() {
      const figures = await read()
      events.reset()
      for (const { type, count } of figures.events) events.inc({ type }, count)
    },
  })
  const raised = new Counter({
    name: 'alerts_raised_total',
    help: 'Alerts raised, by type and by the severity they began with.',
    labelNames: ['type', 'severity'],
    aggregator,
    registers,
    async collect() {
      const figures = await read()
      raised.reset()
      for (const { type, severity, count } of figures.raised) raised.inc({ type, severity }, count)
    },
  })
  const open = new Gauge({
    name: 'alerts_open',
    help: 'Alerts that nobody has acknowledged, by severity.',
    labelNames: ['severity'],
    aggregator,
    registers,
    async collect() {
      const figures = await read()
      open.reset()
      for (const { severity, count } of figures.open) open.set({ severity }, count)
    },
  })
  return (reader, options = {}) => {
    state.watch = patientReader(reader, noAlerts, options, onFailure)
  }
}

const neverChecked: LedgerFigures = { checkedSecondsAgo: null, invariants: [] }

export function ledgerMetrics(
  registers: Registry[],
  onFailure: () => void,
): (read: LedgerReader, options?: WatchOptions) => void {
  const state: { watch: (() => Promise<LedgerFigures>) | null } = { watch: null }
  const read = async () => (await state.watch?.()) ?? neverChecked
  // As with jobs: each process reads the same tables.
  const aggregator = 'max'
  const broken = new Gauge({
    name: 'ledger_invariant_broken',
    help: 'Whether the last check of the ledger found this invariant broken (1) or not (0).',
    labelNames: ['invariant'],
    aggregator,
    registers,
    async collect() {
      const { invariants } = await read()
      broken.reset()
      for (const { id, isBroken } of invariants) broken.set({ invariant: id }, isBroken ? 1 : 0)
    },
  })
  const age = new Gauge({
    name: 'ledger_check_age_seconds',
    help: 'Seconds since the ledger was checked; absent when it never was.',
    aggregator,
    registers,
    async collect() {
      const { checkedSecondsAgo } = await read()
      if (checkedSecondsAgo === null) age.remove()
      else age.set(checkedSecondsAgo)
    },
  })
  return (reader, options = {}) => {
    state.watch = patientReader(reader, neverChecked, options, onFailure)
  }
}

/** Asks at most once per period, one question at a time, and reports the previous answer when none comes in time. */
export function patientReader<F>(
  read: () => Promise<F>,
  before: F,
  { cacheSeconds = 5, timeoutSeconds = 2 }: WatchOptions,
  onFailure: () => void,
): () => Promise<F> {
  let figures = before
  let asking: Promise<void> | null = null
  let freshUntil = 0

  async function ask(): Promise<void> {
    try {
      figures = await read()
    } catch {
      onFailure()
    } finally {
      freshUntil = performance.now() + cacheSeconds * 1000
      asking = null
    }
  }

  return async () => {
    if (performance.now() < freshUntil) return figures
    asking ??= ask()
    const timeout = Promise.withResolvers<void>()
    const timer = setTimeout(timeout.resolve, timeoutSeconds * 1000)
    await Promise.race([asking, timeout.promise])
    clearTimeout(timer)
    return figures
  }
}
