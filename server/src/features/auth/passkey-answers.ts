/** Answers of passkeys: read outside of a transaction, spent inside it, at sign-in, as a second factor and at a step-up. */
import { and, eq, lt, or, sql } from 'drizzle-orm'
import type { Ctx, ReadCtx, TxCtx } from '../../platform/context.ts'
import type { Fact } from '../../platform/events/index.ts'
import { refused } from '../../platform/events/index.ts'
import { errors } from './errors.ts'
import { passkeyCounterRegressed, passkeyRefused } from './events.ts'
import { type Asker, ask, takeChallenge } from './passkey-challenges.ts'
import { findHandle, listPasskeys } from './passkeys.ts'
import { type Passkey, passkeys } from './tables.ts'
import { type KeyAnswer, type Signed, askForKey, challengeIn, readSigned } from './webauthn.ts'

/** An answer as far as it can be looked at outside of a transaction. The challenge is gone either way. */
export type ReadAnswer =
  | {
      readonly outcome: 'right'
      readonly asker: Asker
      readonly passkey: Passkey
      readonly signed: Signed
    }
  | {
      readonly outcome: 'wrong'
      readonly refusal: Fact
      /** It answers nothing that was asked here, or something that was answered before. */
      readonly answersNothing: boolean
    }

/**
 * What an authenticator is asked. Where it is known who answers, only their passkeys may; throws `auth.no_passkey` (409)
 * when they have none.
 */
export async function askPasskey(ctx: Ctx, asker: Asker): Promise<ReturnType<typeof askForKey>> {
  const known = asker.userId === null ? [] : await listPasskeys(ctx, asker.userId)
  if (asker.userId !== null && known.length === 0) throw errors.no_passkey()
  const challenge = await ctx.tx((tx) => ask(tx, asker))
  return askForKey(ctx, { challenge, known })
}

/** Whether an answer is right. It takes its challenge along, so that a second look finds none. */
export async function readAnswer(ctx: Ctx, asker: Asker, answer: KeyAnswer): Promise<ReadAnswer> {
  const wrong = (reason: string, passkey: Passkey | null = null): ReadAnswer => ({
    outcome: 'wrong',
    answersNothing: reason === 'challenge',
    refusal: refused(passkeyRefused, asker.userId ?? passkey?.userId ?? null, {
      ceremony: asker.ceremony,
      reason,
    }),
  })
  const challenge = challengeIn(answer)
  const isOpen = challenge !== null && (await ctx.tx((tx) => takeChallenge(tx, asker, challenge)))
  if (!isOpen) return wrong('challenge')
  const passkey = await findByCredential(ctx, answer.id)
  if (!passkey) return wrong('unknown')
  if (asker.userId !== null && asker.userId !== passkey.userId) return wrong('other_user', passkey)
  if (!(await isHandleRight(ctx, asker, answer, passkey))) return wrong('handle', passkey)
  const signed = await readSigned(ctx, challenge, answer, passkey)
  return signed ? { outcome: 'right', asker, passkey, signed } : wrong('answer', passkey)
}

/**
 * Notes that a passkey was used. Returns why it may not be: it was removed meanwhile, or its counter went backwards,
 * as that of a copy does. Its user's row must be locked.
 */
export async function spendAnswer(
  tx: TxCtx,
  { asker, passkey, signed }: Extract<ReadAnswer, { outcome: 'right' }>,
): Promise<Fact | null> {
  const { counter, isBackedUp } = signed
  const doesNotCount = counter === 0 ? eq(passkeys.counter, 0) : undefined
  const used = await tx.db
    .update(passkeys)
    .set({ counter, isBackedUp, lastUsedAt: sql`now()` })
    .where(
      and(
        eq(passkeys.id, passkey.id),
        eq(passkeys.userId, passkey.userId),
        or(lt(passkeys.counter, counter), doesNotCount),
      ),
    )
    .returning({ id: passkeys.id })
  if (used.length === 1) return null
  const { id: passkeyId, userId } = passkey
  const { ceremony } = asker
  const [left] = await tx.db
    .select({ counter: passkeys.counter })
    .from(passkeys)
    .where(eq(passkeys.id, passkeyId))
  return left
    ? refused(passkeyCounterRegressed, userId, {
        passkeyId,
        ceremony,
        known: left.counter,
        given: counter,
      })
    : refused(passkeyRefused, userId, { ceremony, reason: 'removed' })
}

async function findByCredential(ctx: ReadCtx, credentialId: string): Promise<Passkey | null> {
  const [found] = await ctx.db
    .select()
    .from(passkeys)
    .where(eq(passkeys.credentialId, Buffer.from(credentialId, 'base64url')))
  return found ?? null
}

/** The authenticator says whose key it is. It must, where nobody else does (WebAuthn 3, 7.2, step 6). */
async function isHandleRight(
  ctx: ReadCtx,
  asker: Asker,
  { response }: KeyAnswer,
  passkey: Passkey,
): Promise<boolean> {
  if (response.userHandle === undefined) return asker.userId !== null
  const handle = await findHandle(ctx, passkey.userId)
  return handle?.toString('base64url') === response.userHandle
}
