/** Successions: a session that was renewed goes on under another id, and what stands on it stands on that one. */
import { inArray } from 'drizzle-orm'
import type { ReadCtx } from '../../platform/context.ts'
import { type Session, sessions } from './tables.ts'

/** The sessions that go on in the place of these, each by the id that was asked for: the same where none was renewed. */
export async function findSuccessors(
  ctx: ReadCtx,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Session>> {
  const successors = new Map<string, Session>()
  let open = ids.map((asked) => ({ asked, id: asked }))
  while (open.length > 0) {
    const rows = await ctx.db
      .select()
      .from(sessions)
      .where(
        inArray(
          sessions.id,
          open.map(({ id }) => id),
        ),
      )
    const byId = new Map(rows.map((row) => [row.id, row]))
    open = open.flatMap(({ asked, id }) => {
      const found = byId.get(id)
      if (found?.renewedAs) return [{ asked, id: found.renewedAs }]
      if (found) successors.set(asked, found)
      return []
    })
  }
  return successors
}

/** Under which id a session goes on by now. */
export async function successorOf(ctx: ReadCtx, id: string): Promise<string> {
  return (await findSuccessors(ctx, [id])).get(id)?.id ?? id
}
