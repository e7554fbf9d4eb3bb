/** A reach as SQL: which rows of a table, and for one field in which rows. */
import { type AnyColumn, type SQL, and, eq, inArray, ne, not, or, sql } from 'drizzle-orm'
import type { ConditionTree, Reach } from './rights.ts'

/** The column behind each attribute; a list of texts says so. */
export type Attributes = {
  readonly [attribute: string]: AnyColumn | SQL | { readonly list: AnyColumn }
}

/** True in rows that this reach covers and, when a field is named, in which that field may be read. */
export function rowsWithin(reach: Reach, attributes: Attributes, field?: string): SQL {
  if (reach.kind !== 'some') return reach.kind === 'all' ? sql`true` : sql`false`
  const parts = reach.parts.filter(
    ({ fields }) => field === undefined || fields === null || fields.includes(field),
  )
  const rows = parts.map(({ condition }) => (condition ? holds(condition, attributes) : sql`true`))
  return or(...rows) ?? sql`false`
}

function holds(tree: ConditionTree, attributes: Attributes): SQL {
  if (!('field' in tree)) {
    if (tree.operator !== 'and') throw new Error(`rules have no ${tree.operator}`)
    return and(...tree.value.map((part) => holds(part, attributes))) ?? sql`true`
  }
  const column = attributes[tree.field]
  if (!column) throw new Error(`${tree.field} is no attribute here`)
  if ('list' in column) return holdsInList(tree, column.list)
  const test = tests[tree.operator]
  if (!test) throw new Error(`rules have no ${tree.operator}`)
  // What is unknown does not hold, and its opposite does not hold either.
  return sql`coalesce(${test(column as AnyColumn, tree.value)}, false)`
}

const tests: Readonly<Record<string, (column: AnyColumn, value: unknown) => SQL>> = {
  eq,
  ne,
  in: (column, values) => inArray(column, values as unknown[]),
  nin: (column, values) => not(inArray(column, values as unknown[])),
}

function holdsInList(tree: { operator: string; value: unknown }, list: AnyColumn): SQL {
  const overlaps = sql`${list} && ${sql.param(tree.value)}::text[]`
  if (tree.operator === 'in') return overlaps
  if (tree.operator === 'nin') return sql`not ${overlaps}`
  throw new Error(`a list is not asked for ${tree.operator}`)
}
