/**
 * `Idempotency-Key` (IETF draft-ietf-httpapi-idempotency-key-header): one request, one effect, one answer.
 * The key row is claimed under a lease before the handler runs. Every transaction the handler commits saves its
 * result in that row, in the same transaction; a retry after a crash is given those results instead of running
 * the transactions again, so it resumes where the first try stopped and ends with the same answer.
 * Bodies and results may hold passwords and tokens: they are kept sealed, and the fingerprint needs the key too.
 */
import { randomUUID } from 'node:crypto'
import { deserialize, serialize } from 'node:v8'
import { and, eq, lt, sql } from 'drizzle-orm'
import type { PhaseLog } from '../context.ts'
import { crashPoint } from '../crash-points.ts'
import type { Db, Tx } from '../db/index.ts'
import { seal, unseal } from '../secrets.ts'
import { idempotencyKeys as keys } from '../tables.ts'
import { httpErrors } from './errors.ts'
import { type Fingerprinted, fingerprintOf } from './fingerprint.ts'
import {
  type KeptRequest,
  type Row,
  type RowKey,
  insertRow,
  isRow,
  placeOf,
  sealRequest,
  secondsFromNow,
  takeOver,
} from './idempotency-rows.ts'

/** How long a finished answer can be asked for again. Money is remembered longer than any client retries. */
export const rememberSeconds = { usual: 24 * 3600, money: 30 * 24 * 3600 } as const
/** What to wait before asking again while the first request runs. */
const retryAfterSeconds = 1
/** An idempotency lease outlives the longest request by this much. */
export const leaseMarginSeconds = 5
const printableKey = /^[\x21-\x7e]{1,255}$/
/** Definitive answers are kept; these may turn out differently next time, without anything having happened. */
const notKept = new Set([401, 403, 408, 409, 412, 425, 429])

export type KeyedRequest = Fingerprinted & {
  /** Whose key it is: keys of two principals never meet. */
  readonly principal: string
  /** Route pattern, `/api/v1/payments/:id/refunds`. */
  readonly route: string
  readonly key: string
  /** What the server needs to finish it without its client; null where nobody would miss that. */
  readonly kept: KeptRequest | null
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
  const place = rowKeyOf(request)
  const fingerprint = fingerprintOf(request, secret)
  const { leaseSeconds, rememberSeconds: remembered } = request
  const sealed = sealRequest(secret, place, request.kept)
  const claimed = { fingerprint, owner, request: sealed, leaseSeconds, rememberSeconds: remembered }
  if (await insertRow(db, place, claimed))
    return holdClaim(db, secret, { ...place, ...claimed }, [])

  const [row] = await db.select().from(keys).where(isRow(place))
  if (!row) throw inProgress()
  if (!row.fingerprint.equals(fingerprint)) throw httpErrors.idempotency_key_reused()
  if (row.state === 'done') return answerOf(row, secret)
  const to = { from: row.owner, owner, leaseSeconds }
  const taken = await takeOver(db, place, to, { client: { request: sealed } })
  if (!taken) throw inProgress()
  return holdClaim(db, secret, { ...place, ...claimed }, taken.phases)
}

/** Removes rows nobody can ask for any more. Returns how many. */
export async function forgetExpiredKeys(db: Db): Promise<number> {
  const { rowCount } = await db.delete(keys).where(lt(keys.expiresAt, sql`now()`))
  return rowCount ?? 0
}

/** The claim of whoever owns a row; `earlier` are the results that other tries committed. */
export function holdClaim(
  db: Db,
  secret: Buffer,
  held: RowKey & { readonly owner: string; readonly leaseSeconds: number },
  earlier: readonly Buffer[],
): Claim {
  let committed = earlier.length
  const place = (part: string) => placeOf(held, part)
  const isMine = and(isRow(held), eq(keys.owner, held.owner), eq(keys.state, 'in_progress'))
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
            leaseUntil: secondsFromNow(held.leaseSeconds),
          })
          .where(and(isMine, sql`cardinality(${keys.phases}) = ${phase}`))
        // Someone took over: this try must leave no effect, its transaction rolls back.
        if (rowCount !== 1) throw inProgress()
        committed = phase + 1
        crashPoint('idempotency.while_saving')
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
            request: null,
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

const inProgress = () => httpErrors.idempotency_in_progress({ retryAfterSeconds })

function answerOf(row: Row, secret: Buffer): StoredAnswer {
  return {
    status: row.status ?? 200,
    headers: (row.headers ?? {}) as Record<string, string>,
    body: row.body ? unseal(secret, row.body, placeOf(row, 'body')) : Buffer.alloc(0),
  }
}

const rowKeyOf = (request: KeyedRequest): RowKey => ({
  principal: request.principal,
  route: `${request.method} ${request.route}`,
  key: request.key,
})
