/** Registration: from the form to an account whose address is proven. */
import type { Ctx, TxCtx } from '../../platform/context.ts'
import { grantRole } from '../access/index.ts'
import {
  type User,
  canonicalEmail,
  createUser,
  findUserByEmail,
  findUserByUsername,
  lockUser,
  markEmailVerified,
  rewriteUnproven,
  usersErrors,
} from '../users/index.ts'
import { setPassword } from './credentials.ts'
import { errors } from './errors.ts'
import { registrationRepeated } from './events.ts'
import { sendAlreadyRegistered } from './jobs.ts'
import { requireGoodPassword } from './password-policy.ts'
import { endUnprovenClaims } from './unproven-claims.ts'
import { startVerification, verifyByCode, verifyByToken } from './verifications.ts'

/** One sign-up of an address gives it away at a time, so the second finds it free or its new owner. */
const createAttempts = 4

export type RegistrationInput = {
  readonly email: string
  readonly password: string
  readonly name?: string | undefined
  readonly username?: string | undefined
}

/**
 * Registers an account. A taken address answers like a new one: no second account is made, and its owner is told
 * by mail. With `REGISTRATION_MODE=instant` no proof of the address is asked for, and a taken one is refused.
 * Returns the user who may sign in at once, or null when a mail has to be confirmed first.
 */
export async function register(ctx: Ctx, input: RegistrationInput): Promise<User | null> {
  const mode = ctx.settings.registrationMode
  if (mode === 'closed') throw errors.registration_closed()
  const email = canonicalEmail(input.email)
  await requireGoodPassword(ctx, input.password, { ...input, email })
  // Before anything is looked up: a taken address must not answer faster.
  const passwordHash = await ctx.ports.passwords.hash(input.password)
  return ctx.tx(async (tx) => {
    await requireFreeUsername(tx, email, input.username)
    const isInstant = mode === 'instant'
    const account = { ...input, email, isVerified: isInstant, isOnTrust: isInstant }
    const { user, owner } = await createOrLock(tx, account)
    if (!user) {
      if (isInstant) throw errors.email_taken()
      await answerTakenAddress(tx, owner, { ...input, email, passwordHash })
      return null
    }
    await grantRole(tx, user.id, tx.settings.defaultRole)
    if (isInstant) {
      await setPassword(tx, user.id, passwordHash)
      return user
    }
    await startVerification(tx, { userId: user.id, email, passwordHash })
    return null
  })
}

/** Proves an address by link token or by code; throws `auth.invalid_verification` (400). */
export async function verifyAddress(
  ctx: Ctx,
  proof: { token: string } | { email: string; code: string },
): Promise<void> {
  const userId = await ctx.tx((tx) =>
    'token' in proof ? verifyByToken(tx, proof.token) : verifyByCode(tx, proof.email, proof.code),
  )
  if (userId === null) throw errors.invalid_verification()
}

/**
 * An account made without a form: its address counts as proven. Returns null when the address is taken; a sign-up
 * that nobody has proven does not take it. `passwordHash` null: its user signs in by other means.
 */
export async function createAccount(
  tx: TxCtx,
  input: {
    email: string
    name?: string | undefined
    username?: string | undefined
    /** Null for an account that has another way in. */
    passwordHash: string | null
    role: string
    grantedBy?: string
  },
): Promise<User | null> {
  const { email, name, username } = input
  const made = await createOrLock(tx, { email, name, username, isVerified: true })
  const user = made.user ?? (await takeOverUnproven(tx, made.owner, input))
  if (!user) return null
  if (input.passwordHash !== null) await setPassword(tx, user.id, input.passwordHash)
  await grantRole(tx, user.id, input.role, input.grantedBy)
  return user
}

/**
 * An account that was made, or the one that has the address already, locked. Between the two an old sign-up may give
 * its address away: then it is free.
 */
async function createOrLock(
  tx: TxCtx,
  account: Parameters<typeof createUser>[1],
): Promise<
  { readonly user: User; readonly owner: null } | { readonly user: null; readonly owner: User }
> {
  for (let attempt = 0; attempt < createAttempts; attempt += 1) {
    const user = await createUser(tx, account)
    if (user) return { user, owner: null }
    const owner = await lockByEmail(tx, account.email)
    if (owner) return { user: null, owner }
  }
  throw new Error('an address was taken and given away again and again')
}

async function takeOverUnproven(
  tx: TxCtx,
  owner: User,
  input: { email: string; name?: string | undefined; username?: string | undefined },
): Promise<User | null> {
  if (owner.status !== 'active' || owner.emailVerifiedAt !== null) return null
  await endUnprovenClaims(tx, owner.id)
  await rewriteUnproven(tx, owner.id, input)
  return markEmailVerified(tx, owner.id)
}

/**
 * Asked before the address: the answer to a taken username must be the same for a new and for a taken address.
 * Who signs up again because the mail was lost may ask for the same one.
 */
async function requireFreeUsername(
  tx: TxCtx,
  email: string,
  username: string | undefined,
): Promise<void> {
  const holder = username === undefined ? null : await findUserByUsername(tx, username)
  if (!holder) return
  const isSameSignUp = holder.email === email && holder.emailVerifiedAt === null
  if (!isSameSignUp) throw usersErrors.username_taken()
}

/** Its owner is locked: a proof that is given meanwhile comes before or after this, never in between. */
async function answerTakenAddress(
  tx: TxCtx,
  owner: User,
  input: RegistrationInput & { passwordHash: string },
): Promise<void> {
  await tx.record(registrationRepeated, owner.id, {})
  if (owner.emailVerifiedAt === null) {
    // Nobody has proven the address yet: whoever receives the newest mail decides the password and the names.
    await rewriteUnproven(tx, owner.id, input)
    const { email, passwordHash } = input
    await startVerification(tx, { userId: owner.id, email, passwordHash })
    return
  }
  // At most one mail an hour: a form must not become a way to flood somebody's mailbox.
  const attemptId = `${owner.id}:${tx.now.toISOString().slice(0, 'yyyy-mm-ddThh'.length)}`
  await tx.enqueue(sendAlreadyRegistered, { userId: owner.id, attemptId }, { key: attemptId })
}

async function lockByEmail(tx: TxCtx, email: string): Promise<User | null> {
  const found = await findUserByEmail(tx, email)
  const locked = found ? await lockUser(tx, found.id) : null
  // Whoever had the lock before may have given the address away.
  return locked?.email === email ? locked : null
}
