/** The second step of signing in: from a held sign-in and a code to a session. */
import type { Ctx } from '../../platform/context.ts'
import { type GivenCode, passLogin, readLogin, refusalOfLogin } from '../twofa/index.ts'
import type { FirstFactor } from './tables.ts'
import { type Opening, type SignedIn, beginSession, withTokens } from './sign-in.ts'

export type SecondStep = GivenCode & {
  readonly pendingToken: string
  readonly isDeviceToBeTrusted: boolean
  /** How the session is made; null: as the first step asked. */
  readonly mode: Opening['mode'] | null
  readonly opening: Omit<Opening, 'mode'>
}

/**
 * Spends the code, the held sign-in and makes the session in one transaction. Throws `twofa.invalid_pending_login`,
 * `twofa.sign_in_code_refused` (401) or `twofa.too_many_wrong_codes` (429).
 */
export async function finishSignIn(
  ctx: Ctx,
  { pendingToken, mode, opening, isDeviceToBeTrusted, ...given }: SecondStep,
): Promise<SignedIn & { readonly trustToken: string | null }> {
  const read = await readLogin(ctx, pendingToken, given)
  const { userAgent } = opening.device
  const result = await ctx.tx(async (tx) => {
    const passed = await passLogin(tx, read, { isToBeTrusted: isDeviceToBeTrusted, userAgent })
    if (passed.outcome !== 'passed') return passed
    const { user, trustToken, shown } = passed
    const begun = await beginSession(
      tx,
      user,
      { ...opening, mode: mode ?? passed.mode },
      { ...shown, firstFactor: shown.firstFactor as FirstFactor },
    )
    return { outcome: 'passed' as const, begun, trustToken }
  })
  if (result.outcome !== 'passed') throw refusalOfLogin(result, read.userId)
  return { ...(await withTokens(ctx, result.begun)), trustToken: result.trustToken }
}
