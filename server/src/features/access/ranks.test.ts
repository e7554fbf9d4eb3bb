/** Ranks: who stands above whom, by what they may do. */
import { expect, test } from 'vitest'
import { isAbove, mayActOn } from './ranks.ts'

test.each([
  [['super_admin'], ['admin'], true],
  [['super_admin'], ['super_admin'], false],
  [['super_admin'], ['super_admin', 'member'], false],
  [['admin'], ['support', 'editor'], true],
  [['admin'], ['member'], true],
  [['admin'], ['admin'], false],
  [['admin'], ['member', 'admin'], false],
  [['admin'], ['super_admin'], false],
  [['support'], ['member'], true],
  [['support'], ['admin'], false],
  [['member'], ['editor'], false],
  [['member'], [], true],
  [[], [], false],
  // A role that is not there any more permits nothing.
  [['support'], ['a_former_role'], true],
  [['a_former_role'], ['member'], false],
])('%j above %j: %s', (roles, others, expected) => {
  expect(isAbove(roles, others)).toBe(expected)
})

test('who may do everything acts on everybody, the others from above', () => {
  expect(mayActOn(['super_admin'], ['super_admin'])).toBe(true)
  expect(mayActOn(['admin'], ['admin'])).toBe(false)
  expect(mayActOn(['admin'], ['support'])).toBe(true)
  expect(mayActOn(['member'], ['member'])).toBe(false)
})
