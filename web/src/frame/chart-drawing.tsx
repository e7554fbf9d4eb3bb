/** Draws a chart. Nobody but `chart.tsx` loads it: it is heavy. */
import '@mantine/charts/styles.layer.css'
import { BarChart, LineChart } from '@mantine/charts'
import type { ChartProps } from './chart.tsx'

export default function ChartDrawing({
  kind,
  rows,
  series,
  format,
  height,
}: ChartProps & { readonly height: number }) {
  const common = {
    h: height,
    data: rows.map((row) => ({ ...row })),
    dataKey: 'at',
    series: series.map((one) => ({ ...one })),
    valueFormatter: format,
    withLegend: series.length > 1,
    // The table beside it is for keyboards and screen readers.
    accessibilityLayer: false,
    gridAxis: 'x' as const,
    tickLine: 'none' as const,
    yAxisProps: { width: 72, allowDecimals: kind === 'line' },
    xAxisProps: { minTickGap: 32 },
  }
  return kind === 'line' ? (
    <LineChart
      {...common}
      // A while alone between two without any has no line to be seen by.
      dotProps={{ r: 2, strokeWidth: 1 }}
      curveType="monotone"
      lineProps={{ isAnimationActive: false }}
      connectNulls={false}
    />
  ) : (
    <BarChart {...common} type="stacked" barProps={{ isAnimationActive: false }} />
  )
}
