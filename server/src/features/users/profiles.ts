/** Profiles: users as others may see them. */
import { type Param, type Placeholder, and, desc, eq, isNotNull, or, sql } from 'drizzle-orm'
import { Type } from 'typebox'
import type { ReadCtx } from '../../platform/context.ts'
import type { ReadDb } from '../../platform/db/index.ts'
import { literal, statement } from '../../platform/db/prepared.ts'
import { type Page, cursorOf, pageOf } from '../../platform/http/index.ts'
import { defaultLimit } from '../../platform/http/pagination.ts'
import { errors } from './errors.ts'
import { type User, type audiences, users } from './tables.ts'

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

/** A profile as this reader may see it; what they may not see does not exist. */
export async function getProfile(ctx: ReadCtx, id: string): Promise<Profile> {
  const [found] = await profileById(ctx.db, { id, ...readerOf(ctx) })
  if (!found) throw errors.user_not_found()
  return found
}

/** Profiles this reader may see, newest first. `search` matches the start of a name or username. */
export async function listProfiles(
  ctx: ReadCtx,
  filter: { limit: number; cursor?: string; search?: string; withTotal?: boolean },
): Promise<Page<Profile>> {
  const { limit } = filter
  const after = filter.cursor === undefined ? null : cursor.decode(filter.cursor)
  const values: PageValues = {
    ...readerOf(ctx),
    pattern: filter.search === undefined ? null : startOf(filter.search),
    afterMicroseconds: after?.[0] ?? null,
    afterId: after?.[1] ?? null,
  }
  const by = { hasSearch: filter.search !== undefined, hasCursor: after !== null, limit }
  const given: Given<PageValues> = (name) => sql.param(values[name])
  const isUsual = limit === defaultLimit && !by.hasSearch
  const rows = isUsual
    ? await usualPage[by.hasCursor ? 'next' : 'first'](ctx.db, values)
    : await selectProfiles(ctx.db, given, by)
  const page = pageOf(rows, limit, (last) => cursor.encode([last.sortKey, last.id]))
  return filter.withTotal
    ? { ...page, total: await ctx.db.$count(users, matches(given, by)) }
    : page
}

/** What decides which profiles somebody sees, and how much of each. */
type Reader = {
  /** Sees everything. */
  readonly readsAny: boolean
  /** The audiences they belong to. */
  readonly audiences: readonly (typeof audiences)[number][]
  /** Whose profile is their own; null for nobody's, and for a key that may not read its owner's account. */
  readonly ownId: string | null
}
type PageValues = Reader & {
  readonly pattern: string | null
  readonly afterMicroseconds: number | null
  readonly afterId: string | null
}
/** Where a value goes: a placeholder of a prepared statement, or the value itself. */
type Given<V> = (name: keyof V & string) => Placeholder | Param

function readerOf({ actor }: ReadCtx): Reader {
  return {
    readsAny: actor.can('users.read_any'),
    audiences: actor.kind === 'anonymous' ? ['public'] : ['public', 'members'],
    // Only users have a row of their own; a part of the system is called by its name.
    ownId: actor.kind === 'user' && actor.can('users.read_self') ? actor.id : null,
  }
}

const profileById = statement<Reader & { id: string }>()((db: ReadDb, given) =>
  db
    .select(profileFor(given))
    .from(users)
    .where(and(eq(users.id, given('id')), isVisible(given))),
)

/**
 * What nearly all lists ask for. The limit stands in the text: PostgreSQL prices a limit it does not know at a tenth
 * of the table, and would plan anew each time to avoid that.
 */
const usualPage = { first: usual({ hasCursor: false }), next: usual({ hasCursor: true }) }

function usual(by: { hasCursor: boolean }) {
  return statement<PageValues>()((db: ReadDb, given) =>
    selectProfiles(db, given, { ...by, hasSearch: false, limit: defaultLimit }),
  )
}

type PageKind = { readonly hasSearch: boolean; readonly hasCursor: boolean; readonly limit: number }

/** One row more than asked for: it tells whether there is a next page. */
function selectProfiles(db: ReadDb, given: Given<PageValues>, by: PageKind) {
  return db
    .select({ ...profileFor(given), sortKey: microsecondsOf })
    .from(users)
    .where(and(matches(given, by), by.hasCursor ? isAfter(given) : undefined))
    .orderBy(desc(users.createdAt), desc(users.id))
    .limit(literal(by.limit + 1))
}

const microsecondsOf = sql`(extract(epoch from ${users.createdAt}) * 1000000)::bigint`.mapWith(
  Number,
)

const isAfter = (given: Given<PageValues>) =>
  sql`(${users.createdAt}, ${users.id}) < (timestamptz 'epoch' + ${given('afterMicroseconds')} * interval '1 microsecond', ${given('afterId')}::uuid)`

function matches(given: Given<PageValues>, { hasSearch }: { hasSearch: boolean }) {
  const isFound = or(
    sql`${users.name} ilike ${given('pattern')}`,
    sql`${users.username} ilike ${given('pattern')}`,
  )
  return and(isVisible(given), hasSearch ? isFound : undefined)
}

/**
 * Who may see a profile: its audience, its owner, and those who may read any. An account whose address nobody has
 * proven is no profile yet: a list that showed it would tell whether a sign-up made one.
 */
function isVisible(given: Given<Reader>) {
  return and(
    eq(users.status, sql`'active'`),
    or(
      sql`${given('readsAny')}::boolean`,
      and(isNotNull(users.emailVerifiedAt), isFor(users.profileAudience, given)),
    ),
  )
}

function profileFor(given: Given<Reader>) {
  const isShown = or(sql`${given('readsAny')}::boolean`, isFor(users.emailAudience, given))
  return {
    id: users.id,
    name: users.name,
    username: users.username,
    bio: users.bio,
    createdAt: users.createdAt,
    email: sql<string | null>`case when ${isShown} then ${users.email} end`,
  }
}

/** What has this audience is for the reader: they belong to it, or it is their own. */
const isFor = (
  audience: typeof users.profileAudience | typeof users.emailAudience,
  given: Given<Reader>,
) =>
  sql`(${audience} = any(${given('audiences')}::text[]) or ${users.id} = ${given('ownId')}::uuid)`

function startOf(search: string): string {
  return `${search.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`
}
