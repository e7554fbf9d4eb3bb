/**
 * What turns schemas into functions. Compiling is most of what a start does, so schemas that say the same are compiled
 * once, whatever routes they belong to: every GET has its HEAD, and most paths name one id.
 */
import fastJson, { type Schema } from 'fast-json-stringify'
import type { FastifySchema, FastifySchemaCompiler } from 'fastify'
import type { FastifySerializerCompiler } from 'fastify/types/schema.js'
import { createValidatorCompilers } from './validation.ts'

export type Compilers = {
  readonly validator: FastifySchemaCompiler<FastifySchema>
  readonly serializer: FastifySerializerCompiler<FastifySchema>
}

/** Applications of one process may share them: what is compiled knows nothing of where it is used. */
export function createCompilers(): Compilers {
  const { ofBody, ofQuery, ofText } = createValidatorCompilers()
  const validators = {
    body: oncePerText(ofBody),
    querystring: oncePerText(ofQuery),
    text: oncePerText(ofText),
  }
  const serializer = oncePerText((schema) => fastJson(schema as Schema))
  return {
    validator: ({ schema, httpPart }) =>
      validators[httpPart === 'body' || httpPart === 'querystring' ? httpPart : 'text'](schema),
    serializer: ({ schema }) => serializer(schema),
  }
}

function oncePerText<Compiled>(
  compile: (schema: object) => Compiled,
): (schema: object) => Compiled {
  const known = new Map<string, Compiled>()
  return (schema) => {
    const text = JSON.stringify(schema)
    const compiled = known.get(text) ?? compile(schema)
    known.set(text, compiled)
    return compiled
  }
}
