/** The rows of a list. The first column is a link, so that the keyboard, a new tab and a screen reader find it; the whole row is clickable. */
import { Box } from '@mantine/core'
import { DataTable } from 'mantine-datatable'
import type { ReactNode } from 'react'
import { useAddress } from './address.ts'
import { frameWords } from './frame-words.ts'
import { Go } from './go.tsx'
import type { Column } from './list-screen.tsx'
import { type Direction, SortButton } from './sort-button.tsx'
import { Empty, Loading } from './states.tsx'
import { useWords } from './words.ts'

export function Rows<Row>({
  rows,
  isRenewing = false,
  columns,
  rowId,
  to,
  onOpen,
  order: usual = '',
  isFiltered = false,
  empty,
}: {
  readonly rows: readonly Row[] | undefined
  readonly isRenewing?: boolean
  readonly columns: readonly Column<Row>[]
  readonly rowId: (row: Row) => string
  readonly to?: (row: Row) => string
  readonly onOpen?: (row: Row) => void
  /** What the rows are sorted by where the address does not say. */
  readonly order?: string
  readonly isFiltered?: boolean
  readonly empty?: ReactNode
}) {
  const words = useWords(frameWords)
  const order = useOrder(columns, usual)
  if (rows === undefined) return <Loading lines={8} />
  if (rows.length === 0) return <Empty>{isFiltered ? words.nothingFiltered : empty}</Empty>
  const [first] = columns
  return (
    <Box style={{ opacity: isRenewing ? 0.6 : 1 }} aria-busy={isRenewing}>
      <DataTable
        withTableBorder
        borderRadius="md"
        highlightOnHover={onOpen !== undefined}
        // Links stay readable on it.
        highlightOnHoverColor={{ light: 'gray.0', dark: 'dark.6' }}
        verticalSpacing="xs"
        records={order.apply(rows) as (Row & object)[]}
        idAccessor={(row) => rowId(row)}
        {...(onOpen && {
          onRowClick: ({ record, event }: { record: Row; event: React.MouseEvent }) => {
            // A link or a button in the row answers for itself, and marking a text is no click.
            const isElsewhere = (event.target as Element).closest('a,button,input,label')
            if (!isElsewhere && String(getSelection()) === '') onOpen(record)
          },
          rowStyle: () => ({ cursor: 'pointer' }),
        })}
        columns={columns.map((column) => ({
          accessor: column.id,
          title: order.titleOf(column),
          ...(column.align && { textAlign: column.align }),
          ...(column.width !== undefined && { width: column.width }),
          render: (row: Row) =>
            column === first && to ? (
              <Go to={to(row)} size="sm">
                {column.show(row)}
              </Go>
            ) : (
              column.show(row)
            ),
        }))}
      />
    </Box>
  )
}

/** The order stands in the address: `?sort=name`, or `?sort=-name` for the greatest first. Another order begins with its first page. */
function useOrder<Row>(columns: readonly Column<Row>[], usual: string) {
  const { search, change } = useAddress()
  const asked = search['sort'] ?? usual
  const id = asked.replace(/^-/, '')
  const direction: Direction = asked.startsWith('-') ? 'desc' : 'asc'
  const sign = direction === 'asc' ? 1 : -1
  const sortBy = columns.find((column) => column.id === id)?.sortBy
  return {
    titleOf: (column: Column<Row>) =>
      column.sortBy === undefined ? (
        column.title
      ) : (
        <SortButton
          title={column.title}
          direction={column.id === id ? direction : null}
          onSort={(to) =>
            change({ sort: `${to === 'desc' ? '-' : ''}${column.id}`, cursor: null }, true)
          }
        />
      ),
    apply: (rows: readonly Row[]) =>
      typeof sortBy === 'function'
        ? rows.toSorted((a, b) => sign * compared(sortBy(a), sortBy(b)))
        : rows,
  }
}

const compared = (one: number | string, another: number | string) =>
  typeof one === 'number' && typeof another === 'number'
    ? one - another
    : String(one).localeCompare(String(another))
