/** Claims that nobody holds any more though part of their work is committed: found, taken over, given back or given up. */
import { randomUUID } from 'node:crypto'
import { and, eq, isNotNull, sql } from 'drizzle-orm'
import type { Db, Tx } from '../db/index.ts'
import { idempotencyKeys as keys } from '../tables.ts'
import { fingerprintOf } from './fingerprint.ts'
import {
  type KeptRequest,
  type Row,
  type RowKey,
  isRow,
  openRequest,
  takeOver,
} from './idempotency-rows.ts'
import { type Claim, type KeyedRequest, holdClaim } from './idempotency.ts'

/** A client that retries comes first: the server waits this long, and twice as long after each try of its own. */
const graceSeconds = 30
const maxDoublings = 8

/** A claim of the server's own. */
export type TakenOver = RowKey & {
  readonly owner: string
  /** Tries of the server, this one included. */
  readonly attempts: number
  /** Whoever sent it; null for strangers. */
  readonly userId: string | null
  /** The request as it was sent; null when it cannot be unsealed. */
  open(): KeptRequest | null
  isSame(request: KeyedRequest): boolean
  claim(request: KeyedRequest): Claim
}

/** The longest abandoned first. One of which nothing is committed is left to its client: nothing happened. */
export async function findAbandoned(db: Db, limit: number): Promise<readonly Row[]> {
  return db
    .select()
    .from(keys)
    .where(
      and(
        eq(keys.state, 'in_progress'),
        isNotNull(keys.request),
        sql`cardinality(${keys.phases}) > 0`,
        sql`${keys.expiresAt} > now()`,
        sql`${keys.leaseUntil} < now() - make_interval(secs => ${graceSeconds} * 2 ^ least(${keys.attempts}, ${maxDoublings}))`,
      ),
    )
    .orderBy(keys.leaseUntil)
    .limit(limit)
}

/** Null when its client, or another process, was faster. */
export async function takeOverAbandoned(
  db: Db,
  secret: Buffer,
  { principal, route, key, owner: from }: Row,
  leaseSeconds: number,
): Promise<TakenOver | null> {
  const place = { principal, route, key }
  const owner = randomUUID()
  const row = await takeOver(db, place, { from, owner, leaseSeconds }, 'server')
  if (!row) return null
  const held = { ...place, owner, leaseSeconds }
  return {
    ...place,
    owner,
    attempts: row.attempts,
    userId: userOf(principal),
    open: () => row.request && openRequest(secret, place, row.request),
    isSame: (request) => row.fingerprint.equals(fingerprintOf(request, secret)),
    claim: () => holdClaim(db, secret, held, row.phases),
  }
}

/** The status it was answered with; null while it is still ours and open, `lost` when it is somebody else's. */
export async function endOf(db: Db, held: TakenOver): Promise<number | 'lost' | null> {
  const [row] = await db
    .select({ owner: keys.owner, state: keys.state, status: keys.status })
    .from(keys)
    .where(isRow(held))
  if (row?.owner !== held.owner) return 'lost'
  return row.state === 'done' ? row.status : null
}

/** Lets it be tried again, by whoever comes first. */
export async function releaseClaim(db: Db, held: TakenOver): Promise<void> {
  await db
    .update(keys)
    .set({ leaseUntil: sql`now()` })
    .where(isHeld(held))
}

/** The server tries no more; its client still can. False when it is somebody else's by now. */
export async function abandonClaim(tx: Tx, held: TakenOver): Promise<boolean> {
  const { rowCount } = await tx
    .update(keys)
    .set({ request: null, leaseUntil: sql`now()` })
    .where(isHeld(held))
  return rowCount === 1
}

const isHeld = (held: TakenOver) =>
  and(isRow(held), eq(keys.owner, held.owner), eq(keys.state, 'in_progress'))

/** A principal is `kind:id:onBehalfOf`. */
function userOf(principal: string): string | null {
  const [kind, id = null] = principal.split(':')
  return kind === 'user' ? id : null
}
