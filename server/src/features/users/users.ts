/** Users: accounts and their profiles, as their readers may see them. */
import { and, desc, eq, ilike, inArray, isNotNull, isNull, or, sql } from 'drizzle-orm'
import { Type } from 'typebox'
import type { ReadCtx, TxCtx } from '../../platform/context.ts'
import { violatedConstraint } from '../../platform/db/failures.ts'
import { one } from '../../platform/db/one.ts'
import { httpErrors } from '../../platform/http/errors.ts'
import { type Page, cursorOf, pageOf } from '../../platform/http/index.ts'
import { errors } from './errors.ts'
import { userRegistered, userUpdated, userVerified } from './events.ts'
import { type User, type audiences, users } from './tables.ts'

type Audience = (typeof audiences)[number]

/** What every reader of a profile may see; `email` is null unless its owner shows it to this reader. */
export type Profile = Pick<User, 'id' | 'name' | 'username' | 'bio' | 'createdAt'> & {
  readonly email: string | null
}

/** Where a page ended: the moment of a row in microseconds since 1970, and its id. */
const cursor = cursorOf(
  Type.Tuple([
    Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
    Type.String({ pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' }),
  ]),
)

const microsecondsOf = sql`(extract(epoch from ${users.createdAt}) * 1000000)::bigint`.mapWith(
  Number,
)

export async function getUser(ctx: ReadCtx, id: string): Promise<User> {
  const [found] = await ctx.db.select().from(users).where(eq(users.id, id))
  if (!found) throw errors.user_not_found()
  return found
}

export async function findUserByEmail(ctx: ReadCtx, email: string): Promise<User | null> {
  const [found] = await ctx.db.select().from(users).where(eq(users.email, email))
  return found ?? null
}

export async function findUserByUsername(ctx: ReadCtx, username: string): Promise<User | null> {
  const [found] = await ctx.db
    .select()
    .from(users)
    .where(sql`lower(${users.username}) = lower(${username})`)
  return found ?? null
}

/** The account, locked until the transaction ends: what is decided about it stays true until then. */
export async function lockUser(tx: TxCtx, id: string): Promise<User> {
  const [found] = await tx.db.select().from(users).where(eq(users.id, id)).for('update')
  if (!found) throw errors.user_not_found()
  return found
}

/** A profile as this reader may see it; what they may not see does not exist. */
export async function getProfile(ctx: ReadCtx, id: string): Promise<Profile> {
  const [found] = await ctx.db
    .select(profileFor(ctx))
    .from(users)
    .where(and(eq(users.id, id), visibleTo(ctx)))
  if (!found) throw errors.user_not_found()
  return found
}

/** Profiles this reader may see, newest first. `search` matches the start of a name or username. */
export async function listProfiles(
  ctx: ReadCtx,
  filter: { limit: number; cursor?: string; search?: string; withTotal?: boolean },
): Promise<Page<Profile>> {
  const after = filter.cursor === undefined ? null : cursor.decode(filter.cursor)
  const matching = and(visibleTo(ctx), filter.search ? startsWith(filter.search) : undefined)
  const rows = await ctx.db
    .select({ ...profileFor(ctx), sortKey: microsecondsOf })
    .from(users)
    .where(
      and(
        matching,
        after
          ? sql`(${users.createdAt}, ${users.id}) < (timestamptz 'epoch' + ${after[0]} * interval '1 microsecond', ${after[1]}::uuid)`
          : undefined,
      ),
    )
    .orderBy(desc(users.createdAt), desc(users.id))
    .limit(filter.limit + 1)
  const page = pageOf(rows, filter.limit, (last) => cursor.encode([last.sortKey, last.id]))
  return filter.withTotal ? { ...page, total: await ctx.db.$count(users, matching) } : page
}

/** Makes an account; null when the address already has one. The database decides between two at once. */
export async function createUser(
  tx: TxCtx,
  input: {
    email: string
    name?: string | undefined
    username?: string | undefined
    isVerified: boolean
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
      })
      .onConflictDoNothing({ target: users.email })
      .returning(),
  )
  if (!created) return null
  await tx.record(userRegistered, created.id, {
    username: created.username,
    isVerified: input.isVerified,
  })
  return created
}

export async function markEmailVerified(tx: TxCtx, id: string): Promise<User> {
  const updated = one(
    await tx.db
      .update(users)
      .set({ emailVerifiedAt: tx.now, updatedAt: tx.now, version: sql`${users.version} + 1` })
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

export async function markSignedIn(tx: TxCtx, id: string): Promise<User> {
  const updated = one(
    await tx.db.update(users).set({ lastLoginAt: tx.now }).where(eq(users.id, id)).returning(),
  )
  await tx.invalidate(`user:${id}`)
  return updated
}

/** Changes one's own account. `expectedVersion` refuses (412) to overwrite a change that the caller has not seen. */
export async function updateUser(
  tx: TxCtx,
  id: string,
  changes: {
    name?: string | null
    username?: string
    bio?: string | null
    locale?: string
    profileAudience?: Audience
    emailAudience?: Audience
  },
  expectedVersion: number | null,
): Promise<User> {
  const current = await lockUser(tx, id)
  if (expectedVersion !== null && current.version !== expectedVersion)
    throw httpErrors.precondition_failed()
  const updated = one(
    await uniquely(
      tx.db
        .update(users)
        .set({ ...changes, updatedAt: tx.now, version: current.version + 1 })
        .where(eq(users.id, id))
        .returning(),
    ),
  )
  await tx.record(userUpdated, id, { fields: Object.keys(changes) })
  await tx.invalidate(`user:${id}`)
  return updated
}

/**
 * Who may see a profile: its audience, its owner, and those who may read any. An account whose address nobody has
 * proven is no profile yet: a list that showed it would tell whether a sign-up made one.
 */
function visibleTo(ctx: ReadCtx) {
  const isThere = eq(users.status, 'active')
  if (ctx.actor.can('users.read_any')) return isThere
  const shown = inArray(users.profileAudience, audiencesOf(ctx))
  return and(isThere, isNotNull(users.emailVerifiedAt), or(shown, isOwnedBy(ctx)))
}

function profileFor(ctx: ReadCtx) {
  const isShown = ctx.actor.can('users.read_any')
    ? sql`true`
    : or(inArray(users.emailAudience, audiencesOf(ctx)), isOwnedBy(ctx))
  return {
    id: users.id,
    name: users.name,
    username: users.username,
    bio: users.bio,
    createdAt: users.createdAt,
    email: sql<string | null>`case when ${isShown} then ${users.email} end`,
  }
}

/** One's own row; a key that may not read its owner's account sees it as any member would. */
function isOwnedBy(ctx: ReadCtx) {
  const { id, can } = ctx.actor
  return id !== null && can('users.read_self') ? eq(users.id, id) : undefined
}

function audiencesOf(ctx: ReadCtx): Audience[] {
  return ctx.actor.kind === 'anonymous' ? ['public'] : ['public', 'members']
}

function startsWith(search: string) {
  const pattern = `${search.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`
  return or(ilike(users.name, pattern), ilike(users.username, pattern))
}

/** Turns the database's word that a username is taken into ours. */
async function uniquely(write: PromiseLike<User[]>): Promise<User[]> {
  try {
    return await write
  } catch (error) {
    if (violatedConstraint(error) === 'users_users_username') throw errors.username_taken()
    throw error
  }
}
