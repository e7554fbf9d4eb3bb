/** Rules of a role as this screen keeps them: permissions given whole, and those with conditions. */
import type * as access from '@ashlar/sdk/access'

export type Role = Awaited<ReturnType<typeof access.getRole>>
export type Rule = Role['rules'][number]
export type Permission = Awaited<ReturnType<typeof access.listPermissions>>[number]
export type Matrix = Awaited<ReturnType<typeof access.getMatrix>>

export const isWhole = ({ when, fields }: Rule): boolean =>
  when === undefined && fields === undefined
export const roomOf = (permission: string): string => permission.split('.')[0] ?? permission

export function groupByRoom<Thing extends { readonly name: string }>(
  things: readonly Thing[],
): readonly (readonly [room: string, things: readonly Thing[]])[] {
  const rooms = [...new Set(things.map(({ name }) => roomOf(name)))].toSorted()
  return rooms.map((room) => [room, things.filter(({ name }) => roomOf(name) === room)] as const)
}

export function matches(
  { name, description }: Pick<Permission, 'name' | 'description'>,
  search: string,
): boolean {
  const wanted = search.trim().toLowerCase()
  return name.toLowerCase().includes(wanted) || description.toLowerCase().includes(wanted)
}

/** Null when the text is no list of rules; the server looks at what they say. */
export function parseRules(text: string): Rule[] | null {
  if (text.trim() === '') return []
  try {
    const parsed: unknown = JSON.parse(text)
    return Array.isArray(parsed) ? parsed : null
  } catch {
    return null
  }
}
