/** Rights: the rules of one caller, asked as yes or no and as a reach over rows and fields. Evaluated by CASL. */
import { type MongoAbility, createMongoAbility, subject as instance } from '@casl/ability'
import { type Rule, type Who, everyPermission, ruleFor } from './rules.ts'

/** One part of a reach: rows that fulfil `matches`, and which of their fields. */
export type Part = {
  readonly condition: ConditionTree | null
  readonly fields: readonly string[] | null
}

/** How far a permission reaches. `some` is the union of its parts. */
export type Reach =
  | { readonly kind: 'none' }
  | { readonly kind: 'all' }
  | { readonly kind: 'some'; readonly parts: readonly Part[] }

/** A condition as a tree of tests on attributes; `and` is the only junction that our rules can make. */
export type ConditionTree =
  | { readonly operator: 'and' | 'or' | 'not'; readonly value: readonly ConditionTree[] }
  | { readonly operator: string; readonly field: string; readonly value: unknown }

export type Rights = {
  /** True when the permission is had at all, be it for some rows only: then `reach` says which. */
  readonly can: (permission: string) => boolean
  readonly reach: (permission: string) => Reach
}

export const nothing: Rights = { can: () => false, reach: () => ({ kind: 'none' }) }
export const everything: Rights = { can: () => true, reach: () => ({ kind: 'all' }) }

type Ability = MongoAbility<[string, string | Record<string, unknown>]>

/** The rights that rules give to somebody. */
export function rightsOf(rules: readonly Rule[], who: Who): Rights {
  const ability = abilityOf(rules, who)
  const can = (permission: string) => ability.can(...wordsOf(permission))
  return {
    can,
    reach(permission) {
      const parts = ability.rulesFor(...wordsOf(permission)).map((rule): Part => {
        const fields = rule.fields ?? null
        return { condition: (rule.ast as ConditionTree | undefined) ?? null, fields }
      })
      if (parts.length === 0) return { kind: 'none' }
      const isAll = parts.some((part) => part.condition === null && part.fields === null)
      return isAll ? { kind: 'all' } : { kind: 'some', parts }
    },
  }
}

/** The same rights without those that `isKept` drops. */
export function narrowed(rights: Rights, isKept: (permission: string) => boolean): Rights {
  return {
    can: (permission) => isKept(permission) && rights.can(permission),
    reach: (permission) => (isKept(permission) ? rights.reach(permission) : { kind: 'none' }),
  }
}

/** Which of the rules let somebody do this to a thing with these attributes; to any thing when there are none. */
export function rulesThatLet(
  rules: readonly Rule[],
  who: Who,
  permission: string,
  attributes: Readonly<Record<string, unknown>> | null,
): readonly Rule[] {
  return rules.filter((rule) => {
    const ability = abilityOf([rule], who)
    const [verb, room] = wordsOf(permission)
    return ability.can(verb, attributes ? instance(room, { ...attributes }) : room)
  })
}

function abilityOf(rules: readonly Rule[], who: Who): Ability {
  return createMongoAbility<Ability>(
    rules.map((rule) => {
      const { permission, when, fields } = ruleFor(rule, who)
      const [action, subject] = wordsOf(permission)
      return {
        action,
        subject,
        ...(when ? { conditions: when } : {}),
        ...(fields ? { fields: [...fields] } : {}),
      }
    }),
  )
}

/** `users.read_any` in CASL's words: to `read_any` among `users`. `*` is its `manage` of `all`. */
function wordsOf(permission: string): [string, string] {
  if (permission === everyPermission) return ['manage', 'all']
  const dot = permission.indexOf('.')
  return [permission.slice(dot + 1), permission.slice(0, dot)]
}
