/** Step-up: somebody who is signed in shows a factor once more, and may do sensitive things for a while. */
import { sql } from 'drizzle-orm'
import type { Ctx, ReadCtx } from '../../platform/context.ts'
import { accessErrors, httpErrors } from '../../platform/http/errors.ts'
import { type GivenCode, type Method, methodsOf, proveSecondFactor } from '../twofa/index.ts'
import { lockUser } from '../users/index.ts'
import { findPasswordHash } from './credentials.ts'
import { errors } from './errors.ts'
import { steppedUp } from './events.ts'
import { requirePassword } from './keeper.ts'
import { askPasskey, readAnswer, spendAnswer } from './passkey-answers.ts'
import type { Asker } from './passkey-challenges.ts'
import { hasPasskey } from './passkeys.ts'
import { type Renewed, prepareRenewal } from './renewals.ts'
import type { KeyAnswer } from './webauthn.ts'

/** What is shown: exactly one of them. */
export type GivenFactor = GivenCode & {
  readonly password?: string | undefined
  readonly passkey?: KeyAnswer | undefined
}

/**
 * Notes that the caller has just shown a factor, in a session that takes the place of this one: a thief who knew it is
 * not stepped up along. Throws `access.session_required` (403) for a key or a token of an identity provider,
 * `tokens.unavailable` (503), and what the factor's own room says of a wrong one.
 */
export async function stepUp(ctx: Ctx, given: GivenFactor): Promise<Renewed> {
  const { sessionId, id: userId } = ctx.actor
  if (sessionId === null || userId === null) throw accessErrors.session_required()
  const factor = await prove(ctx, given)
  const renew = await prepareRenewal(ctx)
  if (!renew) throw accessErrors.session_required()
  return ctx.tx(async (tx) => {
    const renewed = await renew(tx, { provenAt: sql`clock_timestamp()` })
    await tx.record(steppedUp, userId, { sessionId: renewed.sessionId, factor })
    return renewed
  })
}

/** What the caller has to show: an account may be without a password. */
export async function listStepUpMethods(ctx: ReadCtx): Promise<('password' | Method)[]> {
  const userId = ctx.actor.id ?? ''
  return [
    ...((await findPasswordHash(ctx, userId)) === null ? [] : (['password'] as const)),
    ...(await methodsOf(ctx, userId)),
    ...((await hasPasskey(ctx, userId)) ? (['passkey'] as const) : []),
  ]
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
