/**
 * A Prometheus histogram whose series are resolved once and then observed without hashing labels. prom-client
 * builds a key from all labels for every observation, which costs more than the rest of the bookkeeping.
 */
import { Histogram, type HistogramConfiguration } from 'prom-client'

/** One series. `observe` takes seconds. */
export type Timing = {
  readonly count: number
  observe(seconds: number): void
}

type Labels<L extends string> = Readonly<Record<L, string>>

export class TimingHistogram<L extends string> extends Histogram<L> {
  readonly #name: string
  readonly #help: string
  readonly #bounds: readonly number[]
  readonly #series: Series<L>[] = []

  constructor(options: HistogramConfiguration<L> & { readonly buckets: number[] }) {
    super(options)
    this.#name = options.name
    this.#help = options.help
    this.#bounds = options.buckets
  }

  /** A new series. The caller keeps it and asks only once per set of labels. */
  series(labels: Labels<L>): Timing {
    const series = new Series(labels, this.#bounds)
    this.#series.push(series)
    return series
  }

  /** What both `get` and the registry read; prom-client's own reads its own, empty store. */
  async getForPromString() {
    const values = this.#series.flatMap((series) => series.values(this.#name))
    return { name: this.#name, help: this.#help, type: 'histogram', values, aggregator: 'sum' }
  }
}

class Series<L extends string> implements Timing {
  readonly #labels: Labels<L>
  readonly #bounds: readonly number[]
  readonly #counts: number[]
  #sum = 0
  count = 0

  constructor(labels: Labels<L>, bounds: readonly number[]) {
    this.#labels = labels
    this.#bounds = bounds
    this.#counts = bounds.map(() => 0)
  }

  observe(seconds: number): void {
    const bounds = this.#bounds
    this.count += 1
    this.#sum += seconds
    for (let index = 0; index < bounds.length; index += 1) {
      if (seconds <= bounds[index]!) {
        this.#counts[index]! += 1
        return
      }
    }
  }

  values(name: string) {
    let sum = 0
    const sharedLabels = this.#labels
    const line = (suffix: string, labels: { le?: number | string }, value: number) => {
      return { metricName: `${name}_${suffix}`, labels, sharedLabels, value }
    }
    const buckets = this.#bounds.map((le, index) => {
      sum += this.#counts[index]!
      return line('bucket', { le }, sum)
    })
    return [
      ...buckets,
      line('bucket', { le: '+Inf' }, this.count),
      line('sum', {}, this.#sum),
      line('count', {}, this.count),
    ]
  }
}
