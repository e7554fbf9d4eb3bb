/** Lists in an order that the reader chooses: `?sort=field`, or `?sort=-field` for the greatest first. */
import { type AnyColumn, type SQL, asc, desc, sql } from 'drizzle-orm'
import { Type } from 'typebox'
import { uuidPattern } from '../ids.ts'
import { type Page, cursorOf, pageOf } from './pagination.ts'
import { choice } from './schemas.ts'

/** What rows are compared by. Nulls have no place in an order: an expression says where they stand. */
export type SortKey<Row> = {
  readonly of: AnyColumn | SQL
  /** The row's value of it, as the database reads it. One that it cannot read is refused like any cursor that nobody handed out. */
  readonly value: (row: Row) => string
  /** Where the expression is more than the column, the same for a value. */
  readonly ofValue?: (value: string) => SQL
}

/** A time that the rows hold to the millisecond or coarser; what has none comes last. */
export const timeKey = <Row>(
  column: AnyColumn,
  value: (row: Row) => Date | null,
): SortKey<Row> => ({
  of: sql`coalesce(${column}, 'infinity')`,
  value: (row) => value(row)?.toISOString() ?? 'infinity',
})

/** Amounts are compared within their currency: there is no other order between them. */
export const amountKeys = (columns: {
  readonly asset: AnyColumn
  readonly amount: AnyColumn
}): SortKey<{ readonly asset: string; readonly amount: bigint }>[] => [
  { of: columns.asset, value: ({ asset }) => asset },
  { of: columns.amount, value: ({ amount }) => String(amount) },
]

type SortOf<Fields> = `${'' | '-'}${keyof Fields & string}`
type Given<Fields> = {
  readonly limit: number
  readonly sort?: SortOf<Fields> | undefined
  readonly cursor?: string | undefined
}

/**
 * The orders of a list. Every one of them ends with the id, so that no two rows stand at the same place; the order by time is the
 * ids' own and has no other keys. A cursor belongs to the order that it was made for.
 */
export function sortingOf<Row extends { readonly id: string }>() {
  return <const Fields extends Readonly<Record<string, readonly SortKey<Row>[]>>>(
    id: AnyColumn,
    fields: Fields,
    byDefault: SortOf<Fields>,
  ) => {
    const names = Object.keys(fields).flatMap((name) => [name, `-${name}`]) as SortOf<Fields>[]
    const orders = new Map(names.map((name) => [name, orderOf(id, fields, name)]))
    return {
      /** The query parameter. */
      sort: Type.Optional(
        choice(
          names,
          `With \`-\`: the greatest, or the newest, first. Without it \`${byDefault}\`. A cursor goes on in the order that it came from.`,
        ),
      ),
      /** Throws `http.invalid_cursor` for a cursor of another order. */
      by({ limit, sort = byDefault, cursor }: Given<Fields>) {
        const order = orders.get(sort)
        if (!order) throw new Error(`there is no order by ${sort}`)
        const { orderBy, after, encode } = order
        return {
          orderBy,
          after: cursor === undefined ? undefined : after(cursor),
          /** One row more than this tells whether there is a next page. */
          limit: limit + 1,
          page: <Shown extends Row>(rows: readonly Shown[]): Page<Shown> =>
            pageOf(rows, limit, encode),
        }
      },
    }
  }
}

function orderOf<Row extends { readonly id: string }>(
  id: AnyColumn,
  fields: Readonly<Record<string, readonly SortKey<Row>[]>>,
  name: string,
) {
  const isFalling = name.startsWith('-')
  const keys = fields[name.replace(/^-/, '')] ?? []
  const places = [...keys.map(({ of }) => of), id]
  const cursors = cursorOf(
    Type.Tuple([
      Type.Literal(name),
      Type.Array(Type.String(), { minItems: keys.length, maxItems: keys.length }),
      Type.String({ pattern: uuidPattern }),
    ]),
  )
  return {
    orderBy: places.map((place) => (isFalling ? desc(place) : asc(place))),
    after(cursor: string): SQL {
      const [, values, last] = cursors.decode(cursor)
      const bounds = [
        ...keys.map(({ ofValue = (value: string) => sql`${value}` }, index) =>
          ofValue(values[index] ?? ''),
        ),
        sql`${last}`,
      ]
      const comparison = sql.raw(isFalling ? '<' : '>')
      return sql`(${sql.join(places, sql`, `)}) ${comparison} (${sql.join(bounds, sql`, `)})`
    },
    encode: (row: Row) => cursors.encode([name, keys.map(({ value }) => value(row)), row.id]),
  }
}
