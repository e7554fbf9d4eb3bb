/** API keys: long-lived credentials for programs, shown once and stored as a hash. */
import { and, desc, eq, gt, isNull, or, sql } from 'drizzle-orm'
import { v7 as uuidv7 } from 'uuid'
import type { ReadCtx, TxCtx } from '../../platform/context.ts'
import type { Tx } from '../../platform/db/index.ts'
import { one } from '../../platform/db/one.ts'
import { statement } from '../../platform/db/prepared.ts'
import { httpErrors } from '../../platform/http/errors.ts'
import { hashToken, isWholeToken, newCheckedToken } from '../../platform/secrets.ts'
import { subjects } from '../access/index.ts'
import { enrolments } from '../twofa/index.ts'
import { type Rights, narrowed } from '../../platform/rights/index.ts'
import { rightsUnderPolicy } from './enrolment-duty.ts'
import { errors } from './errors.ts'
import { type KeyScopes, whyNotForKeys } from './key-scopes.ts'
import { apiKeyCreated, apiKeyRevoked } from './events.ts'
import { type ApiKey, apiKeys } from './tables.ts'

export const apiKeyLabel = 'ash_k_'
/** The most that a key's own limit may be; the general limit counts beside it. */
export const maxKeyRequestsPerMinute = 1_000
/** Enough to tell keys apart, too little to guess the rest. */
const hintLength = apiKeyLabel.length + 6
/** Most keys one answer lists; an account with more of them has lost count itself. */
const maxListed = 500
const latestExpiry = new Date('9999-01-01T00:00:00Z')

/** Whose key it will be, beside what there is to be allowed. */
type KeyOwner = KeyScopes & { readonly hasAuthenticator: boolean }

export type KeyIdentity = Rights & {
  readonly keyId: string
  readonly userId: string
  readonly roles: readonly string[]
  readonly hasAuthenticator: boolean
  readonly expiresAt: Date | null
  readonly lastUsedAt: Date | null
  readonly requestsPerMinute: number | null
}

export async function listApiKeys(ctx: ReadCtx, userId: string): Promise<ApiKey[]> {
  return ctx.db
    .select()
    .from(apiKeys)
    .where(and(eq(apiKeys.userId, userId), isNull(apiKeys.revokedAt)))
    .orderBy(desc(apiKeys.id))
    .limit(maxListed)
}

/** Who a presented key belongs to, and what it may do: its scopes, and never more than its owner. */
export async function findIdentityByKey(ctx: ReadCtx, key: string): Promise<KeyIdentity | null> {
  if (!isWholeToken(apiKeyLabel, key)) return null
  return findIdentity(ctx, eq(apiKeys.hash, hashToken(key)))
}

export async function findIdentityByKeyId(ctx: ReadCtx, id: string): Promise<KeyIdentity | null> {
  return findIdentity(ctx, eq(apiKeys.id, id))
}

async function findIdentity(
  ctx: ReadCtx,
  isIt: ReturnType<typeof eq>,
): Promise<KeyIdentity | null> {
  const [row] = await ctx.db
    .select({
      keyId: apiKeys.id,
      userId: apiKeys.userId,
      scopes: apiKeys.scopes,
      expiresAt: apiKeys.expiresAt,
      lastUsedAt: apiKeys.lastUsedAt,
      requestsPerMinute: apiKeys.requestsPerMinute,
      teams: subjects.teams,
      roles: subjects.roles,
      rules: subjects.rules,
      enrolledId: enrolments.userId,
    })
    .from(apiKeys)
    .innerJoin(subjects, eq(subjects.userId, apiKeys.userId))
    .leftJoin(enrolments, eq(enrolments.userId, apiKeys.userId))
    .where(
      and(
        isIt,
        isNull(apiKeys.revokedAt),
        or(isNull(apiKeys.expiresAt), gt(apiKeys.expiresAt, sql`now()`)),
        eq(subjects.status, 'active'),
      ),
    )
  if (!row) return null
  const { scopes, enrolledId, teams: _teams, rules: _rules, ...identity } = row
  const owner = rightsUnderPolicy(ctx, row)
  const rights = scopes === null ? owner : narrowed(owner, (wanted) => scopes.includes(wanted))
  return { ...identity, ...rights, hasAuthenticator: enrolledId !== null }
}

/**
 * Makes a key; the answer is the only time that it can be read. Only a session makes keys: one made by a key would
 * outlive its maker's expiry, revocation and scopes. Throws `auth.unknown_scope` (422), and `http.invalid_request` (422) for
 * scopes with which a key can do nothing.
 */
export async function createApiKey(
  tx: TxCtx,
  input: {
    name: string
    scopes?: readonly string[] | undefined
    expiresAt?: string | undefined
    requestsPerMinute?: number | undefined
  },
  owner: KeyOwner,
): Promise<{ row: ApiKey; key: string }> {
  if (tx.actor.sessionId === null) throw errors.session_required()
  requireUsable(tx, input.scopes ?? [], owner)
  const userId = tx.actor.id ?? ''
  const key = newCheckedToken(apiKeyLabel)
  const created = one(
    await insertApiKey(tx.db, {
      id: uuidv7(),
      userId,
      name: input.name,
      hash: hashToken(key),
      hint: key.slice(0, hintLength),
      scopes: input.scopes ? [...input.scopes] : null,
      expiresAt: input.expiresAt === undefined ? null : expiryOf(tx, input.expiresAt),
      requestsPerMinute: input.requestsPerMinute ?? null,
    }),
  )
  await tx.record(apiKeyCreated, created.id, { scopes: created.scopes })
  return { row: created, key }
}

/** What the caller can make a key for, by name: permissions of theirs with which a key can do something. */
export function listKeyScopes(ctx: ReadCtx, owner: KeyOwner): string[] {
  return [...owner.permissions]
    .filter((scope) => ctx.actor.can(scope))
    .filter((scope) => whyNotForKeys(owner, scope, owner.hasAuthenticator) === null)
    .toSorted()
}

function requireUsable(tx: TxCtx, scopes: readonly string[], owner: KeyOwner): void {
  // Who may do everything may also do what there is not.
  const beyond = scopes.filter((scope) => !owner.permissions.has(scope) || !tx.actor.can(scope))
  if (beyond.length > 0) throw errors.unknown_scope({ scopes: beyond })
  const faults = scopes.flatMap((scope, index) => {
    const why = whyNotForKeys(owner, scope, owner.hasAuthenticator)
    return why === null ? [] : [{ pointer: `/scopes/${index}`, message: `${scope} ${why}` }]
  })
  if (faults.length > 0) throw httpErrors.invalid_request({ errors: faults })
}

/** Ends a user's key at once. Another's key does not exist: `auth.api_key_not_found` (404). */
export async function revokeApiKey(
  tx: TxCtx,
  { id, userId }: Pick<ApiKey, 'id' | 'userId'>,
): Promise<void> {
  const [revoked] = await tx.db
    .update(apiKeys)
    .set({ revokedAt: tx.now })
    .where(and(eq(apiKeys.id, id), eq(apiKeys.userId, userId), isNull(apiKeys.revokedAt)))
    .returning()
  if (!revoked) throw errors.api_key_not_found()
  await tx.record(apiKeyRevoked, id, {})
  await tx.invalidate(`api_key:${id}`)
}

/** Notes that a key is in use, and from where; asked rarely, so that reading writes nothing. */
export async function touchApiKey(tx: TxCtx, id: string): Promise<void> {
  await tx.db
    .update(apiKeys)
    .set({ lastUsedAt: sql`now()`, lastUsedIp: tx.actor.ip })
    .where(eq(apiKeys.id, id))
}

const insertApiKey = statement<
  Omit<ApiKey, 'revokedAt' | 'createdAt' | 'lastUsedAt' | 'lastUsedIp'>
>()((db: Tx, given) =>
  db
    .insert(apiKeys)
    .values({
      id: given('id'),
      userId: given('userId'),
      name: given('name'),
      hash: given('hash'),
      hint: given('hint'),
      scopes: given('scopes'),
      expiresAt: given('expiresAt'),
      requestsPerMinute: given('requestsPerMinute'),
    })
    .returning(),
)

/** Within what PostgreSQL and JavaScript agree on: RFC 3339 knows leap seconds, and dates beyond both. */
function expiryOf(tx: TxCtx, given: string): Date {
  const expiresAt = new Date(given)
  if (expiresAt > tx.now && expiresAt < latestExpiry) return expiresAt
  throw httpErrors.invalid_request({
    errors: [{ pointer: '/expiresAt', message: 'must be a time in the future' }],
  })
}
