/** Work that is done later, or when something happens: a name and plain arguments, so that it can be written down. */
import type { Home, World } from './world.ts'

export type Work<Given> = { readonly name: string; run(home: Home, given: Given): void }
/** As it is written down. */
export type Task = { readonly name: string; readonly given: object }
/** Any work, whatever it is given. */
export type KnownWork = { readonly name: string; run(home: Home, given: never): void }

/** What knows of it is its module, which lists it for `known-work.ts`. */
export function work<Given extends object>(
  name: string,
  run: (home: Home, given: Given) => void,
): Work<Given> {
  return { name, run }
}

export function task<Given extends object>({ name }: Work<Given>, given: Given): Task {
  return { name, given }
}

/** Does this at that time. */
export function later<Given extends object>(
  home: Home,
  due: number,
  { name }: Work<Given>,
  given: Given,
): void {
  home.world.clock.at(due, { home: home.accountId, name, given })
}

/** Does it now; `more` is what only the moment knows. */
export function perform(home: Home, { name, given }: Task, more: object = {}): void {
  const known = home.world.works.get(name)
  if (!known) throw new Error(`Nobody knows how to do ${name}.`)
  known.run(home, { ...given, ...more } as never)
}

export function performIn(world: World, { home: id, ...wanted }: Task & { home: string }): void {
  const home = world.homes.get(id)
  if (!home) throw new Error(`${wanted.name} is for ${id}, which does not exist.`)
  perform(home, wanted)
}
