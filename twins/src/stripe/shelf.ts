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
  const { look, put } = unobserved(things)
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

  observe(things, {
    touch(id) {
      touched.add(id)
      onTouch()
    },
    // Written in the order in which they came.
    come: (id) => touched.delete(id),
    go: (id) => removed.add(id),
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

type Observer = { touch(id: string): void; come(id: string): void; go(id: string): void }

/** From now on nothing is taken, put or removed unseen. */
function observe<T>(things: Map<string, T>, { touch, come, go }: Observer): void {
  const { look, put, remove } = unobserved(things)
  Object.assign(things, {
    get(id: string) {
      touch(id)
      return look(id)
    },
    set(id: string, thing: T) {
      if (!things.has(id)) come(id)
      touch(id)
      put(id, thing)
      return things
    },
    delete(id: string) {
      if (things.has(id)) go(id)
      touch(id)
      return remove(id)
    },
  })
}

function unobserved<T>(things: Map<string, T>) {
  const { get, set, delete: remove } = Map.prototype
  return {
    look: (id: string) => Reflect.apply(get, things, [id]) as T | undefined,
    put: (id: string, thing: T) => Reflect.apply(set, things, [id, thing]),
    remove: (id: string) => Reflect.apply(remove, things, [id]),
  }
}
