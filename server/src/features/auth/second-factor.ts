/** The second step of signing in: from a held sign-in and a code, or a passkey, to a session. */
import type { Ctx, TxCtx } from '../../platform/context.ts'
import type { Fact } from '../../platform/events/index.ts'
import {
  type GivenCode,
  type PendingLogin,
  type ReadLogin,
  findLogin,
  passLogin,
  readLogin,
  refusalOfLogin,
} from '../twofa/index.ts'
import { errors } from './errors.ts'
import { askPasskey, readAnswer, spendAnswer } from './passkey-answers.ts'
import type { Asker } from './passkey-challenges.ts'
import type { FirstFactor } from './tables.ts'
import { type Opening, type SignedIn, beginSession, withTokens } from './sign-in.ts'
import type { KeyAnswer } from './webauthn.ts'

export type SecondStep = GivenCode & {
  readonly passkey?: KeyAnswer | undefined
  readonly pendingToken: string
  readonly isDeviceToBeTrusted: boolean
  /** How the session is made; null: as the first step asked. */
  readonly mode: Opening['mode'] | null
  readonly opening: Omit<Opening, 'mode'>
}

/** What the passkeys of a held sign-in's user are asked; throws as `findLogin` and `askPasskey` do. */
export async function askSecondPasskey(ctx: Ctx, pendingToken: string) {
  return askPasskey(ctx, askerOf(await findLogin(ctx, pendingToken)))
}

/**
 * Spends the code or the passkey's answer, the held sign-in, and makes the session in one transaction. Throws
 * `twofa.invalid_pending_login`, `twofa.sign_in_code_refused`, `auth.sign_in_passkey_refused` (401) or
 * `twofa.too_many_wrong_codes` (429).
 */
export async function finishSignIn(
  ctx: Ctx,
  { pendingToken, mode, opening, isDeviceToBeTrusted, passkey, ...given }: SecondStep,
): Promise<SignedIn & { readonly trustToken: string | null }> {
  const { login, passkeyId } =
    passkey === undefined
      ? { login: await readLogin(ctx, pendingToken, given), passkeyId: null }
      : await readPasskey(ctx, pendingToken, passkey)
  const { userAgent } = opening.device
  const result = await ctx.tx(async (tx) => {
    const passed = await passLogin(tx, login, { isToBeTrusted: isDeviceToBeTrusted, userAgent })
    if (passed.outcome !== 'passed') return passed
    const { user, trustToken, shown } = passed
    const begun = await beginSession(
      tx,
      user,
      { ...opening, mode: mode ?? passed.mode },
      {
        ...shown,
        firstFactor: shown.firstFactor as FirstFactor,
        credentialId: shown.credentialId ?? passkeyId,
      },
    )
    return { outcome: 'passed' as const, begun, trustToken }
  })
  if (result.outcome !== 'passed') throw refusalOfLogin(result, login.userId)
  return { ...(await withTokens(ctx, result.begun)), trustToken: result.trustToken }
}

/** A passkey counts when it is one of the user whose sign-in is held, and answers what was asked for that sign-in. */
async function readPasskey(
  ctx: Ctx,
  pendingToken: string,
  answer: KeyAnswer,
): Promise<{ login: ReadLogin; passkeyId: string | null }> {
  const pending = await findLogin(ctx, pendingToken)
  const read = await readAnswer(ctx, askerOf(pending), answer)
  // Not counted: nobody learns anything by it, and who sent one answer twice must not end the sign-in.
  if (read.outcome === 'wrong' && read.answersNothing) throw no(read.refusal)
  const spend = async (tx: TxCtx) => {
    const refusal = read.outcome === 'right' ? await spendAnswer(tx, read) : read.refusal
    return refusal && no(refusal)
  }
  return {
    login: { ...pending, answer: { method: 'passkey', spend } },
    passkeyId: read.outcome === 'right' ? read.passkey.id : null,
  }
}

const no = (fact: Fact) => errors.sign_in_passkey_refused().recording(fact)

const askerOf = ({ id, userId }: PendingLogin): Asker => ({
  ceremony: 'second_factor',
  boundTo: `login:${id}`,
  userId,
})
