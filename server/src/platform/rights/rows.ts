/** A reach as SQL: which rows of a table, and for one field in which rows. */
import {
  type AnyColumn,
  Column,
  type SQL,
  and,
  eq,
  inArray,
  is,
  ne,
  not,
  or,
  sql,
} from 'drizzle-orm'
import type { ConditionTree, Reach } from './rights.ts'

/** What is behind each attribute: a column; a list of texts, which says so; or a test in the room's own words. */
export type Attributes = {
  readonly [attribute: string]: AnyColumn | SQL | { readonly list: AnyColumn } | OwnTest
}

/** Never null. For what an index only answers when it is asked in its words. */
export type OwnTest = (operator: string, value: unknown) => SQL

/** True in rows that this reach covers and, when a field is named, in which that field may be read. */
export function rowsWithin(reach: Reach, attributes: Attributes, field?: string): SQL {
  if (reach.kind !== 'some') return reach.kind === 'all' ? sql`true` : sql`false`
  const parts = reach.parts.filter(
    ({ fields }) => field === undefined || fields === null || fields.includes(field),
  )
  const rows = parts.map(({ condition }) => (condition ? holds(condition, attributes) : sql`true`))
  return or(...rows) ?? sql`false`
}

/** Whether any condition of this reach speaks of an attribute. */
export function asksFor(reach: Reach, attribute: string): boolean {
  const isAsked = (tree: ConditionTree): boolean =>
    'field' in tree ? tree.field === attribute : tree.value.some(isAsked)
  return (
    reach.kind === 'some' &&
    reach.parts.some(({ condition }) => condition !== null && isAsked(condition))
  )
}

function holds(tree: ConditionTree, attributes: Attributes): SQL {
  if (!('field' in tree)) {
    if (tree.operator !== 'and') throw new Error(`rules have no ${tree.operator}`)
    return and(...tree.value.map((part) => holds(part, attributes))) ?? sql`true`
  }
  const column = attributes[tree.field]
  if (!column) throw new Error(`${tree.field} is no attribute here`)
  if (typeof column === 'function') return column(tree.operator, tree.value)
  if ('list' in column) return holdsInList(tree, column.list)
  const test = tests[tree.operator]
  if (!test) throw new Error(`rules have no ${tree.operator}`)
  const found = test(column as AnyColumn, tree.value)
  // No index answers what is wrapped.
  if (is(column, Column) && column.notNull) return found
  // What is unknown does not hold, and its opposite does not hold either.
  return sql`coalesce(${found}, false)`
}

const tests: Readonly<Record<string, (column: AnyColumn, value: unknown) => SQL>> = {
  eq,
  ne,
  in: (column, values) => inArray(column, values as unknown[]),
  nin: (column, values) => not(inArray(column, values as unknown[])),
}

/** In words that an index of the lists that are not empty knows. */
function holdsInList(tree: { operator: string; value: unknown }, list: AnyColumn): SQL {
  const overlaps = sql`(${list} && ${sql.param(tree.value)}::text[] and ${list} <> '{}')`
  if (tree.operator === 'in') return overlaps
  if (tree.operator === 'nin') return sql`not ${overlaps}`
  throw new Error(`a list is not asked for ${tree.operator}`)
}
