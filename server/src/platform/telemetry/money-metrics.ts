/** Figures about money that are read when Prometheus asks: how our books compare with the provider's, and what waits. */
import { Gauge, type Registry } from 'prom-client'
import { type WatchOptions, patientReader } from './watched-metrics.ts'

export type ReconciliationFigures = {
  readonly runs: readonly { readonly state: string; readonly count: number }[]
  /** What is different and not gone. */
  readonly drifts: readonly {
    readonly class: string
    readonly severity: string
    readonly state: string
    readonly count: number
  }[]
  /** Since the last run that came to its end; null when none did. */
  readonly lastEndedSecondsAgo: number | null
  /** As that run found them. */
  readonly balances: readonly {
    readonly currency: string
    readonly provider: number
    readonly ledger: number
    readonly unexplained: number
  }[]
  readonly isBlocked: boolean
}

export type InboxFigures = {
  readonly due: number
  readonly oldestDueSeconds: number | null
  readonly dead: number
  readonly filledSecondsAgo: number | null
}

export type MoneyFigures = {
  readonly reconciliation: ReconciliationFigures
  readonly inbox: InboxFigures
  /** Payments begun within a day, by state. */
  readonly payments: readonly { readonly state: string; readonly count: number }[]
}
export type MoneyReader = () => Promise<MoneyFigures>

export function moneyMetrics(
  registers: Registry[],
  onFailure: () => void,
): (read: MoneyReader, options?: WatchOptions) => void {
  const state: { watch: (() => Promise<MoneyFigures | null>) | null } = { watch: null }
  // As with jobs: each process reads the same tables.
  const gauge = <Label extends string>(
    name: string,
    help: string,
    labelNames: readonly Label[],
    show: (set: (labels: Record<Label, string>, value: number) => void, all: MoneyFigures) => void,
  ) =>
    new Gauge({
      name,
      help,
      labelNames: [...labelNames],
      aggregator: 'max',
      registers,
      async collect() {
        const figures = (await state.watch?.()) ?? null
        this.reset()
        // Without labels a reset leaves a zero, which nobody has measured.
        if (labelNames.length === 0) this.remove()
        if (figures) show((labels, value) => this.set(labels, value), figures)
      },
    })

  gauge('payments_recent', 'Payments begun within a day, by state.', ['state'], (set, all) => {
    for (const { state: name, count } of all.payments) set({ state: name }, count)
  })
  gauge('inbox_objects_due', 'Objects of a provider that could be looked at now.', [], (set, all) =>
    set({}, all.inbox.due),
  )
  gauge('inbox_objects_dead', 'Objects of a provider that were given up.', [], (set, all) =>
    set({}, all.inbox.dead),
  )
  gauge(
    'inbox_oldest_due_age_seconds',
    'How long the oldest object that is due has waited; absent when none is.',
    [],
    (set, { inbox }) => inbox.oldestDueSeconds !== null && set({}, inbox.oldestDueSeconds),
  )
  gauge(
    'inbox_gaps_filled_age_seconds',
    'Seconds since events that never arrived were asked for; absent when they never were.',
    [],
    (set, { inbox }) => inbox.filledSecondsAgo !== null && set({}, inbox.filledSecondsAgo),
  )
  gauge(
    'reconciliation_runs',
    'Runs that are remembered, by how they ended.',
    ['state'],
    (set, { reconciliation }) => {
      for (const { state: name, count } of reconciliation.runs) set({ state: name }, count)
    },
  )
  gauge(
    'reconciliation_drift',
    'Differences to the provider that are not gone.',
    ['class', 'severity', 'state'],
    (set, { reconciliation }) => {
      for (const { count, ...labels } of reconciliation.drifts) set(labels, count)
    },
  )
  gauge(
    'reconciliation_age_seconds',
    'Seconds since a run came to its end; absent when none did.',
    [],
    (set, { reconciliation: { lastEndedSecondsAgo: age } }) => age !== null && set({}, age),
  )
  gauge(
    'reconciliation_balance',
    'What the provider owes us as the last run found it, in the smallest unit.',
    ['currency', 'side'],
    (set, { reconciliation }) => {
      for (const { currency, ...sides } of reconciliation.balances)
        for (const [side, value] of Object.entries(sides)) set({ currency, side }, value)
    },
  )
  gauge(
    'releases_blocked',
    'Whether nothing may be paid out because the books are in doubt (1) or not (0).',
    [],
    (set, { reconciliation }) => set({}, reconciliation.isBlocked ? 1 : 0),
  )
  return (read, options = {}) => {
    state.watch = patientReader<MoneyFigures | null>(read, null, options, onFailure)
  }
}
