/** What one setting is: its kind, default, documentation and rules. The kinds are in kinds.ts. */
import type { Complaint } from './problem.ts'

export const modes = ['development', 'test', 'production'] as const
export type Mode = (typeof modes)[number]

export type Value = string | number | boolean | readonly string[]

export type Kind =
  | 'text'
  | 'integer'
  | 'boolean'
  | 'duration'
  | 'url'
  | 'list'
  | 'secret'
  | 'choice'

export type Parsed<V> = { readonly value: V } | { readonly complaint: Complaint }

/** Reads a setting declared earlier; undefined when it is unset or could not be read. */
export type Lookup = (name: string) => Value | undefined

/** A default is a value, one value per mode, or something worked out from settings declared earlier. */
export type Default<V extends Value> =
  | V
  | { readonly byMode: Readonly<Record<Mode, V>> }
  | { readonly says: string; from(lookup: Lookup): V }

export type ProductionRule<V extends Value> = {
  /** One short sentence for the reference page. */
  readonly note: string
  readonly isRequired?: boolean
  complaint?(value: V): Complaint | undefined
}

/** `D` says whether there is a default; without one the config's value may be undefined. */
export type Setting<V extends Value = Value, D extends boolean = boolean> = {
  readonly kind: Kind
  readonly doc: string
  readonly hasDefault: D
  readonly default: Default<V> | undefined
  readonly aliases: readonly string[]
  readonly isSecret: boolean
  readonly example: string | undefined
  /** The allowed values in words: "1 to 64", "one of local, s3". */
  readonly allowed: string | undefined
  readonly production: ProductionRule<V> | undefined
  parse(text: string): Parsed<V>
}

/** What every kind of setting can declare. */
export type Declaration<V extends Value> = {
  /** One sentence on what the setting does. */
  readonly doc: string
  readonly default?: Default<V>
  readonly aliases?: readonly string[]
  readonly isSecret?: boolean
  readonly example?: string
  readonly production?: ProductionRule<V>
}

export type HasDefault<D> = D extends { readonly default: unknown } ? true : false

/** Which of the forms of a default a setting has. */
export type DefaultForm =
  | { readonly form: 'none' }
  | { readonly form: 'value'; readonly value: Value }
  | { readonly form: 'byMode'; readonly byMode: Readonly<Record<Mode, Value>> }
  | { readonly form: 'derived'; readonly says: string; from(lookup: Lookup): Value }

export function defaultForm({ default: given }: Setting): DefaultForm {
  if (given === undefined) return { form: 'none' }
  if (typeof given !== 'object' || isList(given)) return { form: 'value', value: given }
  return 'byMode' in given ? { form: 'byMode', ...given } : { form: 'derived', ...given }
}

/** The default that holds in a mode, worked out from settings declared earlier where it has to be. */
export function resolveDefault(setting: Setting, mode: Mode, lookup: Lookup): Value | undefined {
  const given = defaultForm(setting)
  if (given.form === 'none') return undefined
  if (given.form === 'value') return given.value
  return given.form === 'byMode' ? given.byMode[mode] : given.from(lookup)
}

function isList(value: object): value is readonly string[] {
  return Array.isArray(value)
}
