/** Lists: `?limit`, `?cursor` (opaque, keyset) and `Link` (RFC 8288). */
import { Type, type TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { uuidPattern } from '../ids.ts'
import { httpErrors } from './errors.ts'

export const defaultLimit = 20
export const maxLimit = 100
/** A cursor holds one row's sort keys; anything longer is not ours. */
const maxCursorLength = 512

/** The query parameters of every list. */
export const pageQuery = {
  limit: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: maxLimit,
      default: defaultLimit,
      description: 'Rows per page.',
    }),
  ),
  cursor: Type.Optional(
    Type.String({
      maxLength: maxCursorLength,
      description: '`meta.nextCursor` of the page before.',
    }),
  ),
}

/** Of a list that says its total in any case, and used to say it to whoever asked: their question still is one. */
export const alwaysCounted = Type.Optional(
  Type.Boolean({ description: 'Changes nothing: the total is always there.', deprecated: true }),
)

/** One page as a query returns it: up to `limit` rows, and where the next page starts. */
export type Page<T> = {
  readonly rows: readonly T[]
  readonly nextCursor: string | null
  readonly total?: number
  /** False when there are more than were counted; not said where counting has no end. */
  readonly isTotalExact?: boolean
}

/** The envelope of every list. */
export const listOf = <T extends TSchema>(item: T) =>
  Type.Object({
    data: Type.Array(item),
    meta: Type.Object({
      nextCursor: Type.Union([Type.String(), Type.Null()]),
      total: Type.Optional(Type.Integer({ minimum: 0 })),
      isTotalExact: Type.Optional(
        Type.Boolean({ description: 'False: there are more than `total`, which nobody counted.' }),
      ),
    }),
  })

/** The envelope of every single answer. */
export const dataOf = <T extends TSchema>(item: T) => Type.Object({ data: item })

/** Makes the cursor of a list whose sort keys have the shape `schema`. */
export function cursorOf<T extends TSchema>(schema: T) {
  const validator = Compile(schema)
  return {
    encode: (keys: unknown) => Buffer.from(JSON.stringify(keys)).toString('base64url'),
    /** Throws `http.invalid_cursor` for anything this list did not hand out. */
    decode: (cursor: string) => {
      try {
        const keys: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
        if (validator.Check(keys)) return keys
      } catch {
        // Falls through: not JSON is as wrong as the wrong JSON.
      }
      throw httpErrors.invalid_cursor()
    },
  }
}

/** For lists in the order of their ids, which tell when a row was made. */
export const idCursor = cursorOf(Type.String({ pattern: uuidPattern }))

/** Cuts the one row more that a list query asks for, and tells where the next page starts. */
export function pageOf<T>(rows: readonly T[], limit: number, cursor: (last: T) => string): Page<T> {
  const last = rows[limit - 1]
  const hasMore = rows.length > limit && last !== undefined
  return { rows: hasMore ? rows.slice(0, limit) : rows, nextCursor: hasMore ? cursor(last) : null }
}

/** Answers a page, with the `Link` of the next one. */
export function presentPage<T, R>(
  request: FastifyRequest,
  reply: FastifyReply,
  page: Page<T>,
  present: (row: T) => R,
): { data: R[]; meta: Omit<Page<T>, 'rows'> } {
  if (page.nextCursor !== null) {
    const [path = '', query = ''] = request.url.split('?', 2)
    const parameters = new URLSearchParams(query)
    parameters.set('cursor', page.nextCursor)
    const next = `<${path}?${parameters.toString()}>; rel="next"`
    // An alias has named its successor there already.
    const other = reply.getHeader('link')
    void reply.header('link', other === undefined ? next : `${String(other)}, ${next}`)
  }
  const { rows, ...meta } = page
  return { data: rows.map(present), meta }
}
