/** What an operation is to this twin: where it is, which parameters it takes, what it answers and does. */
import { invalid } from './errors.ts'
import type { Values, Shape } from './parameters.ts'
import type { Home } from './world.ts'

export type Call<S extends Shape> = {
  /** The account whose data it is: the platform, or the one of the `Stripe-Account` header. */
  readonly home: Home
  readonly now: number
  readonly values: Values<S>
  /** Where this twin is reached, for the pages it names in answers. */
  readonly url: string
  /** A part of the path that was written as `:name`. */
  part(name: string): string
}

type Answered = object | Promise<object>

export type Operation = {
  readonly method: 'GET' | 'POST' | 'DELETE'
  readonly path: string
  readonly parameters: Shape
  /** The kind of object in the answer, which says what `expand` may name; null when nothing. */
  readonly answers: string | null
  readonly isList: boolean
  run(call: Call<Shape>): Answered
}

type Definition<S extends Shape> = {
  parameters?: S
  answers?: string
  isList?: boolean
  run(call: Call<S>): Answered
}

/** `operation('POST /v1/customers', …)`: the types of the parameters reach `run`. */
export function operation<S extends Shape>(name: string, definition: Definition<S>): Operation {
  const [method, path] = name.split(' ')
  if ((method !== 'GET' && method !== 'POST' && method !== 'DELETE') || path === undefined)
    throw new Error(`${name} names no operation.`)
  const { parameters, answers = null, isList = false, run } = definition
  return {
    method,
    path,
    parameters: parameters ?? {},
    answers,
    isList,
    run,
  }
}

/** One of these, and not both. */
export function exactlyOne(values: Readonly<Record<string, unknown>>, ...names: string[]): string {
  const [first, second] = names.filter((name) => values[name] !== undefined)
  if (first === undefined)
    throw invalid(`Missing required param: one of ${names.join(', ')}.`, {
      code: 'parameter_missing',
      param: names[0] ?? '',
    })
  if (second !== undefined)
    throw invalid(`You may only specify one of these parameters: ${names.join(', ')}.`, {
      code: 'parameters_exclusive',
      param: second,
    })
  return first
}
