/** Step-up: somebody who is signed in shows a factor once more, and may do sensitive things for a while. */
import { and, eq, sql } from 'drizzle-orm'
import type { Ctx } from '../../platform/context.ts'
import { accessErrors, httpErrors } from '../../platform/http/errors.ts'
import { type GivenCode, proveSecondFactor } from '../twofa/index.ts'
import { steppedUp } from './events.ts'
import { requirePassword } from './keeper.ts'
import { isAlive } from './sessions.ts'
import { sessions } from './tables.ts'

/** What is shown: exactly one of them. */
export type GivenFactor = GivenCode & { readonly password?: string | undefined }

/**
 * Notes in the caller's session that its user has just shown a factor. Throws `access.session_required` (403) for a
 * key, and what the factor's own room says of a wrong one.
 */
export async function stepUp(ctx: Ctx, given: GivenFactor): Promise<Date> {
  const { sessionId, id: userId } = ctx.actor
  if (sessionId === null || userId === null) throw accessErrors.session_required()
  const factor = await prove(ctx, given)
  const provenAt = await ctx.tx(async (tx) => {
    const [proven] = await tx.db
      .update(sessions)
      .set({ provenAt: sql`clock_timestamp()` })
      .where(and(eq(sessions.id, sessionId), isAlive(tx)))
      .returning({ provenAt: sessions.provenAt })
    if (!proven) return null
    await tx.record(steppedUp, userId, { sessionId, factor })
    await tx.invalidate(`session:${sessionId}`)
    return proven.provenAt
  })
  // Ended by somebody while its user typed.
  if (provenAt === null) throw accessErrors.unauthenticated()
  return provenAt
}

async function prove(ctx: Ctx, { password, ...given }: GivenFactor): Promise<string> {
  const count = [password, given.code, given.backupCode].filter((each) => each !== undefined).length
  if (count !== 1)
    throw httpErrors.invalid_request({
      errors: [{ pointer: '', message: 'must have exactly one factor' }],
    })
  if (password === undefined) return proveSecondFactor(ctx, given)
  await requirePassword(ctx, password)
  return 'password'
}
