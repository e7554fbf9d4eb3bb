/**
 * Validation by the route's schemas. A JSON body means what it says: no type is turned into another, and fields the
 * schema does not name are dropped, at any depth. Query and path are text, so there numbers and booleans are read. An id
 * is read as the database writes it. A query parameter that the schema does not name is refused: a misspelt filter would
 * otherwise show everything.
 */
import { Ajv, type Options, type ValidateFunction } from 'ajv'
import addFormats from 'ajv-formats'
import { addCanonicalIds, withCanonicalIds } from './canonical-ids.ts'
import type { FastifySchemaValidationError, FastifyValidationResult } from 'fastify/types/schema.js'

/** Errors told to the caller; a form has fewer, a list of thousands helps nobody. */
export const maxErrors = 20
/** A value with more parts or text than a form has is told its first error only: finding all takes its time. */
const maxParts = 500
const maxTextLength = 10_000
/** The patterns of some formats take quadratic time; what they describe is never longer. */
const maxFormatLength = 2_048

const common: Options = {
  removeAdditional: 'all',
  useDefaults: true,
  strict: true,
  strictTypes: false,
  allowUnionTypes: true,
  keywords: ['example', 'discriminator'],
}

export type ValidatorCompilers = {
  readonly ofBody: (schema: object) => FastifyValidationResult
  readonly ofQuery: (schema: object) => FastifyValidationResult
  /** Of what else comes as text: path and headers. */
  readonly ofText: (schema: object) => FastifyValidationResult
}

export function createValidatorCompilers(): ValidatorCompilers {
  const ofClosed = compilerWith({ coerceTypes: true, removeAdditional: false }, listInfinite)
  return {
    ofBody: compilerWith({ coerceTypes: false }, () => []),
    ofQuery: (schema) => ofClosed({ ...schema, additionalProperties: false }),
    ofText: compilerWith({ coerceTypes: true }, listInfinite),
  }
}

/**
 * A good value is looked at once, by a validator that stops at the first error: lengths come before patterns and
 * items. Only a bad value of a form's size is looked at again, for all that is wrong with it.
 */
function compilerWith(
  options: Options,
  listMore: (value: unknown) => FastifySchemaValidationError[],
): (schema: object) => FastifyValidationResult {
  const quick = withFormats(new Ajv({ ...common, ...options, allErrors: false }))
  const thorough = withFormats(new Ajv({ ...common, ...options, allErrors: true }))
  return (given) => {
    const schema = withCanonicalIds(given)
    const isValid = quick.compile(schema)
    // Compiled with the first bad value: few routes ever see one, and a start waits for none of them.
    let listErrors: ValidateFunction | null = null
    const validate = (value: unknown): boolean => {
      if (isValid(value)) {
        validate.errors = listMore(value)
        return validate.errors.length === 0
      }
      validate.errors = errorsOf(isValid)
      if (!isSmall(value)) return false
      listErrors ??= thorough.compile(schema)
      if (!listErrors(value)) validate.errors = errorsOf(listErrors)
      return false
    }
    validate.errors = [] as FastifySchemaValidationError[]
    return validate
  }
}

const errorsOf = ({ errors }: Pick<ValidateFunction, 'errors'>) =>
  (errors ?? []) as FastifySchemaValidationError[]

/**
 * Texts such as `Infinity` and `1e999` are read as numbers that no limit of a schema is applied to: neither `maximum`
 * nor the type itself is checked once ajv has turned a text into a number that is not finite.
 */
function listInfinite(value: unknown): FastifySchemaValidationError[] {
  const errors: FastifySchemaValidationError[] = []
  for (const [name, item] of Object.entries(value ?? {}))
    if (Array.isArray(item) ? item.some(isInfinite) : isInfinite(item))
      errors.push({
        keyword: 'type',
        instancePath: `/${name}`,
        schemaPath: `#/properties/${name}/type`,
        params: { type: 'number' },
        message: 'must be a finite number',
      })
  return errors
}

const isInfinite = (item: unknown) => item === Infinity || item === -Infinity

function withFormats(ajv: Ajv): Ajv {
  addCanonicalIds(ajv)
  addFormats.default(ajv, { mode: 'full', formats: ['uuid', 'email', 'date-time', 'uri'] })
  for (const [name, format] of Object.entries(ajv.formats)) {
    const test = testOf(format)
    ajv.addFormat(name, (value: string) => value.length <= maxFormatLength && test(value))
  }
  return ajv
}

function testOf(format: Ajv['formats'][string]): (value: string) => boolean {
  if (format instanceof RegExp) return (value) => format.test(value)
  if (typeof format === 'function') return (value) => format(value) === true
  const { validate } = format as { validate: RegExp | ((value: string) => boolean) }
  return testOf(validate)
}

/** Whether a value is no larger than a form; stops counting once it is. */
function isSmall(value: unknown): boolean {
  let parts = 0
  let length = 0
  const fits = (item: unknown): boolean => {
    parts += 1
    if (typeof item === 'string') length += item.length
    if (parts > maxParts || length > maxTextLength) return false
    return typeof item !== 'object' || item === null || Object.values(item).every(fits)
  }
  return fits(value)
}
