/** A list of the API as a table: filters and page in the address, columns to choose, a file to take away. */
import type { InputsOf, Operation } from '@ashlar/sdk'
import { Stack } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useAddress } from './address.ts'
import { reading } from './api.ts'
import { ColumnChoice, useChosenColumns } from './column-choice.tsx'
import { CsvButton } from './csv-button.tsx'
import { type Filter, Filters, isFiltered } from './filters.tsx'
import { Paging } from './paging.tsx'
import { Rows } from './rows.tsx'
import { Failure } from './states.tsx'

export type ListAnswer<Row> = {
  readonly data: readonly Row[]
  readonly meta: {
    readonly nextCursor: string | null
    readonly total?: number
    readonly isTotalExact?: boolean
  }
}
export type RowOf<Response> = Response extends { data: readonly (infer Row)[] } ? Row : never

export type Column<Row> = {
  /** Names the column in what the browser remembers. */
  readonly id: string
  readonly title: string
  readonly show: (row: Row) => ReactNode
  /** For the file; without it the value of the row's field of this name. */
  readonly text?: (row: Row) => string
  /** By what the table can be sorted: a value of the row where all rows are there, or the API, to which the id is told. */
  readonly sortBy?: ((row: Row) => number | string) | 'api'
  readonly align?: 'right'
  readonly width?: number | string
  /** Not shown until somebody asks for it. */
  readonly isExtra?: boolean
}

type ListProps<Data extends { query?: object }, Response, Failed> = {
  /** Names the list in what the browser remembers, and the file. */
  readonly name: string
  readonly operation: Operation<Data, Response, Failed>
  /** What the address does not say: ids in the path, filters that are always on. */
  readonly input?: { readonly path?: object; readonly query?: Readonly<Record<string, unknown>> }
  readonly columns: readonly Column<RowOf<Response>>[]
  readonly filters?: readonly Filter[]
  readonly rowId: (row: RowOf<Response>) => string
  /** Where a row leads. */
  readonly to?: (row: RowOf<Response>) => string
  /** The API's order where nobody chose one: `-createdAt`. */
  readonly order?: string
  /** What is said when there is nothing at all, and what to do about it. */
  readonly empty?: ReactNode
  /** Milliseconds after which it is asked for anew while somebody looks. */
  readonly refreshMs?: number
}

export function List<Data extends { query?: object }, Response, Failed>({
  name,
  operation,
  input = {},
  columns,
  filters = [],
  rowId,
  to,
  order,
  empty,
  refreshMs,
}: ListProps<Data, Response, Failed>) {
  type Row = RowOf<Response>
  const { search } = useAddress()
  const navigate = useNavigate()
  const [shown, choose] = useChosenColumns(name, columns)
  const given = Object.fromEntries(
    filters.map(({ name: field }) => [field, search[field]]).filter(([, value]) => value),
  )
  const asked = { ...input.query, ...given, ...sortOf(search['sort'], columns) }
  const paged = search['cursor'] ? { ...asked, cursor: search['cursor'] } : asked
  const inputs = [{ ...input, query: paged }] as unknown as InputsOf<Data>
  const list = useQuery({
    ...reading(operation, ...inputs),
    ...(refreshMs !== undefined && { refetchInterval: refreshMs }),
    placeholderData: keepPreviousData,
  })
  const answer = list.data as ListAnswer<Row> | undefined

  return (
    <Stack gap="sm">
      <Filters filters={filters}>
        <ColumnChoice columns={columns} shown={shown} onChoose={choose} />
        <CsvButton
          name={name}
          operation={operation}
          input={{ ...input, query: asked }}
          columns={shown}
        />
      </Filters>
      {list.error && answer === undefined ? (
        <Failure error={list.error} onAgain={() => void list.refetch()} />
      ) : (
        <Rows
          rows={answer?.data}
          isRenewing={list.isPlaceholderData}
          columns={shown}
          rowId={rowId}
          {...(order !== undefined && { order })}
          isFiltered={isFiltered(filters, search)}
          empty={empty}
          {...(to && { to, onOpen: (row: Row) => void navigate({ to: to(row) }) })}
        />
      )}
      {answer && <Paging meta={answer.meta} />}
    </Stack>
  )
}

/** Only what the API knows: an address may say anything. */
function sortOf<Row>(sort: string | undefined, columns: readonly Column<Row>[]) {
  const id = sort?.replace(/^-/, '')
  return columns.some((column) => column.id === id && column.sortBy === 'api') ? { sort } : {}
}
