/** What a change made of a thing, field by field: what the audit log shows as before and after. */
import type { Personal } from './index.ts'

type Fields = Readonly<Record<string, unknown>>

/** Part of a fact's data. `fields` names all that differ, the values of those that are personal lie in its details. */
export type Changes = {
  readonly fields: readonly string[]
  readonly before: Fields
  readonly after: Fields
}

/** Stands for a value that nobody may read, old or new. */
const masked = '***'

/**
 * Compares two states of a thing. Of the fields in `of` (all, when not given) only those that differ are in the result;
 * `personal` ones apart, to be kept where they can be erased, and `secret` ones without their values.
 */
export function changes<T extends object>(
  before: T,
  after: T,
  {
    of = Object.keys(before) as (keyof T & string)[],
    personal = [],
    secret = [],
  }: {
    readonly of?: readonly (keyof T & string)[]
    readonly personal?: readonly (keyof T)[]
    readonly secret?: readonly (keyof T)[]
  } = {},
): { readonly data: Changes; readonly personal: Personal | null } {
  const changed = of.filter((field) => plain(before[field]) !== plain(after[field]))
  const shown = changed.filter((field) => !personal.includes(field))
  const apart = changed.filter((field) => personal.includes(field) && !secret.includes(field))
  const pick = (state: T, fields: readonly (keyof T & string)[]): Fields =>
    Object.fromEntries(
      fields.map((field) => [field, secret.includes(field) ? masked : (state[field] ?? null)]),
    )
  return {
    data: { fields: changed, before: pick(before, shown), after: pick(after, shown) },
    personal:
      apart.length === 0 ? null : { before: pick(before, apart), after: pick(after, apart) },
  }
}

/** As it will be stored. */
const plain = (value: unknown): string => JSON.stringify(value ?? null)
