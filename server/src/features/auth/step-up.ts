/** Step-up: somebody who is signed in shows a factor once more, and may do sensitive things for a while. */
import { and, eq, sql } from 'drizzle-orm'
import type { Ctx, ReadCtx } from '../../platform/context.ts'
import { accessErrors, httpErrors } from '../../platform/http/errors.ts'
import { type GivenCode, proveSecondFactor } from '../twofa/index.ts'
import { lockUser } from '../users/index.ts'
import { errors } from './errors.ts'
import { steppedUp } from './events.ts'
import { requirePassword } from './keeper.ts'
import { askPasskey, readAnswer, spendAnswer } from './passkey-answers.ts'
import type { Asker } from './passkey-challenges.ts'
import { isAlive } from './sessions.ts'
import { sessions } from './tables.ts'
import type { KeyAnswer } from './webauthn.ts'

/** What is shown: exactly one of them. */
export type GivenFactor = GivenCode & {
  readonly password?: string | undefined
  readonly passkey?: KeyAnswer | undefined
}

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

/** What the caller's passkeys are asked; throws as `askPasskey` does. */
export async function askOwnPasskey(ctx: Ctx) {
  return askPasskey(ctx, askerOf(ctx))
}

async function prove(ctx: Ctx, { password, passkey, ...given }: GivenFactor): Promise<string> {
  const all = [password, given.code, given.backupCode, passkey]
  if (all.filter((each) => each !== undefined).length !== 1)
    throw httpErrors.invalid_request({
      errors: [{ pointer: '', message: 'must have exactly one factor' }],
    })
  if (passkey !== undefined) return provePasskey(ctx, passkey)
  if (password === undefined) return proveSecondFactor(ctx, given)
  await requirePassword(ctx, password)
  return 'password'
}

/** Throws `auth.passkey_refused` (403). */
async function provePasskey(ctx: Ctx, answer: KeyAnswer): Promise<'passkey'> {
  const read = await readAnswer(ctx, askerOf(ctx), answer)
  const refusal =
    read.outcome === 'wrong'
      ? read.refusal
      : await ctx.tx(async (tx) => {
          await lockUser(tx, read.passkey.userId)
          return spendAnswer(tx, read)
        })
  if (refusal) throw errors.passkey_refused().recording(refusal)
  return 'passkey'
}

function askerOf({ actor }: ReadCtx): Asker {
  if (actor.id === null || actor.sessionId === null) throw accessErrors.session_required()
  return { ceremony: 'step_up', boundTo: `session:${actor.sessionId}`, userId: actor.id }
}
