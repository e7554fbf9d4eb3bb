/**
 * `Idempotency-Key` (IETF draft-ietf-httpapi-idempotency-key-header): one request, one effect, one answer.
 * The key row is claimed under a lease before the handler runs. Every transaction the handler commits saves its
 * result in that row, in the same transaction; a retry after a crash is given those results instead of running
 * the transactions again, so it resumes where the first try stopped and ends with the same answer.
 * Bodies and results may hold passwords and tokens: they are kept sealed, and the fingerprint needs the key too.
 */
import { createHmac, randomUUID } from 'node:crypto'
import { deserialize, serialize } from 'node:v8'
import { and, eq, lt, sql } from 'drizzle-orm'
import type { PhaseLog } from '../context.ts'
import type { Db, Tx } from '../db/index.ts'
import { seal, unseal } from '../secrets.ts'
import { idempotencyKeys as keys } from '../tables.ts'
import { httpErrors } from './errors.ts'

/** How long a finished answer can be asked for again. Money is remembered longer than any client retries. */
export const rememberSeconds = { usual: 24 * 3600, money: 30 * 24 * 3600 } as const
/** What to wait before asking again while the first request runs. */
const retryAfterSeconds = 1
const printableKey = /^[\x21-\x7e]{1,255}$/
/** Definitive answers are kept; these may turn out differently next time, without anything having happened. */
const notKept = new Set([401, 403, 408, 409, 412, 425, 429])

export type KeyedRequest = {
  /** Whose key it is: keys of two principals never meet. */
  readonly principal: string
  readonly method: string
  /** Route pattern, `/api/v1/payments/:id/refunds`. */
  readonly route: string
  /** The real path with its query. */
  readonly url: string
  readonly key: string
  readonly body: unknown
  readonly apiVersion: string
  readonly leaseSeconds: number
  readonly rememberSeconds: number
}

export type StoredAnswer = {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

/** A claimed key: the handler runs with `phases`, then the answer is stored or the claim given up. */
export type Claim = {
  readonly phases: PhaseLog
  /** Stores a definitive answer; gives the claim up for any other, so that a retry goes on where this try ended. */
  finish(answer: StoredAnswer): Promise<void>
}

type Row = typeof keys.$inferSelect

/**
 * Claims a key, or finds the answer it already has. Throws `http.invalid_idempotency_key` (400),
 * `http.idempotency_key_reused` (422) and `http.idempotency_in_progress` (409 with Retry-After).
 */
export async function claimKey(
  db: Db,
  secret: Buffer,
  request: KeyedRequest,
): Promise<Claim | StoredAnswer> {
  if (!printableKey.test(request.key)) throw httpErrors.invalid_idempotency_key()
  const owner = randomUUID()
  const fingerprint = fingerprintOf(request, secret)
  const fresh = await insertRow(db, request, owner, fingerprint)
  if (fresh) return claimOf(db, secret, request, owner, [])

  const [row] = await db.select().from(keys).where(isRow(request))
  if (!row) throw inProgress()
  if (!row.fingerprint.equals(fingerprint)) throw httpErrors.idempotency_key_reused()
  if (row.state === 'done') return answerOf(row, secret)
  const taken = await takeOver(db, request, row.owner, owner)
  if (!taken) throw inProgress()
  return claimOf(db, secret, request, owner, taken.phases)
}

/** Removes rows nobody can ask for any more. Returns how many. */
export async function forgetExpiredKeys(db: Db): Promise<number> {
  const { rowCount } = await db.delete(keys).where(lt(keys.expiresAt, sql`now()`))
  return rowCount ?? 0
}

/** Inserts the row, or takes the place of one that has expired; false when a live row exists. */
async function insertRow(
  db: Db,
  request: KeyedRequest,
  owner: string,
  fingerprint: Buffer,
): Promise<boolean> {
  const claimed = {
    fingerprint,
    state: 'in_progress' as const,
    owner,
    leaseUntil: secondsFromNow(request.leaseSeconds),
    phases: [],
    status: null,
    headers: null,
    body: null,
    expiresAt: secondsFromNow(request.rememberSeconds),
  }
  const rows = await db
    .insert(keys)
    .values({ principal: request.principal, route: routeOf(request), key: request.key, ...claimed })
    .onConflictDoUpdate({
      target: [keys.principal, keys.route, keys.key],
      set: { ...claimed, createdAt: sql`now()` },
      setWhere: lt(keys.expiresAt, sql`now()`),
    })
    .returning({ owner: keys.owner })
  return rows.length === 1
}

/** Only an expired lease can be taken, and only by one: the owner it was taken from is compared and swapped. */
async function takeOver(
  db: Db,
  request: KeyedRequest,
  from: string,
  owner: string,
): Promise<Row | null> {
  const [row] = await db
    .update(keys)
    .set({ owner, leaseUntil: secondsFromNow(request.leaseSeconds) })
    .where(
      and(
        isRow(request),
        eq(keys.owner, from),
        eq(keys.state, 'in_progress'),
        lt(keys.leaseUntil, sql`now()`),
      ),
    )
    .returning()
  return row ?? null
}

function claimOf(
  db: Db,
  secret: Buffer,
  request: KeyedRequest,
  owner: string,
  earlier: readonly Buffer[],
): Claim {
  let committed = earlier.length
  const place = (part: string) => placeOf(rowKeyOf(request), part)
  const isMine = and(isRow(request), eq(keys.owner, owner), eq(keys.state, 'in_progress'))
  return {
    phases: {
      find: (phase) => {
        const saved = earlier[phase]
        if (!saved) return null
        return { result: deserialize(unseal(secret, saved, place(`phase ${phase}`))) as unknown }
      },
      save: async (tx: Tx, phase, result) => {
        const { rowCount } = await tx
          .update(keys)
          .set({
            phases: sql`array_append(${keys.phases}, ${seal(secret, serialize(result), place(`phase ${phase}`))})`,
            leaseUntil: secondsFromNow(request.leaseSeconds),
          })
          .where(and(isMine, sql`cardinality(${keys.phases}) = ${phase}`))
        // Someone took over: this try must leave no effect, its transaction rolls back.
        if (rowCount !== 1) throw inProgress()
        committed = phase + 1
      },
    },
    finish: async (answer) => {
      const isDefinitive = answer.status < 500 && !notKept.has(answer.status)
      if (isDefinitive) {
        await db
          .update(keys)
          .set({
            state: 'done',
            status: answer.status,
            headers: answer.headers,
            body: seal(secret, answer.body, place('body')),
            phases: [],
          })
          .where(isMine)
      } else if (committed === 0) await db.delete(keys).where(isMine)
      else
        await db
          .update(keys)
          .set({ leaseUntil: sql`now()` })
          .where(isMine)
    },
  }
}

const routeOf = (request: KeyedRequest) => `${request.method} ${request.route}`
const inProgress = () => httpErrors.idempotency_in_progress({ retryAfterSeconds })
const secondsFromNow = (seconds: number) => sql`now() + make_interval(secs => ${seconds})`

function isRow(request: KeyedRequest) {
  return and(
    eq(keys.principal, request.principal),
    eq(keys.route, routeOf(request)),
    eq(keys.key, request.key),
  )
}

function answerOf(row: Row, secret: Buffer): StoredAnswer {
  return {
    status: row.status ?? 200,
    headers: (row.headers ?? {}) as Record<string, string>,
    body: row.body ? unseal(secret, row.body, placeOf(row, 'body')) : Buffer.alloc(0),
  }
}

type RowKey = Pick<Row, 'principal' | 'route' | 'key'>

const rowKeyOf = (request: KeyedRequest): RowKey => ({
  principal: request.principal,
  route: routeOf(request),
  key: request.key,
})

/** Where a sealed text belongs: in another row it does not open. */
const placeOf = ({ principal, route, key }: RowKey, part: string) =>
  JSON.stringify(['platform_idempotency_keys', principal, route, key, part])

/** The same whatever the order of keys and white space in the body. */
function fingerprintOf(request: KeyedRequest, secret: Buffer): Buffer {
  return createHmac('sha256', secret)
    .update(
      `${request.method}\n${request.url}\n${request.apiVersion}\n${canonicalJson(request.body)}`,
    )
    .digest()
}

function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (value !== null && typeof value === 'object') {
    const fields = Object.entries(value)
      .toSorted(([left], [right]) => (left < right ? -1 : 1))
      .map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`)
    return `{${fields.join(',')}}`
  }
  return JSON.stringify(value) ?? 'null'
}
