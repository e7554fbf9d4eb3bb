/** From answer times to the figures that are reported. */

/** What the load generator saw of a server: answers per second, and percentiles of their times in milliseconds. */
export type Seen = { readonly rps: number; readonly p50: number; readonly p99: number }

/** What a process has used: resident memory now, CPU time since it started. */
export type Usage = { readonly rssMb: number; readonly cpuSeconds: number }

/** One measurement of one server. */
export type Sample = Seen & {
  /** CPU time of the server process per answer, in microseconds: hardly disturbed by what else runs. */
  readonly cpuMicros: number
  readonly rssMb: number
}

/** Two measurements, one right after the other. */
export type Round = { readonly ashlar: Sample; readonly bare: Sample }

export type Comparison = Sample & {
  /** Ashlar's requests per second as a share of bare's. */
  readonly ratio: number
  readonly bare: Sample
}

/** Throughput and percentiles of answers that took `latencies` milliseconds, all within `elapsedMs`. */
export function seenOf(latencies: readonly number[], elapsedMs: number): Seen {
  const sorted = Float64Array.from(latencies).sort()
  return {
    rps: (sorted.length / elapsedMs) * 1000,
    p50: percentile(sorted, 0.5),
    p99: percentile(sorted, 0.99),
  }
}

/**
 * Medians over all rounds. The ratio is the median of the rounds' own ratios: whatever else the machine does
 * slows both halves of a round, and a round that was disturbed in one half only is outvoted.
 */
export function compare(rounds: readonly Round[]): Comparison {
  return {
    ...medians(rounds.map(({ ashlar }) => ashlar)),
    ratio: median(rounds.map(({ ashlar, bare }) => ashlar.rps / bare.rps)),
    bare: medians(rounds.map(({ bare }) => bare)),
  }
}

/** The mean of the two middle values when there is no middle one. @throws Error without values */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right)
  const upper = sorted[Math.floor(sorted.length / 2)]
  const lower = sorted[Math.floor((sorted.length - 1) / 2)]
  if (upper === undefined || lower === undefined) throw new Error('there is no median of nothing')
  return (lower + upper) / 2
}

/**
 * The chance that a value of `left` is larger than one of `right`, a draw counting half (the area under the ROC curve):
 * 0.5 when neither tells anything about where a value comes from.
 */
export function areaUnderCurve(left: readonly number[], right: readonly number[]): number {
  if (left.length === 0 || right.length === 0) throw new Error('there is nothing to compare')
  let wins = 0
  for (const one of left)
    for (const other of right) wins += one > other ? 1 : one === other ? 0.5 : 0
  return wins / (left.length * right.length)
}

/** The smallest value that is at least as large as the share `quantile` of all (nearest rank). */
export function percentile(sorted: Float64Array, quantile: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * quantile) - 1)] ?? Number.NaN
}

/** Rounded to as many digits as the measurement is worth. */
export const rounded = (value: number, digits: number): number => Number(value.toFixed(digits))

function medians(samples: readonly Sample[]): Sample {
  return {
    rps: median(samples.map(({ rps }) => rps)),
    p50: median(samples.map(({ p50 }) => p50)),
    p99: median(samples.map(({ p99 }) => p99)),
    cpuMicros: median(samples.map(({ cpuMicros }) => cpuMicros)),
    rssMb: median(samples.map(({ rssMb }) => rssMb)),
  }
}
