/** What the address says is what the screen reads, and the other way round. */
import { expect, test } from 'vitest'
import fc from 'fast-check'
import { parseSearch, stringifySearch } from './address.ts'

test('any text survives the way through the address', () => {
  const search = fc.dictionary(
    fc.string({ minLength: 1 }).filter((name) => name !== '__proto__'),
    fc.string({ minLength: 1, unit: 'grapheme' }),
  )
  fc.assert(
    fc.property(search, (given) => {
      expect({ ...parseSearch(stringifySearch(given)) }).toEqual({ ...given })
    }),
  )
})

test('numbers and booleans stay the text that somebody typed', () => {
  expect(parseSearch('?search=123&verified=true')).toEqual({ search: '123', verified: 'true' })
})

test('nothing set is nothing in the address', () => {
  expect(stringifySearch({ search: '', cursor: undefined })).toBe('')
})
