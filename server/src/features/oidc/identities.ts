/** Identities: whose account somebody from elsewhere may open, and how the two come together. */
import { and, desc, eq, inArray, isNull, sql } from 'drizzle-orm'
import type { ReadCtx, TxCtx } from '../../platform/context.ts'
import { one } from '../../platform/db/one.ts'
import { refused } from '../../platform/events/index.ts'
import type { Identity } from '../../platform/identity/index.ts'
import {
  type Elsewhere,
  authErrors,
  createAccount,
  endSessionsOf,
  hasOtherWayIn,
} from '../auth/index.ts'
import {
  type User,
  findCanonicalEmail,
  findUserByEmail,
  hasProvenEmail,
  lockUser,
} from '../users/index.ts'
import { errors } from './errors.ts'
import { identityLinked, identityRemoved, signInRefused } from './events.ts'
import { sendIdentityAdded } from './jobs.ts'
import { type StoredIdentity, identities } from './tables.ts'

/** The first half of the advisory locks on identities; any number that no other lock uses. */
const lockSpace = 47_073
/** Nobody signs in with more of them. */
const maxListed = 100

export type Admitted = { readonly userId: string; readonly identityId: string }

/** A user's identities, the newest first. */
export async function listIdentities(ctx: ReadCtx, userId: string): Promise<StoredIdentity[]> {
  return ctx.db
    .select()
    .from(identities)
    .where(isLinkedTo(userId))
    .orderBy(desc(identities.id))
    .limit(maxListed)
}

/**
 * Whose account an identity opens. At first sight that is an account whose address both sides have proven, or a new
 * one. Throws `oidc.email_not_verified`, `oidc.registration_closed`, `oidc.account_exists`, `oidc.identity_removed`,
 * and `auth.invalid_credentials` for an account that may not act.
 */
export async function admit(tx: TxCtx, identity: Identity, providerId: string): Promise<Admitted> {
  const refuse = (error: ReturnType<typeof errors.account_exists>, userId: string | null = null) =>
    error.recording(refused(signInRefused, userId, { provider: providerId, reason: error.code }))
  const known = await lockIdentity(tx, identity)
  if (known) {
    // The user first, as a removal does; what it has done meanwhile is seen then.
    await lockUser(tx, known.userId)
    if (!(await use(tx, known.id, identity.email)))
      throw refuse(errors.identity_removed(), known.userId)
    return { userId: known.userId, identityId: known.id }
  }
  const email = identity.isEmailVerified ? findCanonicalEmail(identity.email ?? '') : null
  if (email === null) throw refuse(errors.email_not_verified())
  const { user, isNew } = await findOrCreate(tx, { email, name: identity.name ?? undefined })
  // With instant registration nobody proves an address: whoever made that account may be anybody.
  if (!isNew && (tx.settings.registrationMode === 'instant' || !hasProvenEmail(user)))
    throw refuse(errors.account_exists(), user.id)
  if (user.status !== 'active') throw refuse(authErrors.invalid_credentials(), user.id)
  const identityId = await insertIdentity(tx, identity, user.id)
  const by = isNew ? 'new_account' : 'verified_email'
  await tx.record(identityLinked, user.id, { identityId, issuer: identity.issuer, by })
  if (!isNew) await notify(tx, user.id, identityId)
  return { userId: user.id, identityId }
}

/** Adds an identity to the account of who is signed in and has shown it; throws `oidc.identity_taken` (409). */
export async function linkIdentity(tx: TxCtx, identity: Identity, userId: string): Promise<void> {
  const known = await lockIdentity(tx, identity)
  if (known && known.removedAt === null) {
    if (known.userId === userId) return
    throw errors
      .identity_taken()
      .recording(
        refused(signInRefused, userId, { provider: identity.issuer, reason: 'identity_taken' }),
      )
  }
  const { status } = await lockUser(tx, userId)
  if (status !== 'active') throw authErrors.invalid_credentials()
  const identityId = known
    ? await revive(tx, known.id, userId, identity.email)
    : await insertIdentity(tx, identity, userId)
  await tx.record(identityLinked, userId, { identityId, issuer: identity.issuer, by: 'owner' })
  await notify(tx, userId, identityId)
}

/**
 * Takes one of the caller's identities off and ends what it has opened. Throws `oidc.identity_not_found` (404) for
 * anybody else's, and `oidc.last_way_in` (409) where nothing else would open the account.
 */
export async function removeIdentity(tx: TxCtx, id: string, elsewhere: Elsewhere): Promise<void> {
  const userId = tx.actor.id ?? ''
  await lockUser(tx, userId)
  const [removed] = await takeOff(tx, and(eq(identities.id, id), isLinkedTo(userId)))
  if (!removed) throw errors.identity_not_found()
  if (!(await hasOtherWayIn(tx, userId, id, elsewhere))) throw errors.last_way_in()
}

/** What auth asks of identities. Those of providers that are not offered any more open nothing. */
export function openElsewhere(providers: () => readonly { issuer: string }[]): Elsewhere {
  return {
    findWaysIn: async ({ db }, userId) => {
      const issuers = providers().map(({ issuer }) => issuer)
      const found = await db
        .select({ id: identities.id })
        .from(identities)
        .where(and(isLinkedTo(userId), inArray(identities.issuer, issuers)))
      return found.map(({ id }) => id)
    },
    removeIdentities: async (tx, userId) => (await takeOff(tx, isLinkedTo(userId))).length,
  }
}

/** Whether it still opens its account: asked again by whoever was admitted a moment ago, in another transaction. */
export async function isLinked(ctx: ReadCtx, { identityId, userId }: Admitted): Promise<boolean> {
  const [found] = await ctx.db
    .select({ removedAt: identities.removedAt })
    .from(identities)
    .where(and(eq(identities.id, identityId), eq(identities.userId, userId)))
  return found?.removedAt === null
}

export async function findIdentity(
  ctx: ReadCtx,
  { issuer, subject }: Pick<Identity, 'issuer' | 'subject'>,
): Promise<StoredIdentity | null> {
  const [found] = await ctx.db
    .select()
    .from(identities)
    .where(and(eq(identities.issuer, issuer), eq(identities.subject, subject)))
  return found ?? null
}

const isLinkedTo = (userId: string) =>
  and(eq(identities.userId, userId), isNull(identities.removedAt))

/** Takes identities off and ends what each has opened. Their rows stay: a provider's word does not bring them back. */
async function takeOff(tx: TxCtx, which: ReturnType<typeof and>): Promise<StoredIdentity[]> {
  const removed = await tx.db.update(identities).set({ removedAt: tx.now }).where(which).returning()
  for (const { id, userId, issuer } of removed) {
    await endSessionsOf(tx, userId, { id, reason: 'identity_removed' })
    await tx.record(identityRemoved, userId, { identityId: id, issuer })
  }
  return removed
}

/** False for one that was taken off. */
async function use(tx: TxCtx, id: string, email: string | null): Promise<boolean> {
  const used = await tx.db
    .update(identities)
    .set({ lastUsedAt: tx.now, ...(email === null ? {} : { email }) })
    .where(and(eq(identities.id, id), isNull(identities.removedAt)))
    .returning({ id: identities.id })
  return used.length === 1
}

/** One after the other, also for an identity without a row that could be locked. */
async function lockIdentity(tx: TxCtx, identity: Identity): Promise<StoredIdentity | null> {
  const name = JSON.stringify([identity.issuer, identity.subject])
  await tx.db.execute(sql`select pg_advisory_xact_lock(${lockSpace}, hashtext(${name}))`)
  return findIdentity(tx, identity)
}

/** An account whose address is proven, locked; a new one where there is none, or only an unproven sign-up. */
async function findOrCreate(
  tx: TxCtx,
  input: { email: string; name: string | undefined },
): Promise<{ user: User; isNew: boolean }> {
  const proven = await lockProven(tx, input.email)
  if (proven) return { user: proven, isNew: false }
  if (tx.settings.registrationMode === 'closed') throw errors.registration_closed()
  const role = tx.settings.defaultRole
  const created = await createAccount(tx, { ...input, passwordHash: null, role })
  if (created) return { user: created, isNew: true }
  // Made by somebody else at this very moment, or not to be taken over.
  const taken = await lockProven(tx, input.email)
  if (taken) return { user: taken, isNew: false }
  throw authErrors.invalid_credentials()
}

async function lockProven(tx: TxCtx, email: string): Promise<User | null> {
  const found = await findUserByEmail(tx, email)
  const user = found ? await lockUser(tx, found.id) : null
  return user?.email === email && user.emailVerifiedAt !== null ? user : null
}

async function insertIdentity(
  tx: TxCtx,
  { issuer, subject, email }: Identity,
  userId: string,
): Promise<string> {
  const { id } = one(
    await tx.db
      .insert(identities)
      .values({ userId, issuer, subject, email })
      .returning({ id: identities.id }),
  )
  return id
}

async function revive(
  tx: TxCtx,
  id: string,
  userId: string,
  email: string | null,
): Promise<string> {
  await tx.db
    .update(identities)
    .set({ userId, email, removedAt: null, createdAt: tx.now, lastUsedAt: tx.now })
    .where(eq(identities.id, id))
  return id
}

async function notify(tx: TxCtx, userId: string, identityId: string): Promise<void> {
  const { ip } = tx.actor
  await tx.enqueue(sendIdentityAdded, { userId, identityId, at: tx.now.toISOString(), ip })
}
