/** Service tokens: credentials of programs, named, scoped, expiring, shown once and kept as a hash. */
import { type SQL, and, desc, eq, gt, isNull, lt, or, sql } from 'drizzle-orm'
import type { ReadCtx, TxCtx } from '../../platform/context.ts'
import { one } from '../../platform/db/one.ts'
import { refused } from '../../platform/events/index.ts'
import { httpErrors } from '../../platform/http/errors.ts'
import { type Page, idCursor, pageOf } from '../../platform/http/index.ts'
import { type Rights, type Rule, narrowed, rightsOf } from '../../platform/rights/index.ts'
import { hashToken, isSame, newCheckedToken } from '../../platform/secrets.ts'
import { requireStanding, subjects } from '../access/index.ts'
import { rightsUnderPolicy } from '../auth/index.ts'
import { enrolments } from '../twofa/index.ts'
import { errors } from './errors.ts'
import {
  scopeRefused,
  serviceTokenCreated,
  serviceTokenRevoked,
  serviceTokenRotated,
} from './events.ts'
import { type ServiceToken, serviceTokens } from './tables.ts'

export const serviceTokenLabel = 'ash_a_'
const manage = 'admin.manage_service_tokens'
/** What only people do, with a factor of theirs: no token is made for it. */
export const forPeople: readonly string[] = [
  manage,
  'admin.manage_mfa',
  'admin.grant_roles',
  'impersonation.begin',
]
/** What the program is called whose token's hash is in the environment. */
const environmentId = 'environment'
const dayMs = 24 * 60 * 60 * 1000
/** A token that nobody looks at for a year is one that nobody misses. */
const maxDays = 366
const usualDays = 90
/** Enough to tell tokens apart, too little to guess the rest. */
const hintLength = serviceTokenLabel.length + 6

/** Who a program is, as far as a request needs to know. */
export type ServiceIdentity = Rights & {
  readonly id: string
  readonly onBehalfOf: string | null
  readonly roles: readonly string[]
  readonly isReadOnly: boolean
  readonly requestsPerMinute: number | null
  readonly expiresAt: Date | null
  readonly lastUsedAt: Date | null
  /** With whose rights it stands and falls. */
  readonly backedBy: string | null
}

/** Tokens that were not revoked, newest first. */
export async function listServiceTokens(
  ctx: ReadCtx,
  { limit, cursor: given }: { limit: number; cursor?: string },
): Promise<Page<ServiceToken>> {
  const isListed = isNull(serviceTokens.revokedAt)
  const after = given === undefined ? undefined : lt(serviceTokens.id, idCursor.decode(given))
  const rows = await ctx.db
    .select()
    .from(serviceTokens)
    .where(and(isListed, after))
    .orderBy(desc(serviceTokens.id))
    .limit(limit + 1)
  const page = pageOf(rows, limit, (last) => idCursor.encode(last.id))
  return { ...page, total: await ctx.db.$count(serviceTokens, isListed) }
}

/** Who presents the token with this hash: its scopes, and never more than whoever answers for it may do now. */
export async function findServiceIdentity(
  ctx: ReadCtx,
  hash: Buffer,
): Promise<ServiceIdentity | null> {
  const isOld = and(
    eq(serviceTokens.previousHash, hash),
    gt(serviceTokens.previousUntil, sql`clock_timestamp()`),
  )
  const row = await findBacked(ctx, or(eq(serviceTokens.hash, hash), isOld))
  if (!row) return null
  const { token } = row
  return identityOf(ctx, row, isSame(token.hash, hash) ? token.expiresAt : endOfPrevious(token))
}

/** A program by the id that it acts under, without its secret: for what goes on long after it was asked for. */
export async function findProgram(ctx: ReadCtx, id: string): Promise<ServiceIdentity | null> {
  if (id === environmentId)
    return ctx.settings.adminServiceTokenHash === undefined ? null : findEnvironmentIdentity(ctx)
  const row = await findBacked(ctx, eq(serviceTokens.id, id))
  return row && identityOf(ctx, row, row.token.expiresAt)
}

type Backed = {
  readonly token: ServiceToken
  readonly roles: string[]
  readonly teams: string[]
  readonly rules: readonly Rule[]
  readonly enrolledId: string | null
}

/** A token that stands, with whoever answers for it. */
async function findBacked(ctx: ReadCtx, isIt: SQL | undefined): Promise<Backed | null> {
  const [row] = await ctx.db
    .select({
      token: serviceTokens,
      roles: subjects.roles,
      rules: subjects.rules,
      teams: subjects.teams,
      enrolledId: enrolments.userId,
    })
    .from(serviceTokens)
    .innerJoin(subjects, eq(subjects.userId, serviceTokens.backedBy))
    .leftJoin(enrolments, eq(enrolments.userId, serviceTokens.backedBy))
    .where(
      and(
        isIt,
        isNull(serviceTokens.revokedAt),
        gt(serviceTokens.expiresAt, sql`clock_timestamp()`),
        eq(subjects.status, 'active'),
      ),
    )
  return row ?? null
}

function identityOf(ctx: ReadCtx, { token, ...owner }: Backed, expiresAt: Date): ServiceIdentity {
  const { id, scopes, isReadOnly, requestsPerMinute, lastUsedAt, backedBy } = token
  const rights = within(ctx, scopes, { ...owner, userId: backedBy })
  return {
    id,
    onBehalfOf: null,
    roles: owner.roles,
    ...rights,
    isReadOnly,
    requestsPerMinute,
    expiresAt,
    lastUsedAt,
    backedBy,
  }
}

/** The program whose token's hash is in the environment; null while the user in whose name it acts may not act. */
export async function findEnvironmentIdentity(ctx: ReadCtx): Promise<ServiceIdentity | null> {
  const { adminServiceTokenScopes: scopes, adminServiceUserId: userId } = ctx.settings
  const own = {
    id: environmentId,
    requestsPerMinute: null,
    expiresAt: null,
    lastUsedAt: null,
    backedBy: userId ?? null,
    onBehalfOf: userId ?? null,
    isReadOnly: userId === undefined,
  }
  if (userId === undefined) {
    const rules = scopes.map((permission) => ({ permission }))
    return { ...own, roles: [], ...rightsOf(rules, { id: own.id, teams: [] }) }
  }
  const [owner] = await ctx.db
    .select({
      userId: subjects.userId,
      roles: subjects.roles,
      rules: subjects.rules,
      teams: subjects.teams,
      enrolledId: enrolments.userId,
    })
    .from(subjects)
    .leftJoin(enrolments, eq(enrolments.userId, subjects.userId))
    .where(and(eq(subjects.userId, userId), eq(subjects.status, 'active')))
  return owner ? { ...own, roles: owner.roles, ...within(ctx, scopes, owner) } : null
}

/** Why a program can do nothing with a permission; null where it can. */
export type WhyNotForPrograms = (scope: string) => string | null

/**
 * Makes a token; the answer is the only time that it can be read. Throws `admin.scope_above_own` (403), and
 * `http.invalid_request` (422) for scopes with which a program can do nothing.
 */
export async function createServiceToken(
  tx: TxCtx,
  input: {
    name: string
    scopes: readonly string[]
    readOnly?: boolean
    expiresAt?: string
    requestsPerMinute?: number
  },
  whyNotForPrograms: WhyNotForPrograms,
): Promise<{ row: ServiceToken; token: string }> {
  await requireStanding(tx, manage)
  requireScopes(tx, null, input.scopes)
  requireUsable(input.scopes, whyNotForPrograms)
  const token = newCheckedToken(serviceTokenLabel)
  const row = one(
    await tx.db
      .insert(serviceTokens)
      .values({
        name: input.name,
        scopes: [...input.scopes],
        isReadOnly: input.readOnly ?? true,
        ...secretOf(token),
        backedBy: tx.actor.id ?? '',
        requestsPerMinute: input.requestsPerMinute ?? null,
        expiresAt: expiryOf(tx, input.expiresAt ?? afterDays(tx, usualDays)),
      })
      .returning(),
  )
  const { scopes, isReadOnly, expiresAt } = row
  await tx.record(serviceTokenCreated, row.id, {
    scopes,
    isReadOnly,
    expiresAt: expiresAt.toISOString(),
  })
  return { row, token }
}

/**
 * Makes a new secret for a token; the one before works for as long as the overlap, an older one no longer. From now on
 * the caller answers for it. Throws `admin.service_token_not_found` (404) and `admin.scope_above_own` (403).
 */
export async function rotateServiceToken(
  tx: TxCtx,
  id: string,
  { overlapMinutes, expiresAt }: { overlapMinutes: number; expiresAt?: string },
): Promise<{ row: ServiceToken; token: string }> {
  await requireStanding(tx, manage)
  const [current] = await tx.db.select().from(serviceTokens).where(isAlive(id)).for('update')
  if (!current) throw errors.service_token_not_found()
  requireScopes(tx, id, current.scopes)
  const token = newCheckedToken(serviceTokenLabel)
  const row = one(
    await tx.db
      .update(serviceTokens)
      .set({
        ...secretOf(token),
        previousHash: current.hash,
        previousUntil: sql`clock_timestamp() + make_interval(mins => ${overlapMinutes})`,
        backedBy: tx.actor.id ?? '',
        rotatedAt: tx.now,
        ...(expiresAt === undefined ? {} : { expiresAt: expiryOf(tx, expiresAt) }),
      })
      .where(eq(serviceTokens.id, id))
      .returning(),
  )
  await tx.record(serviceTokenRotated, id, {
    overlapMinutes,
    expiresAt: row.expiresAt.toISOString(),
  })
  await tx.invalidate(`service_token:${id}`)
  return { row, token }
}

/** A token for the environment: only its hash is told to the server. */
export function newEnvironmentToken(): { token: string; hash: string } {
  const token = newCheckedToken(serviceTokenLabel)
  return { token, hash: hashToken(token).toString('hex') }
}

/**
 * Ends a token at once, with both of its secrets: for those who could rotate it, and whoever answers for it. Throws
 * `admin.service_token_not_found` (404) and `admin.scope_above_own` (403).
 */
export async function revokeServiceToken(tx: TxCtx, id: string): Promise<void> {
  await requireStanding(tx, manage)
  const isOne = and(eq(serviceTokens.id, id), isNull(serviceTokens.revokedAt))
  const [current] = await tx.db.select().from(serviceTokens).where(isOne).for('update')
  if (!current) throw errors.service_token_not_found()
  if (current.backedBy !== tx.actor.id) requireScopes(tx, id, current.scopes)
  await tx.db.update(serviceTokens).set({ revokedAt: tx.now }).where(isOne)
  await tx.record(serviceTokenRevoked, id, {})
  await tx.invalidate(`service_token:${id}`)
}

/** Notes that a token is in use; asked rarely, so that reading writes nothing. */
export async function touchServiceToken(tx: TxCtx, id: string): Promise<void> {
  await tx.db
    .update(serviceTokens)
    .set({ lastUsedAt: sql`now()` })
    .where(eq(serviceTokens.id, id))
}

const isAlive = (id: string) =>
  and(
    eq(serviceTokens.id, id),
    isNull(serviceTokens.revokedAt),
    gt(serviceTokens.expiresAt, sql`clock_timestamp()`),
  )

function requireScopes(tx: TxCtx, id: string | null, scopes: readonly string[]): void {
  const above = scopes.filter((scope) => !tx.actor.can(scope))
  if (above.length > 0)
    throw errors
      .scope_above_own({ scopes: above })
      .recording(refused(scopeRefused, id, { scopes: above }))
}

/** A token that looks as if it could do a thing, and never can, is found out too late. */
function requireUsable(scopes: readonly string[], whyNotForPrograms: WhyNotForPrograms): void {
  const faults = scopes.flatMap((scope, index) => {
    const why = whyNotForPrograms(scope)
    return why === null ? [] : [{ pointer: `/scopes/${index}`, message: `${scope} ${why}` }]
  })
  if (faults.length > 0) throw httpErrors.invalid_request({ errors: faults })
}

/** What whoever answers for a token may do now, as far as it was made for it: nothing while their second factor is due. */
const within = (
  ctx: ReadCtx,
  scopes: readonly string[],
  owner: Parameters<typeof rightsUnderPolicy>[1],
) => narrowed(rightsUnderPolicy(ctx, owner), (wanted) => scopes.includes(wanted))

const endOfPrevious = ({ previousUntil, expiresAt }: ServiceToken) =>
  previousUntil !== null && previousUntil < expiresAt ? previousUntil : expiresAt

const secretOf = (token: string) => ({ hash: hashToken(token), hint: token.slice(0, hintLength) })

const afterDays = ({ now }: ReadCtx, days: number) =>
  new Date(now.getTime() + days * dayMs).toISOString()

function expiryOf(tx: TxCtx, given: string): Date {
  const expiresAt = new Date(given)
  const isSoon = expiresAt.getTime() <= tx.now.getTime() + maxDays * dayMs
  if (expiresAt > tx.now && isSoon) return expiresAt
  throw httpErrors.invalid_request({
    errors: [{ pointer: '/expiresAt', message: `must be in the future, within ${maxDays} days` }],
  })
}
