/** A shelf that is written down: what was put on it, taken from it or removed is compared with what was written last. */

/** How things are written that are not only what they are. */
export type Form<T> = {
  /** What is undefined is not kept. */
  write(thing: T): unknown
  /** Asked when everything is on its shelf: it may name what lies elsewhere. */
  read(written: never): T
}

export type Shelf<T> = {
  readonly things: Map<string, T>
  /** What is to be written of it, as texts, since the last time. */
  changes(): string[]
  all(): Iterable<string>
  /** Names of what is other than it was written: somebody has changed it without taking it from here. */
  overlooked(): string[]
  /** Things that name others find them now. */
  wake(): void
}

type Parts<T> = {
  readonly name: string
  /** In written form, until it is woken. */
  readonly written: ReadonlyMap<string, unknown>
  readonly form?: Form<T> | undefined
  /** Something on it may have changed. */
  onTouch(): void
}

export function keptShelf<T>({ name, written, form, onTouch }: Parts<T>): Shelf<T> {
  const things = new Map(written as ReadonlyMap<string, T>)
  const texts = new Map([...written].map(([id, value]) => [id, JSON.stringify(value)]))
  const touched = new Set<string>()
  /** Something else may have their names now, behind all others. */
  const removed = new Set<string>()
  const look = (id: string) => Reflect.apply(Map.prototype.get, things, [id]) as T | undefined
  const put = (id: string, thing: T) => Reflect.apply(Map.prototype.set, things, [id, thing])
  const line = (id: string, text: string) =>
    `[${JSON.stringify(name)},${JSON.stringify(id)},${text}]`

  function textOf(id: string): string | undefined {
    const thing = look(id)
    if (thing === undefined) return undefined
    return JSON.stringify(form ? form.write(thing) : thing)
  }

  function changeOf(id: string): string[] {
    const [before, after] = [texts.get(id), textOf(id)]
    const isNew = removed.has(id)
    if (before === after && !isNew) return []
    if (after === undefined) texts.delete(id)
    else texts.set(id, after)
    return [
      ...(before !== undefined && (isNew || after === undefined) ? [line(id, 'null')] : []),
      ...(after === undefined ? [] : [line(id, after)]),
    ]
  }

  function touch(id: string): void {
    touched.add(id)
    onTouch()
  }

  Object.assign(things, {
    get(id: string) {
      touch(id)
      return look(id)
    },
    set(id: string, thing: T) {
      // Written in the order in which they came.
      if (!things.has(id)) touched.delete(id)
      touch(id)
      put(id, thing)
      return things
    },
    delete(id: string) {
      if (things.has(id)) removed.add(id)
      touch(id)
      return Reflect.apply(Map.prototype.delete, things, [id])
    },
  })
  return {
    things,
    changes() {
      const ids = [...touched]
      touched.clear()
      const changes = ids.flatMap(changeOf)
      removed.clear()
      return changes
    },
    overlooked: () => [...things.keys()].filter((id) => textOf(id) !== texts.get(id)),
    all: () => texts.entries().map(([id, text]) => line(id, text)),
    wake() {
      if (form) for (const [id, value] of things) put(id, form.read(value as never))
    },
  }
}
