/** The `traceparent` header, by the examples and rules of W3C Trace Context level 1. */
import { expect, test } from 'vitest'
import { childTraceparent, parseTraceparent } from './trace-context.ts'

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'
const parentId = '00f067aa0ba902b7'
const valid = `00-${traceId}-${parentId}-01`

test('a valid header is read', () => {
  expect(parseTraceparent(valid)).toEqual({ traceId, parentId, flags: 1 })
})

test('a version to come is read like this one', () => {
  expect(parseTraceparent(`cc-${traceId}-${parentId}-00-what-comes`)).toMatchObject({ traceId })
})

test.each([
  ['nothing', undefined],
  ['two headers', [valid, valid]],
  ['two headers in one', `${valid}, ${valid}`],
  ['an empty header', ''],
  ['upper case', valid.toUpperCase()],
  ['a zero trace', `00-${'0'.repeat(32)}-${parentId}-01`],
  ['a zero parent', `00-${traceId}-${'0'.repeat(16)}-01`],
  ['version ff', `ff-${traceId}-${parentId}-01`],
  ['more fields in version 00', `${valid}-x`],
  ['a short trace', `00-${traceId.slice(1)}-${parentId}-01`],
  ['other characters', `00-${traceId.slice(1)}g-${parentId}-01`],
  ['a line end', `${valid}\n`],
])('%s is no parent', (_name, header) => {
  expect(parseTraceparent(header)).toBeNull()
})

test('a child keeps the trace and the sampling decision, under a span of its own', () => {
  const { header, traceId: same } = childTraceparent({ traceId, parentId, flags: 0xff })
  expect(same).toBe(traceId)
  expect(parseTraceparent(header)).toMatchObject({ traceId, flags: 1 })
  expect(header).not.toContain(parentId)
})

test('without a parent each call begins a trace that nobody records', () => {
  const headers = Array.from({ length: 1000 }, () => childTraceparent(null))
  expect(new Set(headers.map((child) => child.traceId)).size).toBe(1000)
  for (const { header, traceId: own } of headers) {
    expect(parseTraceparent(header)).toMatchObject({ traceId: own, flags: 0 })
  }
})
