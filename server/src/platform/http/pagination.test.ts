import fc from 'fast-check'
import { Type } from 'typebox'
import { expect, test } from 'vitest'
import { startServer } from '../../app/testing.ts'
import { cursorOf, pageOf } from './pagination.ts'

const server = await startServer()
const admin = await server.as('admin')
for (let index = 0; index < 12; index += 1) await server.as('member')
const list = (query: string) => admin.get(`/api/v1/users${query}`)
const idsOf = (reply: { body: { data: { id: string }[] } }) => reply.body.data.map(({ id }) => id)

/** Follows the Link header from page to page. */
async function walk(query: string, between: () => Promise<unknown> = async () => {}) {
  const pages: string[][] = []
  let url: string | null = `/api/v1/users${query}`
  while (url !== null) {
    const reply = await admin.get(url)
    expect(reply.status).toBe(200)
    pages.push(idsOf(reply))
    const link = reply.headers['link']
    const next = link === undefined ? null : /^<([^>]+)>; rel="next"$/.exec(String(link))
    expect(next === null).toBe(reply.body.meta.nextCursor === null)
    url = next?.[1] ?? null
    await between()
  }
  return pages
}

test.each([
  '0',
  '-1',
  '101',
  '1e9',
  'NaN',
  'Infinity',
  '1.5',
  '',
  'x',
  '9'.repeat(400),
  'null',
  'true',
])('limit=%s is refused', async (limit) => {
  const reply = await list(`?limit=${limit}`)
  expect(reply).toMatchObject({ status: 422, body: { code: 'http.invalid_request' } })
  expect(reply.body.errors[0].pointer).toBe('/querystring/limit')
})

test('a page has 20 rows unless asked otherwise, and never more than 100', async () => {
  expect(idsOf(await list('')).length).toBe(13)
  expect(idsOf(await list('?limit=1')).length).toBe(1)
  expect(idsOf(await list('?limit=100')).length).toBe(13)
  expect((await list('?limit=100')).body.meta).toEqual({ nextCursor: null })
  expect((await list('?limit=1&total=true')).body.meta.total).toBe(13)
})

test('walking by Link meets every row once, newest first, whatever the size of a page', async () => {
  const all = idsOf(await list('?limit=100'))
  for (const limit of [1, 4, 5, 12, 13, 14]) {
    const pages = await walk(`?limit=${limit}`)
    expect(pages.flat()).toEqual(all)
    expect(pages.slice(0, -1).every((page) => page.length === limit)).toBe(true)
  }
})

test('the next page keeps the filter of the first', async () => {
  const reply = await list('?limit=1&total=true')
  expect(String(reply.headers['link'])).toMatch(/[?&]total=true/)
  expect(String(reply.headers['link'])).toMatch(/[?&]limit=1/)
})

test('rows that are added while somebody walks move nothing', async () => {
  const all = idsOf(await list('?limit=100'))
  const pages = await walk('?limit=4', () => server.as('member'))
  expect(pages.flat()).toEqual(all)
})

test('a cursor that this list did not hand out is refused, and never a failure of ours', async () => {
  const { nextCursor } = (await list('?limit=1')).body.meta
  const [at, id]: [string, string] = JSON.parse(Buffer.from(nextCursor, 'base64url').toString())
  const made = (keys: unknown) => Buffer.from(JSON.stringify(keys)).toString('base64url')
  const before = server.failures.length
  for (const cursor of [
    '',
    'x',
    '....',
    nextCursor.slice(0, -3),
    made([]),
    made([at]),
    made([at, id, id]),
    made([id, at]),
    made(['yesterday', 'x']),
    made(['not a time', id]),
    made([at, 'not an id']),
    made(['9'.repeat(40), id]),
    made(['0000-00-00', id]),
    made(['2026-02-30 00:00:00+00', id]),
    made([null, id]),
    made([1, 2]),
    made({ 0: at, 1: id }),
    made(`${at}${id}`),
    made([at, `${id}'--`]),
    made([at, `') or 1=1 --`]),
    made([`${at}\u0000`, id]),
    'a'.repeat(513),
  ]) {
    const reply = await list(`?limit=1&cursor=${encodeURIComponent(cursor)}`)
    expect(
      [reply.status, /^http\.invalid_(?:cursor|request)$/.test(reply.body.code)],
      cursor,
    ).toEqual([422, true])
  }
  expect(server.failures.length).toBe(before)
  expect((await list(`?limit=1&cursor=${nextCursor}`)).status).toBe(200)
})

test('no cursor whatever makes the server fail', async () => {
  const keys = fc.oneof(
    fc.tuple(
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.string({ unit: 'binary', maxLength: 36 }),
    ),
    fc.tuple(fc.date({ noInvalidDate: true }).map(String), fc.uuid()),
    fc.tuple(
      fc.constantFrom(
        'infinity',
        '-infinity',
        'epoch',
        'now',
        'allballs',
        '294277-01-01',
        '4714-01-01 BC',
      ),
      fc.uuid(),
    ),
    fc.json(),
  )
  await fc.assert(
    fc.asyncProperty(keys, async (value) => {
      const cursor = Buffer.from(JSON.stringify(value)).toString('base64url')
      expect([200, 422]).toContain((await list(`?cursor=${cursor}`)).status)
    }),
    { numRuns: 100 },
  )
  expect(server.failures).toEqual([])
})

test('a cursor reads back as what it was made of, and as nothing else', () => {
  const cursor = cursorOf(Type.Tuple([Type.String(), Type.Integer()]))
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.integer(), (text, number) => {
      const made = cursor.encode([text, number])
      expect(made).toMatch(/^[\w-]*$/)
      expect(cursor.decode(made)).toEqual([text, number])
    }),
  )
  expect(() => cursor.decode(cursor.encode(['a', 1.5]))).toThrow('not one of ours')
})

test('there is a next page only when there is a next row', () => {
  const cut = (count: number, limit: number) => {
    const page = pageOf(
      Array.from({ length: count }, (_, index) => index),
      limit,
      String,
    )
    return [page.rows.length, page.nextCursor]
  }
  expect(cut(0, 2)).toEqual([0, null])
  expect(cut(2, 2)).toEqual([2, null])
  expect(cut(3, 2)).toEqual([2, '1'])
})
