/** Small schema builders that keep the API description clean for generated clients. */
import { Type, type TSchema } from 'typebox'

/** One of a few texts, described as an `enum` (a union of literals would become `anyOf`). */
export const choice = <const T extends readonly string[]>(values: T, description?: string) =>
  Type.Unsafe<T[number]>({
    type: 'string',
    enum: [...values],
    ...(description ? { description } : {}),
  })

export const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()])

/** A point in time, RFC 3339 in UTC. */
export const Time = Type.String({ format: 'date-time' })
