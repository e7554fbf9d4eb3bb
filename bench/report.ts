/** How results are told: a table for people, a line of JSON for programs. */
import type { WorkloadName } from './arguments.ts'
import { type Comparison, type Sample, rounded } from './figures.ts'

export type Result = Comparison & {
  readonly workload: WorkloadName
  /** Resident memory at the end of the workload, in MiB. */
  readonly rssMb: number
  readonly bareRssMb: number
}

export function jsonLine(result: Result): string {
  const { workload, ratio, bare, rssMb, bareRssMb } = result
  return JSON.stringify({
    workload,
    ...figures(result),
    ratio: rounded(ratio, 3),
    rssMb: rounded(rssMb, 0),
    bare: { ...figures(bare), rssMb: rounded(bareRssMb, 0) },
  })
}

export const tableHead =
  'workload    req/s   p50 ms   p99 ms   RSS MiB      bare   p50 ms   p99 ms   RSS MiB   ratio'

export function tableLine({ workload, bare, ratio, rssMb, bareRssMb, ...own }: Result): string {
  const columns = (sample: Sample, memory: number) =>
    [
      sample.rps.toFixed(0).padStart(9),
      sample.p50.toFixed(2).padStart(9),
      sample.p99.toFixed(2).padStart(9),
      memory.toFixed(0).padStart(10),
    ].join('')
  return `${workload.padEnd(8)}${columns(own, rssMb)} ${columns(bare, bareRssMb)}${ratio.toFixed(2).padStart(8)}`
}

const figures = ({ rps, p50, p99 }: Sample) => ({
  rps: rounded(rps, 0),
  p50: rounded(p50, 2),
  p99: rounded(p99, 2),
})
