/** Duration and failures of database statements, by operation and table. */
import { Counter, type Registry } from 'prom-client'
import { sqlErrorType, sqlLabels } from './sql-labels.ts'
import { type Timing, TimingHistogram } from './timing-histogram.ts'

const secondsBuckets = [0.001, 0.0025, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 2]

/** Statement texts remembered; when that many different ones were seen, the memory starts anew. */
const maxTexts = 2_000
/** Longer texts are read again each time rather than kept. */
const maxKeptLength = 4_000
/** Pairs of operation and table; beyond, the table is counted as `other`. */
const maxSeries = 500

type Series = { readonly operation: string; readonly timing: Timing }

export function queryMetrics(
  registers: Registry[],
): (text: string, seconds: number, error: Error | null) => void {
  const durations = new TimingHistogram({
    name: 'database_query_duration_seconds',
    help: 'Time a database statement took, in seconds.',
    labelNames: ['operation', 'table'],
    buckets: secondsBuckets,
    registers,
  })
  const errors = new Counter({
    name: 'database_errors_total',
    help: 'Database statements that failed, by what went wrong.',
    labelNames: ['operation', 'error_type'],
    registers,
  })
  const byText = new Map<string, Series>()
  const byLabels = new Map<string, Series>()

  function findSeries(text: string): Series {
    const { operation, table } = sqlLabels(text)
    const key = `${operation} ${table}`
    const known = byLabels.get(key)
    if (known) return known
    const kept = byLabels.size < maxSeries ? table : 'other'
    const existing = byLabels.get(`${operation} ${kept}`)
    if (existing) return existing
    const series = { operation, timing: durations.series({ operation, table: kept }) }
    byLabels.set(`${operation} ${kept}`, series)
    return series
  }

  function remember(text: string): Series {
    const series = findSeries(text)
    if (text.length > maxKeptLength) return series
    if (byText.size >= maxTexts) byText.clear()
    byText.set(text, series)
    return series
  }

  return (text, seconds, error) => {
    const series = byText.get(text) ?? remember(text)
    series.timing.observe(seconds)
    if (error) errors.inc({ operation: series.operation, error_type: sqlErrorType(error) })
  }
}
