/** The arithmetic and the command line of the benchmark. What it measures depends on the machine and is not tested. */
import { describe, expect, test } from 'vitest'
import { parseArguments, workloadNames } from './arguments.ts'
import { areaUnderCurve, compare, median, percentile, seenOf } from './figures.ts'
import { jsonLine, tableHead, tableLines } from './report.ts'

describe('the command line', () => {
  test('without options all workloads run and a table is printed', () => {
    expect(parseArguments([])).toMatchObject({
      isJson: false,
      isHelp: false,
      workloads: workloadNames,
      profileDir: null,
    })
  })

  test('--only narrows the workloads and may be repeated', () => {
    expect(parseArguments(['--only', 'read', '--only=list']).workloads).toEqual(['read', 'list'])
  })

  test('--json, --rounds, --seconds and --connections are read', () => {
    expect(
      parseArguments(['--json', '--rounds', '2', '--seconds=1', '--connections', '8']),
    ).toMatchObject({ isJson: true, rounds: 2, seconds: 1, connections: 8 })
  })

  test.each([
    [
      ['--only', 'delete'],
      /no workload "delete"; there are whoami, read, list, create, signin, intake, posting, posting-hot/,
    ],
    [['--rounds', '0'], /--rounds takes a whole number from 1/],
    [['--seconds', 'ten'], /--seconds takes a whole number from 1/],
    [['--connections', '1.5'], /--connections takes a whole number from 1/],
    [['--fast'], /--fast/],
    [['whoami'], /whoami/],
  ])('%j is refused and the reason named', (given, reason) => {
    expect(() => parseArguments(given)).toThrow(reason)
  })
})

describe('the figures', () => {
  test('the area under the curve is a half when nothing can be told, and 1 when everything can', () => {
    expect(areaUnderCurve([1, 2, 3], [1, 2, 3])).toBe(0.5)
    expect(areaUnderCurve([4, 5], [1, 2, 3])).toBe(1)
    expect(areaUnderCurve([1, 2], [3])).toBe(0)
    expect(() => areaUnderCurve([], [1])).toThrow('nothing to compare')
  })

  test('the median is the middle value, or the mean of the two middle ones', () => {
    expect(median([9, 1, 5])).toBe(5)
    expect(median([4, 1, 2, 9])).toBe(3)
    expect(() => median([])).toThrow('no median')
  })

  test('a percentile is a value that was measured, by nearest rank', () => {
    const sorted = Float64Array.from({ length: 200 }, (_, index) => index + 1)
    expect(percentile(sorted, 0.5)).toBe(100)
    expect(percentile(sorted, 0.99)).toBe(198)
    expect(percentile(Float64Array.of(7), 0.99)).toBe(7)
    expect(percentile(Float64Array.of(7), 0)).toBe(7)
  })

  test('a sample counts answers per second and does not mind their order', () => {
    expect(seenOf([4, 1, 3, 2], 500)).toEqual({ rps: 8, p50: 2, p99: 4 })
  })

  test('the ratio is the median of the ratios of the rounds, so one disturbed half does not decide', () => {
    const round = (ashlar: number, bare: number) => ({
      ashlar: { rps: ashlar, p50: 1, p99: 2, cpuMicros: 300, rssMb: 150 },
      bare: { rps: bare, p50: 3, p99: 4, cpuMicros: 200, rssMb: 70 },
    })
    const { ratio, rps, bare } = compare([round(80, 100), round(90, 100), round(80, 20)])
    expect(ratio).toBe(0.9)
    expect(rps).toBe(80)
    expect(bare).toEqual({ rps: 100, p50: 3, p99: 4, cpuMicros: 200, rssMb: 70 })
  })
})

describe('the report', () => {
  const result = {
    workload: 'read',
    rps: 4321.4,
    p50: 6.789,
    p99: 12.3456,
    ratio: 0.81239,
    cpuMicros: 201.7,
    rssMb: 150.4,
    bare: { rps: 5000.6, p50: 5.5, p99: 9.999, cpuMicros: 170.2, rssMb: 70.6 },
  } as const

  test('a line of JSON names the workload, its figures, the ratio and what bare did', () => {
    expect(JSON.parse(jsonLine(result))).toEqual({
      workload: 'read',
      rps: 4321,
      p50: 6.79,
      p99: 12.35,
      cpuMicros: 202,
      rssMb: 150,
      ratio: 0.812,
      bare: { rps: 5001, p50: 5.5, p99: 10, cpuMicros: 170, rssMb: 71 },
    })
  })

  test('the columns of the table stand under their names', () => {
    const [own, bare] = tableLines(result).split('\n')
    expect(own).toHaveLength(tableHead.length)
    expect(own).toMatch(/^read +4321 +6\.79 +12\.35 +202 +150 +0\.81$/)
    expect(bare).toMatch(/^ {2}bare +5001 +5\.50 +10\.00 +170 +71$/)
  })
})
