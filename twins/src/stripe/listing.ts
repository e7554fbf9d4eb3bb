/** Lists as Stripe pages them: newest first, by cursor. */
import { invalid, missing } from './errors.ts'
import { type Values, either, integer, shape, text } from './parameters.ts'

export const pageParameters = { limit: integer, starting_after: text, ending_before: text }

/** A moment, or a range of moments. */
export const moment = either(
  (value) => typeof value === 'string',
  integer,
  shape({ gt: integer, gte: integer, lt: integer, lte: integer }),
)

type Moment = ReturnType<typeof moment.read>
export type Page<T> = { object: 'list'; data: T[]; has_more: boolean; url: string }

export function page<T extends { id: string }>(
  url: string,
  found: Iterable<T>,
  values: Values<typeof pageParameters>,
): Page<T> {
  const { limit = 10, starting_after: after, ending_before: before } = values
  if (limit < 1 || limit > 100)
    throw invalid('Invalid limit: it must be between 1 and 100.', { param: 'limit' })
  if (after !== undefined && before !== undefined)
    throw invalid('You may pass only one of starting_after and ending_before.', {
      code: 'parameters_exclusive',
      param: 'ending_before',
    })
  const all = [...found].toReversed()
  const indexOf = (id: string, param: string) => {
    const index = all.findIndex((each) => each.id === id)
    if (index === -1) throw missing('object', id, param)
    return index
  }
  if (before !== undefined) {
    const end = indexOf(before, 'ending_before')
    const start = Math.max(end - limit, 0)
    return { object: 'list', data: all.slice(start, end), has_more: start > 0, url }
  }
  const start = after === undefined ? 0 : indexOf(after, 'starting_after') + 1
  const data = all.slice(start, start + limit)
  return { object: 'list', data, has_more: all.length > start + limit, url }
}

export function isWithin(wanted: Moment, created: number): boolean {
  if (wanted === undefined) return true
  if (typeof wanted === 'number') return created === wanted
  const { gt = -Infinity, gte = -Infinity, lt = Infinity, lte = Infinity } = wanted
  return created > gt && created >= gte && created < lt && created <= lte
}

/** For lists that belong to an object and come with it. */
export function wholeList<T>(url: string, data: T[]): Page<T> {
  return { object: 'list', data, has_more: false, url }
}
