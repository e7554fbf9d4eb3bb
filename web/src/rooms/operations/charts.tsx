/** The charts of the home. */
import { SimpleGrid } from '@mantine/core'
import { Chart } from '../../frame/chart.tsx'
import { useFormat } from '../../frame/format.ts'
import { Section } from '../../frame/screen.tsx'
import { useLanguage, useWords } from '../../frame/words.ts'
import type { Overview } from './figures.tsx'
import { homeWords } from './home-words.ts'
import { Revenue } from './revenue.tsx'

const hour = 3_600

export function Charts({ of }: { readonly of: Overview }) {
  const { traffic, people, revenue, from, until, seconds } = of
  const timeOf = useTimeOf(of)
  const count = Math.round((Date.parse(until) - Date.parse(from)) / (seconds * 1000))
  const times = Array.from({ length: count }, (_, index) =>
    new Date(Date.parse(from) + index * seconds * 1000).toISOString(),
  )
  return (
    <SimpleGrid cols={{ base: 1, lg: 2 }}>
      {traffic && <Traffic rows={traffic} timeOf={timeOf} />}
      {traffic && <Latency rows={traffic} timeOf={timeOf} />}
      {people && <People rows={people} timeOf={timeOf} />}
      {revenue && <Revenue revenue={revenue} times={times} timeOf={timeOf} />}
    </SimpleGrid>
  )
}

type Of<Rows> = {
  readonly rows: NonNullable<Rows>
  readonly timeOf: (at: string) => string
}

function Traffic({ rows, timeOf }: Of<Overview['traffic']>) {
  const words = useWords(homeWords)
  const format = useFormat()
  return (
    <Section title={words.traffic} lead={words.trafficLead}>
      <Chart
        kind="bars"
        label={words.traffic}
        rows={rows.map(({ at, count, errors }) => ({
          at: timeOf(at),
          answered: count - errors,
          failed: errors,
        }))}
        series={[
          { name: 'answered', label: words.answered, color: 'blue.6' },
          { name: 'failed', label: words.failed, color: 'red.6' },
        ]}
        format={(value) => format.number(value)}
      />
    </Section>
  )
}

function Latency({ rows, timeOf }: Of<Overview['traffic']>) {
  const words = useWords(homeWords)
  const format = useFormat()
  return (
    <Section title={words.latency} lead={words.latencyLead}>
      <Chart
        kind="line"
        label={words.latency}
        rows={rows.map(({ at, p50Ms, p95Ms, p99Ms }) => ({ at: timeOf(at), p50Ms, p95Ms, p99Ms }))}
        series={[
          { name: 'p50Ms', label: words.half, color: 'teal.6' },
          { name: 'p95Ms', label: words.most, color: 'orange.6' },
          { name: 'p99Ms', label: words.nearlyAll, color: 'red.6' },
        ]}
        format={format.milliseconds}
      />
    </Section>
  )
}

function People({ rows, timeOf }: Of<Overview['people']>) {
  const words = useWords(homeWords)
  const format = useFormat()
  return (
    <Section title={words.people}>
      <Chart
        kind="bars"
        label={words.people}
        rows={rows.map((row) => ({ ...row, at: timeOf(row.at) }))}
        series={[
          { name: 'signIns', label: words.signIns, color: 'teal.6' },
          { name: 'failedSignIns', label: words.failedSignIns, color: 'red.6' },
          { name: 'registrations', label: words.registrations, color: 'blue.6' },
        ]}
        format={(value) => format.number(value)}
      />
    </Section>
  )
}

/** The time of day; with the day before it where a window has several. */
function useTimeOf({ window, seconds }: Overview): (at: string) => string {
  const language = useLanguage()
  const format = new Intl.DateTimeFormat(language === 'de' ? 'de-DE' : 'en-GB', {
    ...(window !== '1h' && { weekday: 'short' }),
    ...(window === '7d' && { day: 'numeric', month: 'numeric' }),
    hour: '2-digit',
    ...(seconds <= hour && { minute: '2-digit' }),
  })
  return (at) => format.format(new Date(at))
}
