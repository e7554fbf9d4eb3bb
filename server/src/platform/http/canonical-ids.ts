/**
 * Ids as PostgreSQL writes them. RFC 9562 lets a UUID come in capitals, and RFC 4122 as a URN; to a database it is the same
 * one, and to everything that compares texts (whose account it is, what a fact is about, which cache is emptied) another.
 * So a handler hears one spelling.
 */
import type { Ajv } from 'ajv'

const keyword = 'isCanonicalId'
const urn = 'urn:uuid:'

/** What `withCanonicalIds` asks for. It comes after the format: a text that is no UUID stays what it is. */
export function addCanonicalIds(ajv: Ajv): void {
  ajv.addKeyword({
    keyword,
    type: 'string',
    schemaType: 'boolean',
    modifying: true,
    errors: false,
    validate: (
      _schema: true,
      given: string,
      _parent: unknown,
      at?: { parentData: Record<string | number, unknown>; parentDataProperty: string | number },
    ) => {
      const id = given.toLowerCase()
      if (at) at.parentData[at.parentDataProperty] = id.startsWith(urn) ? id.slice(urn.length) : id
      return true
    },
  })
}

/** The same schema, where every UUID is read as PostgreSQL writes it. */
export function withCanonicalIds<S>(schema: S): S {
  if (Array.isArray(schema)) return schema.map(withCanonicalIds) as S
  if (typeof schema !== 'object' || schema === null) return schema
  const entries = Object.entries(schema).map(([name, part]) => [name, withCanonicalIds(part)])
  const isId = 'format' in schema && schema.format === 'uuid'
  return Object.fromEntries(isId ? [...entries, [keyword, true]] : entries) as S
}
