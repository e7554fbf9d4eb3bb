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
    const user = await createUser(tx, {
      ...input,
      email,
      isVerified: isInstant,
      isOnTrust: isInstant,
    })
    if (!user) {
      if (isInstant) throw errors.email_taken()
      await answerTakenAddress(tx, { ...input, email, passwordHash })
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
  const user =
    (await createUser(tx, { email, name, username, isVerified: true })) ??
    (await takeOverUnproven(tx, input))
  if (!user) return null
  if (input.passwordHash !== null) await setPassword(tx, user.id, input.passwordHash)
  await grantRole(tx, user.id, input.role, input.grantedBy)
  return user
}

async function takeOverUnproven(
  tx: TxCtx,
  input: { email: string; name?: string | undefined; username?: string | undefined },
): Promise<User | null> {
  const owner = await lockByEmail(tx, input.email)
  if (owner?.status !== 'active' || owner.emailVerifiedAt !== null) return null
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

async function answerTakenAddress(
  tx: TxCtx,
  input: RegistrationInput & { passwordHash: string },
): Promise<void> {
  // Locked: a proof that is given meanwhile comes before or after this, never in between.
  const owner = await lockByEmail(tx, input.email)
  if (!owner) return
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
  return found ? lockUser(tx, found.id) : null
}
