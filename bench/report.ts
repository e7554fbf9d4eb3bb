/** How results are told: a table for people, a line of JSON for programs. */
import type { WorkloadName } from './arguments.ts'
import { type Comparison, type Sample, rounded } from './figures.ts'

export type Result = Comparison & { readonly workload: WorkloadName }

export function jsonLine({ workload, ratio, bare, ...own }: Result): string {
  return JSON.stringify({
    workload,
    ...figures(own),
    ratio: rounded(ratio, 3),
    bare: figures(bare),
  })
}

/** CPU is microseconds per answer, memory is MiB. */
export const tableHead = 'workload        req/s   p50 ms   p99 ms   cpu µs   RSS   ratio'

/** Ashlar, and below it bare. */
export function tableLines({ workload, bare, ratio, ...own }: Result): string {
  return `${line(workload, own)}${ratio.toFixed(2).padStart(8)}\n${line('  bare', bare)}`
}

function line(name: string, { rps, p50, p99, cpuMicros, rssMb }: Sample): string {
  const columns = [
    rps.toFixed(0).padStart(9),
    p50.toFixed(2).padStart(9),
    p99.toFixed(2).padStart(9),
    cpuMicros.toFixed(0).padStart(9),
    rssMb.toFixed(0).padStart(6),
  ]
  return name.padEnd(12) + columns.join('')
}

function figures({ rps, p50, p99, cpuMicros, rssMb }: Sample) {
  return {
    rps: rounded(rps, 0),
    p50: rounded(p50, 2),
    p99: rounded(p99, 2),
    cpuMicros: rounded(cpuMicros, 0),
    rssMb: rounded(rssMb, 0),
  }
}
