/**
 * The demo login: an account to try things with, by credentials that stand in the environment. Outside production only,
 * twice over: production refuses to start with it, and this refuses to answer there.
 */
import { createHash } from 'node:crypto'
import type { Ctx } from '../../platform/context.ts'
import { refused } from '../../platform/events/index.ts'
import { isSame } from '../../platform/secrets.ts'
import { grantRole } from '../access/index.ts'
import { type User, canonicalEmail, createUser, findUserByEmail } from '../users/index.ts'
import { errors } from './errors.ts'
import { signInFailed } from './events.ts'
import { type Opened, type Opening, openSession } from './sign-in.ts'

/**
 * Signs in as the demo user, who is made at the first sign-in and has no password of their own. Throws
 * `auth.demo_login_disabled` (403) and `auth.invalid_credentials` (401).
 */
export async function signInForDemo(
  ctx: Ctx,
  input: Opening & { email: string; password: string },
): Promise<Opened> {
  const { demoLoginEnabled, demoEmail, demoPassword, isProduction } = ctx.settings
  if (isProduction || !demoLoginEnabled || !demoEmail || !demoPassword)
    throw errors.demo_login_disabled()
  const isRight = [
    isEqual(input.email.trim().toLowerCase(), demoEmail.trim().toLowerCase()),
    isEqual(input.password, demoPassword),
  ].every(Boolean)
  if (!isRight)
    throw errors
      .invalid_credentials()
      .recording(refused(signInFailed, null, { reason: 'wrong_demo_credentials' }))
  const user = await findOrMakeUser(ctx, canonicalEmail(demoEmail))
  return openSession(ctx, user, input, { firstFactor: 'demo' })
}

async function findOrMakeUser(ctx: Ctx, email: string): Promise<User> {
  const user = await ctx.tx(async (tx) => {
    const made = await createUser(tx, { email, name: 'Demo', isVerified: true })
    if (made) await grantRole(tx, made.id, tx.settings.defaultRole)
    return made ?? findUserByEmail(tx, email)
  })
  // Somebody signed up with the demo's address and has not proven it: theirs is not the demo's account.
  if (user?.emailVerifiedAt == null) throw errors.demo_login_disabled()
  return user
}

/** Hashed first, so that neither content nor length shows in the time it takes. */
const isEqual = (left: string, right: string) => isSame(digestOf(left), digestOf(right))
const digestOf = (text: string) => createHash('sha256').update(text).digest()
