/**
 * Statements of hot paths, built once and named. Building one with Drizzle takes longer than PostgreSQL takes to
 * answer it, and a named statement is parsed once per connection and, when its plan does not depend on the values,
 * planned once (PostgreSQL: PREPARE, Notes).
 */
import { createHash } from 'node:crypto'
import { Column, Param, Placeholder, SQL, Subquery, is, sql } from 'drizzle-orm'
import type { ReadDb, Tx } from './index.ts'

type Values = Readonly<Record<string, unknown>>
type Built<R> = {
  toSQL(): { readonly sql: string }
  prepare(name: string): { execute(values: Values): Promise<R> }
}
/** A prepared statement and a session as Drizzle has them at run time, beyond their types. */
type Prepared<R> = {
  readonly client: unknown
  readonly params: readonly unknown[]
  readonly fields?: readonly Selected[] | undefined
  readonly customResultMapper?: ((rows: readonly Row[]) => unknown) | undefined
  execute(values: Values): Promise<R>
}
type Row = readonly unknown[]
type Decoder = { mapFromDriverValue(value: unknown): unknown }
/** Where a value of a row goes, and what reads it. */
type Selected = { readonly path: readonly string[]; readonly field: unknown }
type Connected = { readonly _: { readonly session: { readonly client: unknown } } }

/**
 * Declares a statement: `statement<{ id: string }>()((db: ReadDb, given) => db.select()….where(eq(x.id, given('id'))))`.
 * Call it with the pool or an open transaction, and the values. A value that is inserted or set passes through its
 * column's mapping; one that is compared or interpolated goes to the driver as it is.
 * @throws what the same statement would throw unprepared
 */
export const statement =
  <V extends Values>() =>
  <D extends ReadDb | Tx, R>(
    build: (db: D, given: <N extends keyof V & string>(name: N) => Placeholder<N>) => Built<R>,
  ): ((db: D, values: V) => Promise<R>) => {
    let prepared: Prepared<R> | null = null
    return (db, values) => {
      prepared ??= prepare(build(db, (name) => sql.placeholder(name)))
      const { client } = (db as object as Connected)._.session
      return variantOf(prepared, { client }).execute(values)
    }
  }

/** A whole number that stands in the text of a statement, for a limit that the planner has to know. */
export function literal(value: number): Placeholder {
  if (!Number.isSafeInteger(value)) throw new Error(`${value} is not a whole number`)
  // Where Drizzle takes a placeholder it takes any SQL; its types know only the former.
  return sql.raw(String(value)) as object as Placeholder
}

/** The name is made of the text, because one name with two texts is an error. */
function prepare<R>(built: Built<R>): Prepared<R> {
  const hash = createHash('sha256').update(built.toSQL().sql).digest('base64url')
  const prepared = built.prepare(`ashlar_${hash.slice(0, 22)}`) as Prepared<R>
  const { fields, customResultMapper = readerOf(fields) } = prepared
  return variantOf(prepared, { params: prepared.params.map(acceptNull), customResultMapper })
}

/** Reads rows as Drizzle does, which looks up the decoder of every value anew. Undefined where a row is no flat object: Drizzle reads those. */
function readerOf(
  fields: readonly Selected[] | undefined,
): Prepared<unknown>['customResultMapper'] {
  if (!fields?.every(({ path, field }) => path.length === 1 && !is(field, Subquery)))
    return undefined
  const columns = fields.map(({ path: [name = ''], field }) => ({
    name,
    decoder: decoderOf(field),
  }))
  return (rows) =>
    rows.map((row) => {
      const read: Record<string, unknown> = {}
      for (let index = 0; index < columns.length; index += 1) {
        const column = columns[index]
        const value = row[index]
        if (column)
          read[column.name] = value === null ? null : column.decoder.mapFromDriverValue(value)
      }
      return read
    })
}

function decoderOf(field: unknown): Decoder {
  if (is(field, Column)) return field
  const { decoder } = (is(field, SQL) ? field : (field as { sql: object }).sql) as {
    decoder: Decoder
  }
  return decoder
}

/** Drizzle hands the value of a placeholder to the column's mapping even when it is null, which no mapping expects. */
function acceptNull(param: unknown): unknown {
  if (!is(param, Param) || !is(param.value, Placeholder)) return param
  const { encoder, value } = param
  return new Param(value, {
    mapToDriverValue: (given) => (given === null ? null : encoder.mapToDriverValue(given)),
  })
}

/** The same statement with another connection, or other parameters. */
const variantOf = <R>(
  prepared: Prepared<R>,
  own: Partial<Pick<Prepared<R>, 'client' | 'params' | 'customResultMapper'>>,
): Prepared<R> => Object.assign(Object.create(prepared) as Prepared<R>, own)
