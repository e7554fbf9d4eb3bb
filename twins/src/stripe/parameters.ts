/** What parameters an operation takes: each is read strictly, and one that nobody named is refused. */
import { invalid } from './errors.ts'
import type { Form, FormObject } from './form.ts'

export type Parameter<T> = { readonly isRequired: boolean; read(value: Form, name: string): T }
export type Shape = Readonly<Record<string, Parameter<unknown>>>
type Value<P> = P extends Parameter<infer T> ? T : never
type OptionalNames<S extends Shape> = {
  [Name in keyof S]: undefined extends Value<S[Name]> ? Name : never
}[keyof S]
export type Values<S extends Shape> = {
  [Name in Exclude<keyof S, OptionalNames<S>>]: Value<S[Name]>
} & { [Name in OptionalNames<S>]?: Value<S[Name]> }
export type Metadata = Record<string, string>

export const text = optional((value, name) => {
  const plain = scalar(value, name)
  if (plain !== '') return plain
  throw invalid(
    `You passed an empty string for '${name}'. We assume empty values are an attempt to unset a parameter; however '${name}' cannot be unset.`,
    { code: 'parameter_invalid_empty', param: name },
  )
})

export const integer = optional((value, name) => {
  const plain = scalar(value, name)
  const number = Number(plain)
  if (/^-?\d+$/.test(plain) && Number.isSafeInteger(number)) return number
  throw invalid(`Invalid integer: ${plain}`, { code: 'parameter_invalid_integer', param: name })
})

export const flag = optional((value, name) => {
  const plain = scalar(value, name)
  if (plain === 'true' || plain === 'false') return plain === 'true'
  throw invalid(`Invalid boolean: ${plain}`, { param: name })
})

/** At most 50 keys; an empty value takes its key away, an empty string takes all of them. */
export const metadata = optional((value, name): Metadata | '' => {
  if (value === '') return ''
  const result: Metadata = {}
  // Keys that are all numbers look like a list in a form.
  const fields: FormObject = Array.isArray(value)
    ? Object.fromEntries(value.entries())
    : object(value, name)
  for (const [key, each] of Object.entries(fields)) {
    const plain = scalar(each, `${name}[${key}]`)
    if (key.length > 40)
      throw invalid(`Metadata keys can have up to 40 characters: ${key}`, { param: name })
    if (plain.length > 500)
      throw invalid(`Metadata values can have up to 500 characters: ${key}`, {
        param: `${name}[${key}]`,
      })
    result[key] = plain
  }
  if (Object.keys(result).length > 50)
    throw invalid('You can specify up to 50 keys of metadata.', { param: name })
  return result
})

export function oneOf<const Name extends string>(
  ...names: readonly Name[]
): Parameter<Name | undefined> {
  return optional((value, name) => {
    const plain = scalar(value, name)
    const found = names.find((each) => each === plain)
    if (found !== undefined) return found
    throw invalid(`Invalid ${name}: must be one of ${names.join(', ')}`, { param: name })
  })
}

export function listOf<T>(each: Parameter<T>): Parameter<Exclude<T, undefined>[] | undefined> {
  return optional((value, name) => {
    if (!Array.isArray(value)) throw invalid('Invalid array', { param: name })
    return value.map((item, index) => each.read(item, `${name}[${index}]`) as Exclude<T, undefined>)
  })
}

export function shape<S extends Shape>(fields: S): Parameter<Values<S> | undefined> {
  return optional((value, name) => readParameters(object(value, name), fields, name))
}

/** An object whose fields the twin keeps and gives back without looking at them. */
export const anything = optional((value, name): object => plainCopy(object(value, name)))

/** An empty string unsets it: the value is null then. */
export function clearable<T>(parameter: Parameter<T>): Parameter<T | null> {
  return {
    isRequired: parameter.isRequired,
    read: (value, name) => (value === '' ? null : parameter.read(value, name)),
  }
}

export function either<A, B>(isFirst: (value: Form) => boolean, a: Parameter<A>, b: Parameter<B>) {
  return {
    isRequired: false,
    read: (value: Form, name: string): A | B => (isFirst(value) ? a : b).read(value, name),
  }
}

export function required<T>(parameter: Parameter<T>): Parameter<Exclude<T, undefined>> {
  return { isRequired: true, read: (value, name) => parameter.read(value, name) as never }
}

export function readParameters<S extends Shape>(
  form: FormObject,
  fields: S,
  parent = '',
): Values<S> {
  const named = (name: string) => (parent === '' ? name : `${parent}[${name}]`)
  for (const name of Object.keys(form))
    if (!Object.hasOwn(fields, name))
      throw invalid(`Received unknown parameter: ${named(name)}`, {
        code: 'parameter_unknown',
        param: named(name),
      })
  const values: Record<string, unknown> = {}
  for (const [name, parameter] of Object.entries(fields)) {
    const value = form[name]
    if (value !== undefined) values[name] = parameter.read(value, named(name))
    else if (parameter.isRequired)
      throw invalid(`Missing required param: ${named(name)}.`, {
        code: 'parameter_missing',
        param: named(name),
      })
  }
  return values as Values<S>
}

export function mergeMetadata(current: Metadata, change: Metadata | '' | undefined): Metadata {
  if (change === '') return {}
  const merged = { ...current, ...change }
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== ''))
}

function optional<T>(read: (value: Form, name: string) => T): Parameter<T | undefined> {
  return { isRequired: false, read }
}

function scalar(value: Form, name: string): string {
  if (typeof value === 'string') return value
  throw invalid(`Invalid string: ${name} is an object or a list.`, { param: name })
}

function object(value: Form, name: string): FormObject {
  if (typeof value === 'object' && !Array.isArray(value)) return value
  throw invalid('Invalid object', { param: name })
}

function plainCopy(form: FormObject): object {
  return JSON.parse(JSON.stringify(form)) as object
}
