/** Passkeys of one's own: adding, listing, renaming and removing them. Signing in with them is `passkey-answers.ts`. */
import { randomBytes } from 'node:crypto'
import { and, asc, eq } from 'drizzle-orm'
import type { Ctx, ReadCtx, TxCtx } from '../../platform/context.ts'
import { one } from '../../platform/db/one.ts'
import { refused } from '../../platform/events/index.ts'
import { accessErrors } from '../../platform/http/errors.ts'
import { getUser, lockUser } from '../users/index.ts'
import { errors } from './errors.ts'
import { passkeyAdded, passkeyRefused, passkeyRemoved, passkeyRenamed } from './events.ts'
import { type Asker, ask, takeChallenge } from './passkey-challenges.ts'
import { sendPasskeyNotice } from './passkey-jobs.ts'
import { endSessionsBy } from './sign-outs.ts'
import { type Passkey, passkeyHandles, passkeys } from './tables.ts'
import { type Elsewhere, hasOtherWayIn } from './ways-in.ts'
import {
  type NewKey,
  type NewKeyAnswer,
  askForNewKey,
  challengeIn,
  isUnattested,
  readNewKey,
} from './webauthn.ts'

const maxPerUser = 20
/** Random, so that it tells nothing about its user (WebAuthn 3, 14.6.1); half of what is allowed. */
const handleBytes = 32

export async function listPasskeys(ctx: ReadCtx, userId: string): Promise<Passkey[]> {
  return ctx.db
    .select()
    .from(passkeys)
    .where(eq(passkeys.userId, userId))
    .orderBy(asc(passkeys.id))
    .limit(maxPerUser)
}

export async function hasPasskey(ctx: ReadCtx, userId: string): Promise<boolean> {
  return (await countPasskeys(ctx, userId)) > 0
}

/** What authenticators know a user by; null while the user has never asked for a passkey. */
export async function findHandle(ctx: ReadCtx, userId: string): Promise<Buffer | null> {
  const [found] = await ctx.db
    .select({ handle: passkeyHandles.handle })
    .from(passkeyHandles)
    .where(eq(passkeyHandles.userId, userId))
  return found?.handle ?? null
}

export async function renamePasskey(tx: TxCtx, id: string, name: string): Promise<Passkey> {
  const [renamed] = await tx.db
    .update(passkeys)
    .set({ name })
    .where(and(eq(passkeys.id, id), isOwn(tx)))
    .returning()
  if (!renamed) throw errors.passkey_not_found()
  await tx.record(passkeyRenamed, id, {})
  return renamed
}

/**
 * Removes one of the caller's passkeys and ends what it opened, this session too. Throws `auth.last_way_in` (409) when
 * its owner could not come back.
 */
export async function removePasskey(
  tx: TxCtx,
  id: string,
  elsewhere: Elsewhere,
): Promise<{ endsThisSession: boolean }> {
  const userId = tx.actor.id ?? ''
  await lockUser(tx, userId)
  const [removed] = await tx.db
    .delete(passkeys)
    .where(and(eq(passkeys.id, id), isOwn(tx)))
    .returning({ id: passkeys.id })
  if (!removed) throw errors.passkey_not_found()
  if (!(await hasOtherWayIn(tx, userId, id, elsewhere))) throw errors.last_way_in()
  const ended = await endSessionsBy(tx, userId, id, 'passkey_removed')
  await tx.record(passkeyRemoved, id, { sessionsEnded: ended.length })
  await announce(tx, userId, { notice: 'removed', passkeyId: id })
  return { endsThisSession: ended.some((sessionId) => sessionId === tx.actor.sessionId) }
}

/** Takes all passkeys off an account and returns how many there were. The user's row must be locked. */
export async function removePasskeys(tx: TxCtx, userId: string): Promise<number> {
  const removed = await tx.db
    .delete(passkeys)
    .where(eq(passkeys.userId, userId))
    .returning({ id: passkeys.id })
  for (const { id } of removed) {
    const ended = await endSessionsBy(tx, userId, id, 'passkey_removed')
    await tx.record(passkeyRemoved, id, { sessionsEnded: ended.length })
  }
  return removed.length
}

export async function countPasskeys(ctx: ReadCtx, userId: string): Promise<number> {
  return ctx.db.$count(passkeys, eq(passkeys.userId, userId))
}

/** What the caller's authenticator is asked, so that it makes a passkey. */
export async function startPasskey(ctx: Ctx): Promise<ReturnType<typeof askForNewKey>> {
  const asker = askerOf(ctx)
  const user = await getUser(ctx, asker.userId)
  const known = await listPasskeys(ctx, user.id)
  if (known.length >= maxPerUser) throw errors.too_many_passkeys()
  const { challenge, handle } = await ctx.tx(async (tx) => ({
    challenge: await ask(tx, asker),
    handle: await takeHandle(tx, user.id),
  }))
  return askForNewKey(ctx, { handle, email: user.email, name: user.name }, { challenge, known })
}

/**
 * Adds the passkey that an authenticator has made. Throws `auth.passkey_invalid` (422), `auth.passkey_taken` and
 * `auth.too_many_passkeys` (409).
 */
export async function addPasskey(
  ctx: Ctx,
  { name, answer }: { name: string; answer: NewKeyAnswer },
): Promise<Passkey> {
  const asker = askerOf(ctx)
  const invalid = (reason: string) =>
    errors
      .passkey_invalid()
      .recording(refused(passkeyRefused, asker.userId, { ceremony: asker.ceremony, reason }))
  const challenge = challengeIn(answer)
  const isOpen = challenge !== null && (await ctx.tx((tx) => takeChallenge(tx, asker, challenge)))
  if (!isOpen) throw invalid('challenge')
  if (!(await isUnattested(answer))) throw invalid('attestation')
  const key = await readNewKey(ctx, challenge, answer)
  if (!key) throw invalid('answer')
  return ctx.tx((tx) => insertPasskey(tx, asker.userId, { name, ...key }))
}

async function insertPasskey(
  tx: TxCtx,
  userId: string,
  given: NewKey & { name: string },
): Promise<Passkey> {
  const { status } = await lockUser(tx, userId)
  if (status !== 'active') throw accessErrors.unauthenticated()
  if ((await tx.db.$count(passkeys, eq(passkeys.userId, userId))) >= maxPerUser)
    throw errors.too_many_passkeys()
  const [added] = await tx.db
    .insert(passkeys)
    .values({ userId, ...given })
    .onConflictDoNothing({ target: passkeys.credentialId })
    .returning()
  if (!added) throw errors.passkey_taken()
  const { id, isBackedUp } = added
  await tx.record(passkeyAdded, id, { isBackedUp })
  await announce(tx, userId, { notice: 'added', passkeyId: id })
  return added
}

async function takeHandle(tx: TxCtx, userId: string): Promise<Buffer> {
  const kept = await tx.db
    .insert(passkeyHandles)
    .values({ userId, handle: randomBytes(handleBytes) })
    .onConflictDoUpdate({ target: passkeyHandles.userId, set: { userId } })
    .returning({ handle: passkeyHandles.handle })
  return one(kept).handle
}

/** Told to the owner, so that a thief cannot do it unseen. */
async function announce(
  tx: TxCtx,
  userId: string,
  change: { readonly notice: 'added' | 'removed'; readonly passkeyId: string },
): Promise<void> {
  const at = tx.now.toISOString()
  await tx.enqueue(sendPasskeyNotice, { userId, ...change, at, ip: tx.actor.ip })
}

/** A passkey is made within a session, by its user. */
function askerOf({ actor }: ReadCtx): Asker & { readonly userId: string } {
  if (actor.id === null || actor.sessionId === null) throw accessErrors.session_required()
  return { ceremony: 'registration', boundTo: `session:${actor.sessionId}`, userId: actor.id }
}

const isOwn = (ctx: ReadCtx) => eq(passkeys.userId, ctx.actor.id ?? '')
