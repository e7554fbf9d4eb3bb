/** Profiles: users as others may see them. */
import {
  type AnyColumn,
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
import { countUpTo } from '../../platform/db/count-up-to.ts'
import type { ReadDb } from '../../platform/db/index.ts'
import { literal, statement } from '../../platform/db/prepared.ts'
import { accessErrors } from '../../platform/http/errors.ts'
import { type Page, cursorOf, pageOf } from '../../platform/http/index.ts'
import { defaultLimit } from '../../platform/http/pagination.ts'
import { type Reach, type RuleShape, rowsWithin } from '../../platform/rights/index.ts'
import { errors } from './errors.ts'
import { accountsShape, attributesOf } from './reached.ts'
import { type User, type audiences, isInStatus, statusNow, users } from './tables.ts'

/** A profile as one reader sees it: what is not for them is null. Of a closed account nothing is left but that it was. */
export type Profile = Pick<User, 'id' | 'name' | 'username' | 'bio' | 'createdAt'> & {
  readonly avatar: string | null
  readonly email: string | null
  readonly deleted: boolean
  /** Only for who may read this account; what of it is not theirs to read is null. */
  readonly account: {
    readonly status: User['status'] | null
    readonly emailVerified: boolean | null
    readonly websocketId: string | null
    readonly lastLoginAt: Date | null
    readonly teams: readonly string[] | null
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
  const reach = ctx.actor.reach(readAny)
  const values = { id, ...readerOf(ctx) }
  const [found] = await (reach.kind === 'some'
    ? selectProfile(ctx.db, askedBy(values, reach))
    : profileById(ctx.db, values))
  if (!found) throw errors.user_not_found()
  return profileOf(found)
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
  const reach = ctx.actor.reach(readAny)
  const asksFor = [
    ...(filter.status === undefined ? [] : ['status']),
    ...(filter.verified === undefined ? [] : ['emailVerified']),
  ]
  if (!asksFor.every((field) => isRead(reach, field)))
    throw accessErrors.forbidden({ permission: readAny })
  const after = filter.cursor === undefined ? null : cursor.decode(filter.cursor)
  const values: PageValues = {
    ...readerOf(ctx),
    pattern: filter.search === undefined ? null : startOf(filter.search),
    afterMicroseconds: after?.[0] ?? null,
    afterId: after?.[1] ?? null,
  }
  const hasSearch = filter.search !== undefined
  const narrowed = and(narrowedBy(filter), ...asksFor.map((field) => rowsRead(reach, field)))
  const by = { hasSearch, hasCursor: after !== null, limit, narrowed }
  const asked = askedBy(values, reach)
  const isUsual =
    limit === defaultLimit && !hasSearch && narrowed === undefined && reach.kind !== 'some'
  const rows = isUsual
    ? await usualPage[by.hasCursor ? 'next' : 'first'](ctx.db, values)
    : await selectProfiles(ctx.db, asked, by)
  const found = pageOf(rows, limit, (last) => cursor.encode([last.sortKey, last.id]))
  const page = { ...found, rows: found.rows.map(profileOf) }
  return filter.withTotal
    ? { ...page, ...(await countUpTo(ctx.db, users, matches(asked, by))) }
    : page
}

/** Reading accounts whatever their privacy; rules may narrow it to some accounts, and to fields of them. */
const readAny = 'users.read_any'

/** What rules about reading accounts may say: what they may ask of an account, and which fields there are. */
export const readAnyShape = {
  ...accountsShape,
  fields: [
    'name',
    'bio',
    'avatar',
    'email',
    'status',
    'emailVerified',
    'websocketId',
    'lastLoginAt',
    'teams',
  ],
} as const satisfies RuleShape

const attributes = attributesOf({
  id: users.id,
  status: statusNow,
  storedStatus: users.status,
  emailVerifiedAt: users.emailVerifiedAt,
  teams: users.teams,
})

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
/** The values of a question, and in which rows who asks reads an account, or a field of it, whatever its privacy. */
type Asked<V> = { readonly given: Given<V>; readonly reads: (field?: string) => SQL }

const prepared = <V extends Reader>(given: Given<V>): Asked<V> => ({
  given,
  reads: () => sql`${given('readsAny')}::boolean`,
})

const askedBy = <V extends Reader>(values: V, reach: Reach): Asked<V> => ({
  given: (name) => sql.param(values[name]),
  reads: (field) => rowsRead(reach, field),
})

const rowsRead = (reach: Reach, field?: string) => rowsWithin(reach, attributes, field)

const isRead = (reach: Reach, field: string) =>
  reach.kind === 'some'
    ? reach.parts.some(({ fields }) => fields === null || fields.includes(field))
    : reach.kind === 'all'

function readerOf({ actor }: ReadCtx): Reader {
  return {
    readsAny: actor.reach(readAny).kind === 'all',
    audiences: actor.kind === 'anonymous' ? ['public'] : ['public', 'members'],
    // Only users have a row of their own; a part of the system is called by its name.
    ownId: actor.kind === 'user' && actor.can('users.read_self') ? actor.id : null,
  }
}

const profileById = statement<Reader & { id: string }>()((db: ReadDb, given) =>
  selectProfile(db, prepared<Reader & { id: string }>(given)),
)

function selectProfile(db: ReadDb, asked: Asked<Reader & { id: string }>) {
  return db
    .select(profileFor(asked))
    .from(users)
    .where(and(eq(users.id, asked.given('id')), isVisible(asked)))
}

/**
 * What nearly all lists ask for. The limit stands in the text: PostgreSQL prices a limit it does not know at a tenth
 * of the table, and would plan anew each time to avoid that.
 */
const usualPage = { first: usual({ hasCursor: false }), next: usual({ hasCursor: true }) }

function usual(by: { hasCursor: boolean }) {
  return statement<PageValues>()((db: ReadDb, given) =>
    selectProfiles(db, prepared<PageValues>(given), {
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
function selectProfiles(db: ReadDb, asked: Asked<PageValues>, by: PageKind) {
  return db
    .select({ ...profileFor(asked), sortKey: microsecondsOf })
    .from(users)
    .where(and(matches(asked, by), by.hasCursor ? isAfter(asked.given) : undefined))
    .orderBy(desc(users.createdAt), desc(users.id))
    .limit(literal(by.limit + 1))
}

const microsecondsOf = sql`(extract(epoch from ${users.createdAt}) * 1000000)::bigint`.mapWith(
  Number,
)

const isAfter = (given: Given<PageValues>) =>
  sql`(${users.createdAt}, ${users.id}) < (timestamptz 'epoch' + ${given('afterMicroseconds')} * interval '1 microsecond', ${given('afterId')}::uuid)`

function matches(asked: Asked<PageValues>, { hasSearch, narrowed }: PageKind) {
  return and(isListed(asked), hasSearch ? isFound(asked) : undefined, narrowed)
}

/** Who hides their name is not found by it: the search would tell it letter by letter. */
function isFound(asked: Asked<PageValues>) {
  const { given } = asked
  return or(
    and(
      sql`lower(${users.name}) like lower(${given('pattern')})`,
      isShown('name', users.nameAudience, asked),
    ),
    sql`lower(${users.username}) like lower(${given('pattern')})`,
    and(sql`${users.email} like lower(${given('pattern')})`, asked.reads('email')),
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
    status === undefined
      ? undefined
      : isInStatus({ status: statusNow, storedStatus: users.status }, status),
    verified === undefined ? undefined : has(users.emailVerifiedAt, verified),
  )
}

/**
 * Who may see a profile in a list: its audience, its owner, and those who may read any account. One whose address nobody
 * has proven is no profile yet: a list that showed it would tell whether a sign-up made one.
 */
function isListed({ given, reads }: Asked<Reader>) {
  return or(
    reads(),
    and(
      eq(statusNow, sql`'active'`),
      isNotNull(users.emailVerifiedAt),
      isFor(users.profileAudience, given),
    ),
  )
}

/** By its id, also one that is closed: what its owner has written elsewhere is still there, by somebody. */
function isVisible(asked: Asked<Reader>) {
  return or(
    isListed(asked),
    and(eq(statusNow, sql`'deleted'`), isFor(users.profileAudience, asked.given)),
  )
}

function profileFor(asked: Asked<Reader>) {
  const shown = (
    field: string,
    column: typeof users.name | typeof users.email | typeof users.bio | typeof users.avatarUrl,
    audience: AudienceColumn,
  ) => sql<string | null>`case when ${isShown(field, audience, asked)} then ${column} end`
  const read = <T>(field: string, column: AnyColumn | SQL) =>
    sql<T | null>`case when ${asked.reads(field)} then ${column} end`
  return {
    id: users.id,
    name: shown('name', users.name, users.nameAudience),
    username: users.username,
    bio: shown('bio', users.bio, users.bioAudience),
    avatar: shown('avatar', users.avatarUrl, users.avatarAudience),
    email: shown('email', users.email, users.emailAudience),
    createdAt: users.createdAt,
    deleted: sql<boolean>`${statusNow} = 'deleted'`,
    isReader: sql<boolean>`${asked.reads()}`,
    status: read<User['status']>('status', statusNow),
    emailVerified: read<boolean>('emailVerified', sql`${users.emailVerifiedAt} is not null`),
    websocketId: read<string>('websocketId', users.websocketId),
    lastLoginAt: read<Date>('lastLoginAt', users.lastLoginAt).mapWith(users.lastLoginAt),
    teams: read<string[]>('teams', users.teams),
  }
}

type Row = Omit<Profile, 'account'> &
  NonNullable<Profile['account']> & { readonly isReader: boolean }

function profileOf(row: Row): Profile {
  const { id, name, username, bio, avatar, email, createdAt, deleted } = row
  const { isReader, status, emailVerified, websocketId, lastLoginAt, teams } = row
  const account = isReader ? { status, emailVerified, websocketId, lastLoginAt, teams } : null
  const profile = { id, name, username, bio, avatar, email, createdAt, deleted, account }
  return deleted && !isReader
    ? { ...profile, name: null, username: null, bio: null, avatar: null, email: null }
    : profile
}

const isShown = (field: string, audience: AudienceColumn, { given, reads }: Asked<Reader>) =>
  or(reads(field), isFor(audience, given))

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
