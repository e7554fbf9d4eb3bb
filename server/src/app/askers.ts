/** Those who ask for work that outlives their request: whether they may still ask for it while it is done. */
import { mayStill, rolesOf } from '../features/access/index.ts'
import { findProgram } from '../features/admin/index.ts'
import { isHeldBack } from '../features/auth/index.ts'
import type { ReadCtx } from '../platform/context.ts'

/** Asked of the database, about `user:ID` or `service:ID`: they may act at this moment, and have the permission. */
export async function mayStillAsk(
  ctx: ReadCtx,
  asker: string,
  permission: string,
): Promise<boolean> {
  const [kind, id = ''] = asker.split(':')
  if (kind === 'user')
    return (
      (await mayStill(ctx, id, permission)) && !(await isHeldBack(ctx, id, await rolesOf(ctx, id)))
    )
  const program = await findProgram(ctx, id)
  return program !== null && !program.isReadOnly && program.can(permission)
}
