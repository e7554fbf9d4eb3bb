/** Signing in with a passkey alone: the authenticator knows whose it is, so no name is asked for. */
import type { Ctx } from '../../platform/context.ts'
import type { Fact } from '../../platform/events/index.ts'
import { refused } from '../../platform/events/index.ts'
import { getUser } from '../users/index.ts'
import { errors } from './errors.ts'
import { passkeyRefused } from './events.ts'
import { readAnswer, spendAnswer } from './passkey-answers.ts'
import { askerAtTheDoor } from './passkey-challenges.ts'
import { type Opened, type Opening, openSession } from './sign-in.ts'
import type { KeyAnswer } from './webauthn.ts'

/**
 * Throws `auth.sign_in_passkey_refused` (401), the same for every reason. A passkey is two factors: the device that has
 * the key, and the finger or PIN that it asked for, which its signature says. So nothing else is asked for.
 */
export async function signInWithPasskey(
  ctx: Ctx,
  { answer, browser, ...opening }: Opening & { answer: KeyAnswer; browser: string | null },
): Promise<Opened> {
  const read = await readAnswer(ctx, askerAtTheDoor(browser), answer)
  if (read.outcome === 'wrong') throw no(read.refusal)
  const { passkey, asker } = read
  const user = await getUser(ctx, passkey.userId)
  // As at the other doors: an account begins when its address is proven.
  if (user.emailVerifiedAt === null)
    throw no(refused(passkeyRefused, user.id, { ceremony: asker.ceremony, reason: 'unverified' }))
  const shown = {
    firstFactor: 'passkey',
    credentialId: passkey.id,
    secondFactor: 'passkey',
  } as const
  return openSession(ctx, user, opening, shown, async (tx) => {
    const refusal = await spendAnswer(tx, read)
    if (refusal) throw no(refusal)
  })
}

const no = (fact: Fact) => errors.sign_in_passkey_refused().recording(fact)
