/** What the twin remembers: shelves, in memory alone, or written down in a file after everything that changed something. */
import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { type Journal, type OpenJournal, openJournal, whatToDo } from './journal.ts'
import { type Form, type Shelf, keptShelf } from './shelf.ts'

export type Memory = {
  /** What to do when something of what was written cannot be read. */
  readonly advice: string
  /** A shelf, with what was on it. Who changes a thing has put it there or taken it from there by its name, just now. */
  shelf<T>(name: string, form?: Form<T>): Map<string, T>
  /** All shelves are there: things that name others find them now. */
  wake(): void
  /** Writes down what changed since the last time, as one entry. */
  commit(): void
  /** Names of what was changed and not written: always none, which tests see to. */
  overlooked(): string[]
  close(): void
}

type Change = readonly [shelf: string, id: string, value: unknown]
type Written = Map<string, Map<string, unknown>>
type AnyShelf = Omit<Shelf<unknown>, 'things'>

const format = 'ashlar stripe twin 1'
/** The file may grow to twice its size and so much more before it is written anew. */
const growthBytes = 8 * 1024 * 1024

/** As fast as a `Map`, and gone with the process. */
export function createMemory(): Memory {
  return {
    advice: '',
    shelf: () => new Map(),
    wake() {},
    commit() {},
    overlooked: () => [],
    close() {},
  }
}

/** Objects are those of one version of Stripe's API. Throws when the file is not one of this twin, or broken. */
export function openMemory(file: string, apiVersion: string): Memory {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 })
  return memoryOn(openJournal(file, { format, apiVersion }), whatToDo(file))
}

export function memoryOn({ journal, entries }: OpenJournal, advice = ''): Memory {
  const written = replay(entries as Change[][])
  const shelves: AnyShelf[] = []
  const touched = new Set<AnyShelf>()
  /** What is to be written with the next entry, or again when the disk was full. */
  const waiting: string[] = []
  const compactor = compactorOf(journal, shelves)
  let isOpen = true

  return {
    advice,
    shelf<T>(name: string, form?: Form<T>) {
      const shelf: Shelf<T> = keptShelf<T>({
        name,
        form,
        written: written.get(name) ?? new Map(),
        onTouch: () => touched.add(shelf),
      })
      written.delete(name)
      shelves.push(shelf)
      return shelf.things
    },
    wake() {
      const [unknown] = written.keys()
      if (unknown !== undefined) throw new Error(`This twin has no shelf for ${unknown}. ${advice}`)
      for (const shelf of shelves) shelf.wake()
      compactor.rewrite()
    },
    commit() {
      if (!isOpen || touched.size + waiting.length === 0) return
      // What names others takes them from their shelves, which may be changed by that.
      for (const shelf of touched) {
        touched.delete(shelf)
        waiting.push(...shelf.changes())
      }
      if (waiting.length > 0) journal.append(`[${waiting.join(',')}]`)
      waiting.length = 0
      compactor.rewriteWhenLarge()
    },
    overlooked: () => shelves.flatMap((shelf) => shelf.overlooked()),
    close() {
      isOpen = false
      journal.close()
    },
  }
}

/** Keeps the file no larger than it has to be. */
function compactorOf(journal: Journal, shelves: readonly AnyShelf[]) {
  let limitBytes = 0
  function rewrite(): void {
    const changes = shelves.values().flatMap((shelf) => shelf.all())
    journal.replace(changes.map((change) => `[${change}]`))
    limitBytes = 2 * journal.size() + growthBytes
  }
  return {
    rewrite,
    rewriteWhenLarge() {
      if (journal.size() <= limitBytes) return
      try {
        rewrite()
      } catch {
        // Without room for a second file the first one goes on, until it has grown again.
        limitBytes = journal.size() + growthBytes
      }
    },
  }
}

function replay(entries: readonly Change[][]): Written {
  const written: Written = new Map()
  for (const [name, id, value] of entries.flat()) {
    const things = written.get(name) ?? new Map<string, unknown>()
    written.set(name, things)
    if (value === null) things.delete(id)
    else things.set(id, value)
  }
  return written
}
