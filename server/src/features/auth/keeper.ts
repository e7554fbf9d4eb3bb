/** What auth does for the twofa room, which cannot ask it: the caller's password, the user's sessions. */
import type { Ctx, TxCtx } from '../../platform/context.ts'
import { refused } from '../../platform/events/index.ts'
import { accessErrors } from '../../platform/http/errors.ts'
import type { Keeper } from '../twofa/index.ts'
import { findPasswordHash } from './credentials.ts'
import { errors } from './errors.ts'
import { passwordRefused, sessionsEnded } from './events.ts'
import { endElevation } from './elevation.ts'
import { prepareRenewal } from './renewals.ts'
import { type AnswerSettings, presentRenewed } from './session-answer.ts'
import { signOutEverywhere } from './sign-outs.ts'

export function openKeeper(answers: Pick<AnswerSettings, 'csrfKey'>): Keeper {
  return {
    requirePassword,
    wrongPassword: errors.wrong_password,
    hasPassword: async (ctx, userId) => (await findPasswordHash(ctx, userId)) !== null,
    endOtherSessions,
    prepareRenewal: async (ctx) => {
      const renew = await prepareRenewal(ctx)
      if (!renew) throw accessErrors.session_required()
      return async (tx) => {
        const renewed = await renew(tx)
        return (reply) => presentRenewed(reply, renewed, answers)
      }
    },
  }
}

/** Throws `auth.wrong_password` (403) unless this is the caller's password. */
export async function requirePassword(ctx: Ctx, password: string): Promise<void> {
  const userId = ctx.actor.id ?? ''
  const stored = await findPasswordHash(ctx, userId)
  if (await ctx.ports.passwords.verify(stored, password)) return
  throw errors.wrong_password().recording(refused(passwordRefused, userId, {}))
}

/** Ends every session of a user but one, and every sign-in that waits for its second step. The one is not elevated any more. */
export async function endOtherSessions(
  tx: TxCtx,
  userId: string,
  keptSessionId: string | null,
): Promise<void> {
  const ended = await signOutEverywhere(tx, userId, {
    reason: 'others_ended',
    except: keptSessionId,
  })
  if (keptSessionId !== null) await endElevation(tx, keptSessionId)
  if (ended.sessionsEnded > 0)
    await tx.record(sessionsEnded, userId, { count: ended.sessionsEnded })
}
