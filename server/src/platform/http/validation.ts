/**
 * Validation by the route's schemas. A JSON body means what it says: no type is turned into another, and fields the
 * schema does not name are dropped, at any depth. Query and path are text, so there numbers and booleans are read.
 */
import { Ajv, type Options } from 'ajv'
import addFormats from 'ajv-formats'
import type { FastifySchema, FastifySchemaCompiler } from 'fastify'

/** Errors told to the caller; a form has fewer, a list of thousands helps nobody. */
export const maxErrors = 20

const common: Options = {
  allErrors: true,
  removeAdditional: 'all',
  useDefaults: true,
  strict: true,
  strictTypes: false,
  allowUnionTypes: true,
  keywords: ['example', 'discriminator'],
}

export function createValidatorCompiler(): FastifySchemaCompiler<FastifySchema> {
  const body = withFormats(new Ajv({ ...common, coerceTypes: false }))
  const text = withFormats(new Ajv({ ...common, coerceTypes: true }))
  return ({ schema, httpPart }) => (httpPart === 'body' ? body : text).compile(schema as object)
}

function withFormats(ajv: Ajv): Ajv {
  addFormats.default(ajv, { mode: 'full', formats: ['uuid', 'email', 'date-time', 'uri'] })
  return ajv
}
