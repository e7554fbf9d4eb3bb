/**
 * The access matrix on paper, `server/access-matrix.json`: for every route who may use it on their own things, who on
 * those of others, and whether anybody may. What follows from the code is written by `npm run drift -- --write`; `others`
 * is written by hand, and all of it is tried over HTTP.
 */
import { builtInRoles } from '../features/access/index.ts'
import type { DeclaredRoute } from '../platform/http/index.ts'

export const matrixFile = 'server/access-matrix.json'
export const roleNames = Object.keys(builtInRoles).toSorted()

/** Names of roles; `all` when it is every one of them. */
type Roles = 'all' | readonly string[]

export type MatrixRow = {
  readonly permission: string | null
  readonly stepUp: boolean
  readonly anonymous: boolean
  readonly own: Roles
  /** Of a route that names a thing: who reaches one that is somebody else's. Null until somebody has said it. */
  readonly others?: Roles | null
}
export type AccessMatrix = Readonly<Record<string, MatrixRow>>

export type AccessChange = {
  readonly kind: 'gives' | 'takes'
  readonly route: string
  readonly what: 'anonymous' | 'own' | 'others'
  readonly who: readonly string[]
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
    return [route, path.includes(':') ? { ...row, others: before[route]?.others ?? null } : row]
  })
  return Object.fromEntries(rows.toSorted(([left], [right]) => (left < right ? -1 : 1)))
}

/** What the second gives that the first did not, and what it takes. */
export function changesBetween(before: AccessMatrix, after: AccessMatrix): AccessChange[] {
  const routes = [...new Set([...Object.keys(before), ...Object.keys(after)])].toSorted()
  return routes.flatMap((route) =>
    (['anonymous', 'own', 'others'] as const).flatMap((what) => {
      const had = peopleOf(before[route], what)
      const has = peopleOf(after[route], what)
      return [
        { kind: 'gives' as const, route, what, who: has.filter((name) => !had.includes(name)) },
        { kind: 'takes' as const, route, what, who: had.filter((name) => !has.includes(name)) },
      ].filter(({ who }) => who.length > 0)
    }),
  )
}

export const namesOf = (roles: Roles) => (roles === 'all' ? roleNames : roles)

function peopleOf(row: MatrixRow | undefined, what: AccessChange['what']): readonly string[] {
  if (!row) return []
  if (what === 'anonymous') return row.anonymous ? ['anybody'] : []
  return namesOf((what === 'own' ? row.own : row.others) ?? [])
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
