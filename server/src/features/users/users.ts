/** Users: accounts, as their owners have them. What others see of them is in profiles.ts. */
import { and, eq, isNull, lt, sql } from 'drizzle-orm'
import type { ReadCtx, TxCtx } from '../../platform/context.ts'
import { violatedConstraint } from '../../platform/db/failures.ts'
import type { ReadDb, Tx } from '../../platform/db/index.ts'
import { one } from '../../platform/db/one.ts'
import { statement } from '../../platform/db/prepared.ts'
import { changes } from '../../platform/events/index.ts'
import { accessErrors, httpErrors } from '../../platform/http/errors.ts'
import { normalAvatar } from './avatars.ts'
import { canonicalEmail } from './email-address.ts'
import { errors } from './errors.ts'
import { teamsSet, userRegistered, userUpdated, userVerified } from './events.ts'
import { requireTimeZone } from './time-zones.ts'
import { type User, type audiences, shown, statusNow, users } from './tables.ts'

type Audience = (typeof audiences)[number]

export async function getUser(ctx: ReadCtx, id: string): Promise<User> {
  const [found] = await ctx.db.select(shown).from(users).where(eq(users.id, id))
  if (!found) throw errors.user_not_found()
  return found
}

export async function findUserByEmail(ctx: ReadCtx, email: string): Promise<User | null> {
  const [found] = await userByEmail(ctx.db, { email })
  return found ?? null
}

export async function findUserByUsername(ctx: ReadCtx, username: string): Promise<User | null> {
  const [found] = await ctx.db
    .select(shown)
    .from(users)
    .where(sql`lower(${users.username}) = lower(${username})`)
  return found ?? null
}

/** A user by what somebody at a shell has at hand: an id, an address or a username. */
export async function findUser(ctx: ReadCtx, name: string): Promise<User> {
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(name)) return getUser(ctx, name)
  const found = name.includes('@')
    ? await findUserByEmail(ctx, canonicalEmail(name))
    : await findUserByUsername(ctx, name)
  if (!found) throw errors.user_not_found()
  return found
}

/** Whether its owner has shown to read the mail of the address. */
export const hasProvenEmail = ({ emailVerifiedAt, isEmailOnTrust }: User): boolean =>
  emailVerifiedAt !== null && !isEmailOnTrust

/** Sign-ups whose address nobody has proven, that nobody has repeated for so many days; those of longest ago first. */
export async function listStaleSignUps(
  ctx: ReadCtx,
  { days, limit }: { days: number; limit: number },
): Promise<string[]> {
  const found = await ctx.db
    .select({ id: users.id })
    .from(users)
    .where(
      and(
        isNull(users.emailVerifiedAt),
        eq(users.status, 'active'),
        lt(users.updatedAt, sql`now() - make_interval(days => ${days})`),
      ),
    )
    .orderBy(users.updatedAt)
    .limit(limit)
  return found.map(({ id }) => id)
}

/** The account, locked until the transaction ends: what is decided about it stays true until then. */
export async function lockUser(tx: TxCtx, id: string): Promise<User> {
  const [found] = await lockedUser(tx.db, { id })
  if (!found) throw errors.user_not_found()
  return found
}

/** Makes an account; null when the address already has one. The database decides between two at once. */
export async function createUser(
  tx: TxCtx,
  input: {
    email: string
    name?: string | undefined
    username?: string | undefined
    isVerified: boolean
    /** Verified without a proof. */
    isOnTrust?: boolean
  },
): Promise<User | null> {
  const [created] = await uniquely(
    tx.db
      .insert(users)
      .values({
        email: input.email,
        name: input.name ?? null,
        username: input.username ?? null,
        emailVerifiedAt: input.isVerified ? tx.now : null,
        isEmailOnTrust: input.isOnTrust ?? false,
      })
      .onConflictDoNothing({ target: users.email })
      .returning(),
  )
  if (!created) return null
  await tx.record(userRegistered, created.id, { isVerified: input.isVerified })
  return created
}

export async function markEmailVerified(tx: TxCtx, id: string): Promise<User> {
  const updated = one(
    await tx.db
      .update(users)
      .set({ ...proven(tx), updatedAt: tx.now, version: sql`${users.version} + 1` })
      .where(eq(users.id, id))
      .returning(),
  )
  await tx.record(userVerified, id, {})
  await tx.invalidate(`user:${id}`)
  return updated
}

/** Replaces what a sign-up wrote into an account whose address nobody has proven: none of it is anybody's yet. */
export async function rewriteUnproven(
  tx: TxCtx,
  id: string,
  input: { name?: string | undefined; username?: string | undefined },
): Promise<void> {
  const { name = null, username = null } = input
  await uniquely(
    tx.db
      .update(users)
      .set({ name, username, updatedAt: tx.now, version: sql`${users.version} + 1` })
      .where(and(eq(users.id, id), isNull(users.emailVerifiedAt)))
      .returning(),
  )
  await tx.invalidate(`user:${id}`)
}

/** The index that keeps addresses apart; `changeEmail` violates it when the address was taken meanwhile. */
export const emailIndex = 'users_users_email'

/** Gives an account another address, which is proven. */
export async function changeEmail(tx: TxCtx, id: string, email: string): Promise<void> {
  await tx.db
    .update(users)
    .set({ email, ...proven(tx), updatedAt: tx.now, version: sql`${users.version} + 1` })
    .where(eq(users.id, id))
  await tx.invalidate(`user:${id}`)
}

/** Takes its address and names from a sign-up that nobody has proven; false when it is proven by now. */
export async function releaseUnproven(tx: TxCtx, id: string): Promise<boolean> {
  const user = await lockUser(tx, id)
  if (user.status !== 'active' || user.emailVerifiedAt !== null) return false
  await forgetPerson(tx, id)
  return true
}

/** Closes an account: nothing opens it until it is opened again, or for ever. */
export async function closeAccount(tx: TxCtx, id: string): Promise<void> {
  await setStatus(tx, id, 'deleted')
}

/** Opens an account that was closed and not erased. */
export async function reopenAccount(tx: TxCtx, id: string): Promise<void> {
  await setStatus(tx, id, 'active')
}

/** Suspends an account until then, or until somebody lifts it; false unless it is active. */
export async function suspendAccount(tx: TxCtx, id: string, until: Date | null): Promise<boolean> {
  return setStatus(tx, id, 'suspended', { from: 'active', until })
}

/** Ends a suspension; false when there is none, or its time is over. */
export async function unsuspendAccount(tx: TxCtx, id: string): Promise<boolean> {
  return setStatus(tx, id, 'active', { from: 'suspended' })
}

async function setStatus(
  tx: TxCtx,
  id: string,
  status: User['status'],
  { from, until = null }: { from?: User['status']; until?: Date | null } = {},
): Promise<boolean> {
  const changed = await tx.db
    .update(users)
    .set({
      status,
      suspendedUntil: until,
      updatedAt: tx.now,
      version: sql`${users.version} + 1`,
    })
    .where(
      and(
        eq(users.id, id),
        isNull(users.erasedAt),
        from === undefined ? undefined : eq(statusNow, from),
      ),
    )
    .returning({ id: users.id })
  await tx.invalidate(`user:${id}`)
  return changed.length === 1
}

/** Leaves of an account what others point at: an id that is nobody's. Doing it again changes nothing. */
export async function forgetPerson(tx: TxCtx, id: string): Promise<void> {
  await tx.db
    .update(users)
    .set({
      email: `erased-${id}@erased.invalid`,
      emailVerifiedAt: null,
      name: null,
      username: null,
      bio: null,
      avatarUrl: null,
      timeZone: null,
      locale: 'en',
      websocketId: sql`gen_random_uuid()`,
      lastLoginAt: null,
      teams: [],
      status: 'deleted',
      suspendedUntil: null,
      erasedAt: tx.now,
      updatedAt: tx.now,
      version: sql`${users.version} + 1`,
    })
    .where(and(eq(users.id, id), isNull(users.erasedAt)))
  await tx.invalidate(`user:${id}`)
}

export async function markSignedIn(tx: TxCtx, id: string): Promise<User> {
  const [updated] = await Promise.all([
    signedInUser(tx.db, { id, now: tx.now }),
    tx.invalidate(`user:${id}`),
  ])
  return one(updated)
}

/** Changes one's own account. `expectedVersion` refuses (412) to overwrite a change that the caller has not seen. */
export async function updateUser(
  tx: TxCtx,
  id: string,
  wish: {
    name?: string | null
    username?: string
    bio?: string | null
    avatarUrl?: string | null
    timeZone?: string | null
    locale?: string
    profileAudience?: Audience
    emailAudience?: Audience
    nameAudience?: Audience
    bioAudience?: Audience
    avatarAudience?: Audience
  },
  expectedVersion: number | null,
): Promise<User> {
  const wanted = {
    ...wish,
    ...(wish.avatarUrl ? { avatarUrl: normalAvatar(wish.avatarUrl) } : {}),
  }
  if (wish.timeZone) requireTimeZone(wish.timeZone)
  const current = await lockUser(tx, id)
  if (expectedVersion !== null && current.version !== expectedVersion)
    throw httpErrors.precondition_failed()
  const updated = one(
    await uniquely(
      tx.db
        .update(users)
        .set({ ...wanted, updatedAt: tx.now, version: current.version + 1 })
        .where(eq(users.id, id))
        .returning(),
    ),
  )
  const { data, personal } = changes(current, updated, { of: fieldsOf(wish), personal: ownWords })
  await tx.record(userUpdated, id, data, { personal })
  await tx.invalidate(`user:${id}`)
  return updated
}

/** Why the caller may not choose these teams for somebody; null where they may. Asked under the locks of both accounts. */
export type TeamCeiling = (
  tx: TxCtx,
  userId: string,
  teams: readonly string[],
) => Promise<'account_above' | 'teams_above_own' | null>

/**
 * Says in which teams somebody works. Throws `users.own_teams` (403) for one's own, `users.user_not_found` (404), and what
 * the ceiling says: `users.account_above` and `users.teams_above_own` (403).
 */
export async function setTeams(
  tx: TxCtx,
  { id, teams }: { id: string; teams: readonly string[] },
  ceilingOf: TeamCeiling,
): Promise<void> {
  const self = tx.actor.id
  if (id === self) throw errors.own_teams()
  // In one order, so that two who place each other wait and do not lock each other out.
  const isFirst = self !== null && self < id
  const placer = isFirst ? await lockUser(tx, self) : null
  const before = await lockUser(tx, id)
  const placing = placer ?? (self === null ? null : await lockUser(tx, self))
  // A request may be a moment behind: its caller comes from a cache.
  if (placing && placing.status !== 'active') throw accessErrors.unauthenticated()
  if (before.status === 'deleted') throw errors.user_not_found()
  const ceiling = await ceilingOf(tx, id, teams)
  if (ceiling !== null) throw errors[ceiling]()
  await tx.db
    .update(users)
    .set({ teams: [...teams], updatedAt: tx.now, version: before.version + 1 })
    .where(eq(users.id, id))
  await tx.record(teamsSet, id, changes({ teams: before.teams }, { teams: [...teams] }).data)
  await tx.invalidate(`user:${id}`)
}
/** What goes when the person goes; the rest says only who may see it. */
const ownWords = ['name', 'username', 'bio', 'avatarUrl', 'timeZone', 'locale'] as const

const fieldsOf = (wish: Partial<User>) => Object.keys(wish) as (keyof User)[]

const proven = ({ now }: TxCtx) => ({ emailVerifiedAt: now, isEmailOnTrust: false })

/** Turns the database's word that a username is taken into ours. */
async function uniquely(write: PromiseLike<User[]>): Promise<User[]> {
  try {
    return await write
  } catch (error) {
    if (violatedConstraint(error) === 'users_users_username') throw errors.username_taken()
    throw error
  }
}

const userByEmail = statement<{ email: string }>()((db: ReadDb, given) =>
  db
    .select(shown)
    .from(users)
    .where(eq(users.email, given('email'))),
)

const lockedUser = statement<{ id: string }>()((db: Tx, given) =>
  db
    .select(shown)
    .from(users)
    .where(eq(users.id, given('id')))
    .for('update'),
)

const signedInUser = statement<{ id: string; now: Date }>()((db: Tx, given) =>
  db
    .update(users)
    .set({ lastLoginAt: sql`${given('now')}::timestamptz` })
    .where(eq(users.id, given('id')))
    .returning(),
)
