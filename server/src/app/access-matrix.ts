/**
 * The access matrix on paper, `server/access-matrix.json`: for every route who may use it on their own things, who on
 * those of others, and whether anybody may. What follows from the code is written by `npm run drift -- --write`; `others`
 * and `ofRank` are written by hand, and all of it is tried over HTTP. Beside it, `server/access-roles.json`: what each
 * built-in role gives, also what no route asks for by name.
 */
import { builtInRoles } from '../features/access/index.ts'
import type { DeclaredRoute } from '../platform/http/index.ts'

export const matrixFile = 'server/access-matrix.json'
export const rolesFile = 'server/access-roles.json'
export const roleNames = Object.keys(builtInRoles).toSorted()

/** Whose things are tried beside those of a member: on somebody above oneself, and on one's equals, nobody acts. */
export const ranks = ['admin', 'super_admin'] as const
type Rank = (typeof ranks)[number]

/** Names of roles; `all` when it is every one of them. */
type Roles = 'all' | readonly string[]

export type MatrixRow = {
  readonly permission: string | null
  readonly stepUp: boolean
  readonly anonymous: boolean
  readonly own: Roles
  /** Of a route that names a thing: who reaches one that is somebody else's. Null until somebody has said it. */
  readonly others?: Roles | null
  /** The same for a thing of somebody in this role, where that is another answer. */
  readonly ofRank?: { readonly [rank in Rank]?: Roles }
}
export type AccessMatrix = Readonly<Record<string, MatrixRow>>

/** Whose things: anybody's who is not signed in, one's own, those of others, and of others in a role. */
type What = 'anonymous' | 'own' | 'others' | Rank

export type AccessChange = {
  readonly kind: 'gives' | 'takes'
  readonly route: string
  readonly what: What
  readonly who: readonly string[]
}

/** What each built-in role gives. */
export type RoleRights = Readonly<Record<string, readonly string[]>>

export type RoleChange = {
  readonly kind: 'gives' | 'takes'
  readonly role: string
  readonly permissions: readonly string[]
}

export const parseRoles = (text: string) => JSON.parse(text) as RoleRights

export function rolesOfCode(): RoleRights {
  const rights = Object.entries(builtInRoles).map(([name, { permissions }]) => [
    name,
    [...permissions].toSorted(),
  ])
  return Object.fromEntries(rights.toSorted(([left = ''], [right = '']) => (left < right ? -1 : 1)))
}

export const parseMatrix = (text: string) => JSON.parse(text) as AccessMatrix

/** The matrix of these routes, with what somebody has said of others' things before. */
export function matrixOfCode(routes: readonly DeclaredRoute[], before: AccessMatrix): AccessMatrix {
  const rows = routes.map(({ method, path, permission, isPublic, stepUp }): [string, MatrixRow] => {
    const route = `${method} ${path}`
    const row = {
      permission,
      stepUp,
      anonymous: isPublic,
      own: rolesWith(permission),
    }
    const { others = path.includes(':') ? null : undefined, ofRank } = before[route] ?? {}
    const said = { ...(others === undefined ? {} : { others }), ...(ofRank ? { ofRank } : {}) }
    return [route, { ...row, ...said }]
  })
  return Object.fromEntries(rows.toSorted(([left], [right]) => (left < right ? -1 : 1)))
}

/** What the second gives that the first did not, and what it takes. */
export function changesBetween(before: AccessMatrix, after: AccessMatrix): AccessChange[] {
  const routes = [...new Set([...Object.keys(before), ...Object.keys(after)])].toSorted()
  return routes.flatMap((route) =>
    whatDiffers(before[route], after[route]).flatMap((what) => {
      const had = peopleOf(before[route], what)
      const has = peopleOf(after[route], what)
      return [
        { kind: 'gives' as const, route, what, who: has.filter((name) => !had.includes(name)) },
        { kind: 'takes' as const, route, what, who: had.filter((name) => !has.includes(name)) },
      ].filter(({ who }) => who.length > 0)
    }),
  )
}

/** What roles give by the second that they did not by the first, and what they give no more. */
export function roleChangesBetween(before: RoleRights, after: RoleRights): RoleChange[] {
  const roles = [...new Set([...Object.keys(before), ...Object.keys(after)])].toSorted()
  return roles.flatMap((role) => {
    const had = before[role] ?? []
    const has = after[role] ?? []
    return [
      { kind: 'gives' as const, role, permissions: has.filter((name) => !had.includes(name)) },
      { kind: 'takes' as const, role, permissions: had.filter((name) => !has.includes(name)) },
    ].filter(({ permissions }) => permissions.length > 0)
  })
}

export const namesOf = (roles: Roles) => (roles === 'all' ? roleNames : roles)

/** Who reaches a thing of somebody in this role. */
export const reaching = ({ others, ofRank }: MatrixRow, rank: Rank): readonly string[] =>
  namesOf(ofRank?.[rank] ?? others ?? [])

/** Where no rank is named, it would only say again what is said of others. */
function whatDiffers(before: MatrixRow | undefined, after: MatrixRow | undefined): What[] {
  const named = ranks.filter((rank) => before?.ofRank?.[rank] ?? after?.ofRank?.[rank])
  return ['anonymous', 'own', 'others', ...named]
}

function peopleOf(row: MatrixRow | undefined, what: What): readonly string[] {
  if (!row) return []
  if (what === 'anonymous') return row.anonymous ? ['anybody'] : []
  if (what === 'own' || what === 'others') return namesOf(row[what] ?? [])
  return reaching(row, what)
}

function rolesWith(permission: string | null): Roles {
  const having = Object.entries(builtInRoles)
    .filter(([, { permissions }]) => {
      const given: readonly string[] = permissions
      return permission === null || given.includes('*') || given.includes(permission)
    })
    .map(([name]) => name)
    .toSorted()
  return having.length === roleNames.length ? 'all' : having
}
