/** Profiles: users as others may see them. */
import {
  type Param,
  type Placeholder,
  type SQL,
  and,
  desc,
  eq,
  gte,
  isNotNull,
  isNull,
  lt,
  or,
  sql,
} from 'drizzle-orm'
import { Type } from 'typebox'
import type { ReadCtx } from '../../platform/context.ts'
import type { ReadDb } from '../../platform/db/index.ts'
import { literal, statement } from '../../platform/db/prepared.ts'
import { accessErrors } from '../../platform/http/errors.ts'
import { type Page, cursorOf, pageOf } from '../../platform/http/index.ts'
import { defaultLimit } from '../../platform/http/pagination.ts'
import { errors } from './errors.ts'
import { type User, type audiences, statusNow, users } from './tables.ts'

/** A profile as one reader sees it: what is not for them is null. Of a closed account nothing is left but that it was. */
export type Profile = Pick<User, 'id' | 'name' | 'username' | 'bio' | 'createdAt'> & {
  readonly avatar: string | null
  readonly email: string | null
  readonly deleted: boolean
  /** Only for who may read any account. */
  readonly account: {
    readonly status: User['status']
    readonly emailVerified: boolean
    readonly websocketId: string
    readonly lastLoginAt: Date | null
  } | null
}

/** What a list is narrowed by. Each asks for what its reader may see anyway, or is refused. */
export type ProfileFilter = {
  readonly createdFrom?: string
  readonly createdTo?: string
  readonly hasUsername?: boolean
  readonly status?: User['status']
  readonly verified?: boolean
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
  return profileOf(ctx, found)
}

/**
 * Profiles this reader may see, newest first. `search` matches the start of a name or username that the reader may see.
 * Throws `access.forbidden` (403) when somebody asks for what only readers of any account see.
 */
export async function listProfiles(
  ctx: ReadCtx,
  filter: ProfileFilter & { limit: number; cursor?: string; search?: string; withTotal?: boolean },
): Promise<Page<Profile>> {
  const { limit } = filter
  const asksForMore = filter.status !== undefined || filter.verified !== undefined
  if (asksForMore && !ctx.actor.can('users.read_any'))
    throw accessErrors.forbidden({ permission: 'users.read_any' })
  const after = filter.cursor === undefined ? null : cursor.decode(filter.cursor)
  const values: PageValues = {
    ...readerOf(ctx),
    pattern: filter.search === undefined ? null : startOf(filter.search),
    afterMicroseconds: after?.[0] ?? null,
    afterId: after?.[1] ?? null,
  }
  const hasSearch = filter.search !== undefined
  const narrowed = narrowedBy(filter)
  const by = { hasSearch, hasCursor: after !== null, limit, narrowed }
  const given: Given<PageValues> = (name) => sql.param(values[name])
  const isUsual = limit === defaultLimit && !hasSearch && narrowed === undefined
  const rows = isUsual
    ? await usualPage[by.hasCursor ? 'next' : 'first'](ctx.db, values)
    : await selectProfiles(ctx.db, given, by)
  const found = pageOf(rows, limit, (last) => cursor.encode([last.sortKey, last.id]))
  const page = { ...found, rows: found.rows.map((row) => profileOf(ctx, row)) }
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
    selectProfiles(db, given, {
      ...by,
      hasSearch: false,
      limit: defaultLimit,
      narrowed: undefined,
    }),
  )
}

type PageKind = {
  readonly hasSearch: boolean
  readonly hasCursor: boolean
  readonly limit: number
  readonly narrowed: SQL | undefined
}

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

function matches(given: Given<PageValues>, { hasSearch, narrowed }: PageKind) {
  return and(isListed(given), hasSearch ? isFound(given) : undefined, narrowed)
}

/** Who hides their name is not found by it: the search would tell it letter by letter. */
function isFound(given: Given<PageValues>) {
  return or(
    and(
      sql`lower(${users.name}) like lower(${given('pattern')})`,
      isShown(users.nameAudience, given),
    ),
    sql`lower(${users.username}) like lower(${given('pattern')})`,
    and(sql`${users.email} like lower(${given('pattern')})`, sql`${given('readsAny')}::boolean`),
  )
}

function narrowedBy(filter: ProfileFilter): SQL | undefined {
  const { createdFrom, createdTo, hasUsername, status, verified } = filter
  const has = (column: typeof users.username | typeof users.emailVerifiedAt, isWanted: boolean) =>
    isWanted ? isNotNull(column) : isNull(column)
  return and(
    createdFrom === undefined ? undefined : gte(users.createdAt, new Date(createdFrom)),
    createdTo === undefined ? undefined : lt(users.createdAt, new Date(createdTo)),
    hasUsername === undefined ? undefined : has(users.username, hasUsername),
    status === undefined ? undefined : eq(statusNow, status),
    verified === undefined ? undefined : has(users.emailVerifiedAt, verified),
  )
}

/**
 * Who may see a profile in a list: its audience, its owner, and those who may read any account. One whose address nobody
 * has proven is no profile yet: a list that showed it would tell whether a sign-up made one.
 */
function isListed(given: Given<Reader>) {
  return or(
    sql`${given('readsAny')}::boolean`,
    and(
      eq(statusNow, sql`'active'`),
      isNotNull(users.emailVerifiedAt),
      isFor(users.profileAudience, given),
    ),
  )
}

/** By its id, also one that is closed: what its owner has written elsewhere is still there, by somebody. */
function isVisible(given: Given<Reader>) {
  return or(
    isListed(given),
    and(eq(statusNow, sql`'deleted'`), isFor(users.profileAudience, given)),
  )
}

function profileFor(given: Given<Reader>) {
  const shown = (
    column: typeof users.name | typeof users.email | typeof users.bio | typeof users.avatarUrl,
    audience: AudienceColumn,
  ) => sql<string | null>`case when ${isShown(audience, given)} then ${column} end`
  return {
    id: users.id,
    name: shown(users.name, users.nameAudience),
    username: users.username,
    bio: shown(users.bio, users.bioAudience),
    avatar: shown(users.avatarUrl, users.avatarAudience),
    email: shown(users.email, users.emailAudience),
    createdAt: users.createdAt,
    status: statusNow,
    emailVerifiedAt: users.emailVerifiedAt,
    websocketId: users.websocketId,
    lastLoginAt: users.lastLoginAt,
  }
}

type Row = Omit<Profile, 'deleted' | 'account'> &
  Pick<User, 'status' | 'emailVerifiedAt' | 'websocketId' | 'lastLoginAt'>

function profileOf({ actor }: ReadCtx, row: Row): Profile {
  const { id, name, username, bio, avatar, email, createdAt } = row
  const { status, emailVerifiedAt, websocketId, lastLoginAt } = row
  const deleted = status === 'deleted'
  const readsAny = actor.can('users.read_any')
  const account = readsAny
    ? { status, emailVerified: emailVerifiedAt !== null, websocketId, lastLoginAt }
    : null
  return deleted && !readsAny
    ? {
        id,
        name: null,
        username: null,
        bio: null,
        avatar: null,
        email: null,
        createdAt,
        deleted,
        account,
      }
    : { id, name, username, bio, avatar, email, createdAt, deleted, account }
}

const isShown = (audience: AudienceColumn, given: Given<Reader>) =>
  or(sql`${given('readsAny')}::boolean`, isFor(audience, given))

type AudienceColumn =
  | typeof users.profileAudience
  | typeof users.emailAudience
  | typeof users.nameAudience
  | typeof users.bioAudience
  | typeof users.avatarAudience

/** What has this audience is for the reader: they belong to it, or it is their own. */
const isFor = (audience: AudienceColumn, given: Given<Reader>) =>
  sql`(${audience} = any(${given('audiences')}::text[]) or ${users.id} = ${given('ownId')}::uuid)`

function startOf(search: string): string {
  return `${search.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`
}
