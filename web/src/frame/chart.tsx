/** A chart with its figures as a table. What draws it is loaded when one is shown. */
import { Box, Skeleton, Stack, Table, Text } from '@mantine/core'
import { Suspense, lazy } from 'react'
import { frameWords } from './frame-words.ts'
import { useWords } from './words.ts'

const Drawing = lazy(() => import('./chart-drawing.tsx'))
const height = 220

export type Series = {
  /** The field of a row. */
  readonly name: string
  readonly label: string
  readonly color: string
}
export type ChartRow = { readonly at: string } & Readonly<Record<string, string | number | null>>
export type ChartProps = {
  /** What a screen reader calls it. */
  readonly label: string
  readonly kind: 'line' | 'bars'
  /** In the order of time; `at` as it is to be shown. */
  readonly rows: readonly ChartRow[]
  readonly series: readonly Series[]
  readonly format: (value: number) => string
}

export function Chart(props: ChartProps) {
  return (
    <Stack gap="xs">
      <Box role="img" aria-label={props.label} h={height}>
        <Suspense fallback={<Skeleton height={height} />}>
          <Drawing {...props} height={height} />
        </Suspense>
      </Box>
      <Figures {...props} />
    </Stack>
  )
}

function Figures({ label, rows, series, format }: ChartProps) {
  const words = useWords(frameWords)
  return (
    <details>
      <Text component="summary" size="sm" style={{ cursor: 'pointer' }}>
        {words.asTable}
      </Text>
      <Box mah={280} style={{ overflow: 'auto' }} tabIndex={0} role="region" aria-label={label}>
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{words.time}</Table.Th>
              {series.map((one) => (
                <Table.Th key={one.name} ta="right">
                  {one.label}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map((row) => (
              <Table.Tr key={row.at}>
                <Table.Th fw={400}>{row.at}</Table.Th>
                {series.map(({ name }) => {
                  const value = row[name]
                  return (
                    <Table.Td key={name} ta="right">
                      {typeof value === 'number' ? format(value) : words.none}
                    </Table.Td>
                  )
                })}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Box>
    </details>
  )
}
