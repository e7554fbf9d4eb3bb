/** The matrix: which role gives which permission, and which route asks for it. */
import type { ReadCtx } from '../../platform/context.ts'
import type { DeclaredRoute } from '../../platform/http/index.ts'
import { type Rule, rulesThatLet } from '../../platform/rights/index.ts'
import { listRules } from './roles.ts'

/** How a role has a permission: wholly, or as far as a rule says. */
export type Given = { readonly role: string } & Pick<Rule, 'when' | 'fields'>

export type Matrix = {
  readonly roles: readonly string[]
  readonly permissions: readonly {
    readonly name: string
    readonly description: string
    readonly given: readonly Given[]
  }[]
  readonly routes: readonly (DeclaredRoute & { readonly roles: readonly string[] })[]
  /** Rules whose permission no version of this program knows: they give nothing. */
  readonly unknown: readonly { readonly role: string; readonly permission: string }[]
}

/** Everything at once: a product has some hundred routes and some dozen roles. */
export async function matrixOf(
  ctx: ReadCtx,
  permissions: Readonly<Record<string, string>>,
  routes: readonly DeclaredRoute[],
): Promise<Matrix> {
  const roles = await listRules(ctx)
  const nobody = { id: '', teams: [] }
  const givenBy = (permission: string): Given[] =>
    roles.flatMap(({ name, rules }) =>
      rulesThatLet(rules, nobody, permission, null).map(({ when, fields }) => ({
        role: name,
        ...(when ? { when } : {}),
        ...(fields ? { fields } : {}),
      })),
    )
  return {
    roles: roles.map(({ name }) => name),
    permissions: Object.entries(permissions).map(([name, description]) => ({
      name,
      description,
      given: givenBy(name),
    })),
    routes: routes.map((route) => ({
      ...route,
      roles: route.permission === null ? [] : namesOf(givenBy(route.permission)),
    })),
    unknown: roles.flatMap(({ name, rules }) =>
      rules
        .filter(({ permission }) => permission !== '*' && !Object.hasOwn(permissions, permission))
        .map(({ permission }) => ({ role: name, permission })),
    ),
  }
}

const namesOf = (given: readonly Given[]) => [...new Set(given.map(({ role }) => role))]
