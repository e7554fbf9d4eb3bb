/** What a list gives to take away. */
import { expect, test } from 'vitest'
import { csvOf } from './csv.ts'

type Row = { readonly name?: unknown; readonly roles?: readonly string[] }

const columns = [
  { id: 'name', title: 'Name' },
  {
    id: 'roles',
    title: 'Roles',
    text: ({ roles }: Row) => (roles ?? []).join(' '),
  },
]

test('a row is a line, with what the columns say of it', () => {
  expect(csvOf([{ name: 'Ada', roles: ['admin', 'editor'] }], columns)).toBe(
    'Name,Roles\r\nAda,admin editor\r\n',
  )
})

test('commas, quotes and new lines stay within their cell', () => {
  expect(csvOf([{ name: 'Ada, "the first"\nof them' }], columns)).toBe(
    'Name,Roles\r\n"Ada, ""the first""\nof them",\r\n',
  )
})

test.each(['=1+1', '+49 30', '-1', '@here', '\tx'])(
  '%j is text and no formula to a spreadsheet',
  (name) => {
    expect(csvOf([{ name }], columns)).toContain(`'${name}`)
  },
)

test('what is not there is empty, and a structure is JSON', () => {
  const [, line] = csvOf([{ name: null }, { name: { first: 'Ada' } }], columns).split('\r\n')
  expect(line).toBe(',')
  expect(csvOf([{ name: { first: 'Ada' } }], columns)).toContain('"{""first"":""Ada""}",')
})
