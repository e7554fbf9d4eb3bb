/** The rows of a list. The first column is a link, so that the keyboard, a new tab and a screen reader find it; the whole row is clickable. */
import { Box } from '@mantine/core'
import { DataTable } from 'mantine-datatable'
import type { ReactNode } from 'react'
import { frameWords } from './frame-words.ts'
import { Go } from './go.tsx'
import type { Column } from './list-screen.tsx'
import { Empty, Loading } from './states.tsx'
import { useWords } from './words.ts'

export function Rows<Row>({
  rows,
  isRenewing = false,
  columns,
  rowId,
  to,
  onOpen,
  isFiltered = false,
  empty,
}: {
  readonly rows: readonly Row[] | undefined
  readonly isRenewing?: boolean
  readonly columns: readonly Column<Row>[]
  readonly rowId: (row: Row) => string
  readonly to?: (row: Row) => string
  readonly onOpen?: (row: Row) => void
  readonly isFiltered?: boolean
  readonly empty?: ReactNode
}) {
  const words = useWords(frameWords)
  if (rows === undefined) return <Loading lines={8} />
  if (rows.length === 0) return <Empty>{isFiltered ? words.nothingFiltered : empty}</Empty>
  const [first] = columns
  return (
    <Box style={{ opacity: isRenewing ? 0.6 : 1 }} aria-busy={isRenewing}>
      <DataTable
        withTableBorder
        borderRadius="md"
        highlightOnHover={to !== undefined}
        verticalSpacing="xs"
        records={rows as (Row & object)[]}
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
          title: column.title,
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
