/** What came in less what went back, one chart for each currency: amounts of two are never added up. */
import { Text } from '@mantine/core'
import { Chart, type ChartRow } from '../../frame/chart.tsx'
import { useFormat } from '../../frame/format.ts'
import { Go } from '../../frame/go.tsx'
import { Section } from '../../frame/screen.tsx'
import { fill, useWords } from '../../frame/words.ts'
import type { Overview } from './figures.tsx'
import { homeWords } from './home-words.ts'

type Rows = NonNullable<Overview['revenue']>

export function Revenue({
  revenue,
  times,
  timeOf,
}: {
  readonly revenue: Rows
  /** Every while of the window. */
  readonly times: readonly string[]
  readonly timeOf: (at: string) => string
}) {
  const words = useWords(homeWords)
  const currencies = [...new Set(revenue.map(({ currency }) => currency))].toSorted()
  if (currencies.length === 0)
    return (
      <Section title={words.revenueTitle}>
        <Text size="sm">{words.noRevenue}</Text>
      </Section>
    )
  return currencies.map((currency) => (
    <OneCurrency
      key={currency}
      currency={currency}
      rows={revenue.filter((row) => row.currency === currency)}
      times={times}
      timeOf={timeOf}
    />
  ))
}

function OneCurrency({
  currency,
  rows,
  times,
  timeOf,
}: {
  readonly currency: string
  readonly rows: Rows
  readonly times: readonly string[]
  readonly timeOf: (at: string) => string
}) {
  const words = useWords(homeWords)
  const format = useFormat()
  const total = (name: 'captured' | 'refunded' | 'net') =>
    format.money({
      amount: String(rows.reduce((sum, row) => sum + BigInt(row[name]), 0n)),
      currency,
    })
  const netAt = new Map(rows.map(({ at, net }) => [at, net]))
  // Drawn, not reckoned with: a picture may be off by what a number cannot hold.
  const drawn: readonly ChartRow[] = times.map((at) => ({
    at: timeOf(at),
    net: Number(netAt.get(at) ?? '0'),
  }))
  const title = fill(words.revenue, { currency })
  return (
    <Section
      title={title}
      lead={fill(words.revenueLead, {
        captured: total('captured'),
        refunded: total('refunded'),
        net: total('net'),
      })}
      actions={
        <Go to="/admin/payments" search={{ currency }} size="sm">
          {words.revenueTitle}
        </Go>
      }
    >
      <Chart
        kind="bars"
        label={title}
        rows={drawn}
        series={[{ name: 'net', label: words.net, color: 'teal.6' }]}
        format={(value) => format.money({ amount: String(Math.round(value)), currency })}
      />
    </Section>
  )
}
