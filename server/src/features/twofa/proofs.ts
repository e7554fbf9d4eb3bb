/** Showing one's second factor again, for somebody who is signed in already. */
import type { Ctx } from '../../platform/context.ts'
import { lockUser } from '../users/index.ts'
import { errors } from './errors.ts'
import type { Door, Method } from './events.ts'
import {
  type GivenCode,
  type Spending,
  findEnrolment,
  readAnswer,
  refusalOf,
  spendAnswer,
} from './factors.ts'

/**
 * Spends a code of the caller's and says which kind it was. Throws `twofa.not_enabled` (409), `twofa.code_refused`
 * (403) or `twofa.too_many_wrong_codes` (429).
 */
export async function proveSecondFactor(
  ctx: Ctx,
  given: GivenCode,
  door: Door = 'step_up',
): Promise<Method> {
  const userId = ctx.actor.id ?? ''
  const known = await findEnrolment(ctx, userId)
  const answer = known ? await readAnswer(ctx, known, given) : null
  if (!known || !answer) throw errors.not_enabled()
  const spending = await ctx.tx(async (tx): Promise<Spending> => {
    await lockUser(tx, userId)
    const factor = await findEnrolment(tx, userId)
    if (factor?.id !== known.id) throw errors.not_enabled()
    return spendAnswer(tx, factor, answer, door)
  })
  if (spending.outcome !== 'right') throw refusalOf(spending, userId, door)
  return spending.method
}
