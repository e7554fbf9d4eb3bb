/**
 * What the product knows of a person, room by room: handed out when they ask for it, forgotten when they are erased.
 * Each room that keeps something of users says how (`personalData`); app/rooms.ts puts them together.
 */
import type { Ctx, ReadCtx } from './context.ts'

/** Whose data it is. */
export type Person = {
  readonly id: string
  /** The address of the account. */
  readonly email: string
  /** Addresses it had or was to have, as far as no other account has them: to be forgotten, never to be handed out. */
  readonly formerEmails: readonly string[]
}

/** One file of an export: what it is called, and its rows as they come. None carries a secret or somebody else's data. */
export type Part = { readonly name: string; readonly rows: AsyncIterable<object> }

export type PersonalData = {
  readonly room: string
  /** The tables it speaks for. A test finds those that belong to users and are not named. */
  readonly tables: readonly string[]
  readonly collect: (ctx: ReadCtx, person: Person) => readonly Part[]
  /**
   * Forgets the person. It may be called again after it has succeeded, failed or been killed in the middle, and makes
   * no difference where nothing is left.
   */
  readonly erase: (ctx: Ctx, person: Person) => Promise<void>
  /** Addresses that the account had or was to have. */
  readonly findEmails?: (ctx: ReadCtx, userId: string) => Promise<readonly string[]>
}

const pageSize = 500

/** Rows page after page, so that memory does not grow with them. `load` answers those after a key, in its order. */
export async function* inPages<R, K>(
  load: (after: K | null, limit: number) => Promise<readonly R[]>,
  keyOf: (row: R) => K,
): AsyncGenerator<R> {
  let after: K | null = null
  for (;;) {
    const rows: readonly R[] = await load(after, pageSize)
    yield* rows
    const last = rows.at(-1)
    if (last === undefined || rows.length < pageSize) return
    after = keyOf(last)
  }
}

/** For what is small by nature. */
export async function* rowsOf<R>(load: () => Promise<readonly R[]>): AsyncGenerator<R> {
  yield* await load()
}
