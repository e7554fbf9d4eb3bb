/** The installer: how the first super admin comes to be, once. */
import { and, eq, gt, isNull, sql } from 'drizzle-orm'
import type { Ctx, TxCtx } from '../../platform/context.ts'
import { hashToken, newToken } from '../../platform/secrets.ts'
import { hasSuperAdmin } from '../access/index.ts'
import { createAccount, requireGoodPassword } from '../auth/index.ts'
import { type User, canonicalEmail } from '../users/index.ts'
import { errors } from './errors.ts'
import { superAdminCreated } from './events.ts'
import { installerTokens } from './tables.ts'

/** Long enough for a lunch break, short enough for a log that somebody finds later. */
const linkHours = 24
/** Any fixed number: two installers at once wait for each other. */
const lockId = 4_707_256

export type AdminInput = {
  readonly email: string
  readonly password: string
  readonly name?: string | undefined
}

/** A new installer token while there is no super admin, and null afterwards. Older tokens stop working. */
export async function offerInstaller(tx: TxCtx): Promise<string | null> {
  // Two servers starting at once take turns: the newer link is the one that works.
  await lockInstaller(tx)
  if (await hasSuperAdmin(tx)) return null
  const token = newToken('ash_i_')
  await tx.db
    .update(installerTokens)
    .set({ expiresAt: sql`clock_timestamp()` })
    .where(isNull(installerTokens.usedAt))
  await tx.db.insert(installerTokens).values({
    hash: hashToken(token),
    expiresAt: sql`now() + make_interval(hours => ${linkHours})`,
  })
  return token
}

/** Makes the first super admin; throws `admin.installer_closed` (410) for a used, old or late token. */
export async function install(ctx: Ctx, token: string, input: AdminInput): Promise<User> {
  // Asked before the password is hashed: a stranger without the link costs nothing.
  const [known] = await ctx.db
    .select({ id: installerTokens.id })
    .from(installerTokens)
    .where(isOpen(token))
  if (!known) throw errors.installer_closed()
  const email = await checkInput(ctx, input)
  const passwordHash = await ctx.ports.passwords.hash(input.password)
  return ctx.tx(async (tx) => {
    await lockInstaller(tx)
    const [used] = await tx.db
      .update(installerTokens)
      .set({ usedAt: tx.now })
      .where(isOpen(token))
      .returning({ id: installerTokens.id })
    if (!used || (await hasSuperAdmin(tx))) throw errors.installer_closed()
    return createSuperAdmin(tx, { ...input, email, passwordHash }, 'installer')
  })
}

/** Makes a super admin for whoever has a shell on the machine. */
export async function createAdmin(ctx: Ctx, input: AdminInput): Promise<User> {
  const email = await checkInput(ctx, input)
  const passwordHash = await ctx.ports.passwords.hash(input.password)
  return ctx.tx((tx) => createSuperAdmin(tx, { ...input, email, passwordHash }, 'cli'))
}

async function lockInstaller(tx: TxCtx): Promise<void> {
  await tx.db.execute(sql`select pg_advisory_xact_lock(${lockId})`)
}

function isOpen(token: string) {
  return and(
    eq(installerTokens.hash, hashToken(token)),
    isNull(installerTokens.usedAt),
    gt(installerTokens.expiresAt, sql`clock_timestamp()`),
  )
}

async function checkInput(ctx: Ctx, input: AdminInput): Promise<string> {
  const email = canonicalEmail(input.email)
  await requireGoodPassword(ctx, input.password, { ...input, email })
  return email
}

async function createSuperAdmin(
  tx: TxCtx,
  input: { email: string; name?: string | undefined; passwordHash: string },
  by: 'installer' | 'cli',
): Promise<User> {
  const user = await createAccount(tx, { ...input, role: 'super_admin' })
  if (!user) throw errors.email_taken()
  await tx.record(superAdminCreated, user.id, { by })
  return user
}
