/**
 * Rules as roles store them: a permission and, where the permission allows that, the rows and the fields it is for.
 * A rule only ever adds; what no rule gives is refused.
 */
import { isUuid } from '../ids.ts'
import { isDeepStrictEqual } from 'node:util'

/** The permission that is all of them, those of later versions included. */
export const everyPermission = '*'

/** Stands in a condition for the id of whoever asks. */
export const me = '$me'
/** Stands in a condition for the teams of whoever asks. */
export const myTeams = '$myTeams'

export type Scalar = string | boolean
export const operators = ['$eq', '$ne', '$in', '$nin'] as const
export type Operator = (typeof operators)[number]
export type Test = { readonly [O in Operator]?: Scalar | readonly Scalar[] }
/** Attributes of a row that must all hold: `{ status: 'active', teams: { $in: '$myTeams' } }`. */
export type Condition = { readonly [attribute: string]: Scalar | Test }

/** Whoever asks, as far as conditions may speak of them. */
export type Who = { readonly id: string; readonly teams: readonly string[] }

export type Rule = {
  readonly permission: string
  /** Which rows; all of them when it is missing. */
  readonly when?: Condition
  /** Which fields may be read; all of them when it is missing. */
  readonly fields?: readonly string[]
}

/** What rules of one permission may say beyond its name: only attributes and fields that its readers honour. */
export type RuleShape = {
  /** The kind of thing that conditions are about, as in `users:ID`. */
  readonly of: string
  readonly attributes: { readonly [attribute: string]: AttributeKind }
  readonly fields: readonly string[]
}
export type AttributeKind = 'uuid' | 'text' | 'boolean' | 'texts'

/** Why a rule cannot be stored, in words, with the place in it; null for a good one. */
export function faultOf(
  rule: Rule,
  permissions: ReadonlySet<string>,
  shapes: Readonly<Record<string, RuleShape>>,
): { readonly pointer: string; readonly message: string } | null {
  const { permission, when = {}, fields = [] } = rule
  if (permission !== everyPermission && !permissions.has(permission))
    return { pointer: '/permission', message: `there is no permission ${permission}` }
  const shape = ownOf(shapes, permission)
  if (!shape) {
    if (rule.when === undefined && rule.fields === undefined) return null
    const message = `${permission} is given whole: it knows no conditions and no fields`
    return { pointer: rule.when ? '/when' : '/fields', message }
  }
  const unknown = fields.find((field) => !shape.fields.includes(field))
  if (unknown !== undefined)
    return { pointer: '/fields', message: `${permission} has no field ${unknown}` }
  for (const [attribute, wanted] of Object.entries(when)) {
    const kind = ownOf(shape.attributes, attribute)
    const pointer = `/when/${attribute}`
    if (!kind) return { pointer, message: `${permission} has no attribute ${attribute}` }
    const message = faultOfTest(kind, testOf(wanted))
    if (message !== null) return { pointer, message }
  }
  return null
}

/**
 * Whether everything that `wanted` gives is given by one of these rules too. Rules of two people are compared by what
 * they mean for each: `rulesFor` them, first.
 */
export function covers(held: readonly Rule[], wanted: Rule): boolean {
  return held.some(
    ({ permission, when, fields }) =>
      (permission === everyPermission || permission === wanted.permission) &&
      (when === undefined || implies(wanted.when, when)) &&
      (fields === undefined ||
        (wanted.fields !== undefined && wanted.fields.every((field) => fields.includes(field)))),
  )
}

/** The same rules with the words for whoever asks replaced by who that is. */
export const rulesFor = (rules: readonly Rule[], who: Who): readonly Rule[] =>
  rules.map((rule) => ruleFor(rule, who))

/** The same rule with the words for whoever asks replaced by who that is. */
export function ruleFor(rule: Rule, who: Who): Rule {
  if (rule.when === undefined) return rule
  const valueOf = (value: Scalar | readonly Scalar[]) => {
    if (value === me) return who.id
    return value === myTeams ? who.teams : value
  }
  const when = Object.fromEntries(
    Object.entries(rule.when).map(([attribute, wanted]) => {
      const tests = Object.entries(testOf(wanted)).map(([operator, value]) => [
        operator,
        valueOf(value),
      ])
      return [attribute, Object.fromEntries(tests) as Test]
    }),
  )
  return { ...rule, when }
}

/** Not what every object has. */
const ownOf = <T>(named: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(named, name) ? named[name] : undefined

const testOf = (wanted: Scalar | Test): Test =>
  typeof wanted === 'object' ? wanted : { $eq: wanted }

const isOf: Readonly<Record<AttributeKind, (value: Scalar) => boolean>> = {
  uuid: (value) => value === me || (typeof value === 'string' && isUuid(value)),
  text: (value) => typeof value === 'string' && value !== me && value !== myTeams,
  boolean: (value) => typeof value === 'boolean',
  texts: (value) => typeof value === 'string' && value !== me,
}

/** Several values are for `$in` and `$nin`, and a list of texts is only asked for what is in it. */
function faultOfTest(kind: AttributeKind, test: Test): string | null {
  const asked = Object.entries(test)
  if (asked.length === 0) return 'asks for nothing'
  for (const [name, value] of asked) {
    const isSet = name === '$in' || name === '$nin'
    if (kind === 'texts' && !isSet) return 'is a list: use $in or $nin'
    if (kind === 'boolean' && name !== '$eq' && name !== '$ne') return 'is yes or no: use $eq'
    if (isSet !== (Array.isArray(value) || value === myTeams))
      return `${name} does not fit its value`
    if (value === myTeams && kind !== 'texts') return `is not compared with ${myTeams}`
    const values = Array.isArray(value) ? (value as readonly Scalar[]) : [value as Scalar]
    if (value !== myTeams && !values.every(isOf[kind])) return `wants values of the kind ${kind}`
  }
  return null
}

/** Whether rows that fulfil the one fulfil the other, as far as that can be told from the conditions. */
function implies(narrow: Condition | undefined, wide: Condition): boolean {
  if (narrow === undefined) return false
  return Object.entries(wide).every(([attribute, wanted]) => {
    const own = Object.entries(testOf(narrow[attribute] ?? {}))
    return Object.entries(testOf(wanted)).every((test) =>
      own.some((each) => isDeepStrictEqual(each, test) || isNarrower(each, test)),
    )
  })
}

type OneTest = readonly [string, Scalar | readonly Scalar[]]

function isNarrower([own, given]: OneTest, [operator, wanted]: OneTest): boolean {
  // A word that nobody has replaced is no list of values.
  if (!Array.isArray(wanted)) return false
  if (own === '$eq') return operator === '$in' && wanted.includes(given)
  if (own !== operator || !Array.isArray(given)) return false
  if (operator === '$in') return given.every((value) => wanted.includes(value))
  return operator === '$nin' && wanted.every((value) => given.includes(value))
}
