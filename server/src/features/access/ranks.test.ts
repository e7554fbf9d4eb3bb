/** Ranks: who stands above whom, by what they may do. */
import { expect, test } from 'vitest'
import { type Rule, rulesFor } from '../../platform/rights/index.ts'
import { builtInRoles } from './built-in-roles.ts'
import { isAbove, mayActOn } from './ranks.ts'

/** What roles give together; one that is not there any more gives nothing. */
const rulesOf = (roles: readonly string[]): readonly Rule[] =>
  Object.entries(builtInRoles)
    .filter(([name]) => roles.includes(name))
    .flatMap(([, { permissions }]) => permissions.map((permission) => ({ permission })))

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
  expect(isAbove(rulesOf(roles), rulesOf(others))).toBe(expected)
})

test('who may do everything acts on everybody, the others from above', () => {
  expect(mayActOn(rulesOf(['super_admin']), rulesOf(['super_admin']))).toBe(true)
  expect(mayActOn(rulesOf(['admin']), rulesOf(['admin']))).toBe(false)
  expect(mayActOn(rulesOf(['admin']), rulesOf(['support']))).toBe(true)
  expect(mayActOn(rulesOf(['member']), rulesOf(['member']))).toBe(false)
})

const mine: Rule = { permission: 'admin.read_users', when: { teams: { $in: '$myTeams' } } }
const others: Rule = { permission: 'admin.read_users', when: { teams: { $nin: '$myTeams' } } }

/** Whether somebody in teams who has a rule, and one permission more, is above somebody in teams who has that rule. */
const isAboveWith = (rule: Rule, own: readonly string[], theirs: readonly string[]) =>
  isAbove(
    rulesFor([rule, { permission: 'admin.sign_out_users' }], { id: 'one', teams: own }),
    rulesFor([rule], { id: 'other', teams: theirs }),
  )

test.each([
  [['north'], ['north'], true, true],
  [['north', 'south'], ['north'], true, false],
  [['north'], ['north', 'south'], false, true],
  [['north'], ['south'], false, false],
  // In no team: of those of my teams nobody, of those of others everybody.
  [['north'], [], true, false],
  [[], ['north'], false, true],
  [[], [], true, true],
])(
  'by the teams of both, %j over %j: of mine %s, of others %s',
  (own, theirs, ofMine, ofOthers) => {
    expect([isAboveWith(mine, own, theirs), isAboveWith(others, own, theirs)]).toEqual([
      ofMine,
      ofOthers,
    ])
  },
)
