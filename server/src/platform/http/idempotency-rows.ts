/** The rows behind idempotency keys: how one is named, sealed, made, and taken over. */
import { deserialize, serialize } from 'node:v8'
import { and, eq, lt, sql } from 'drizzle-orm'
import type { Db } from '../db/index.ts'
import { seal, unseal } from '../secrets.ts'
import { idempotencyKeys as keys } from '../tables.ts'

export type Row = typeof keys.$inferSelect
export type RowKey = Pick<Row, 'principal' | 'route' | 'key'>

/** A request as the server itself can send it again. */
export type KeptRequest = {
  readonly url: string
  readonly body: unknown
  readonly headers: Readonly<Record<string, string>>
  readonly requestId: string
  readonly ip: string
  /** Names the caller's credential, see `Caller`. */
  readonly proof: string | null
}

export const secondsFromNow = (seconds: number) => sql`now() + make_interval(secs => ${seconds})`

export function isRow({ principal, route, key }: RowKey) {
  return and(eq(keys.principal, principal), eq(keys.route, route), eq(keys.key, key))
}

/** Where a sealed text belongs: in another row it does not open. */
export const placeOf = ({ principal, route, key }: RowKey, part: string) =>
  JSON.stringify(['platform_idempotency_keys', principal, route, key, part])

export function sealRequest(secret: Buffer, row: RowKey, kept: KeptRequest | null): Buffer | null {
  return kept && seal(secret, serialize(kept), placeOf(row, 'request'))
}

/** Null when it was sealed with another key. */
export function openRequest(secret: Buffer, row: RowKey, sealed: Buffer): KeptRequest | null {
  try {
    return deserialize(unseal(secret, sealed, placeOf(row, 'request'))) as KeptRequest
  } catch {
    return null
  }
}

type Fresh = Pick<Row, 'fingerprint' | 'owner' | 'request'> & {
  readonly leaseSeconds: number
  readonly rememberSeconds: number
}

/** Inserts the row, or takes the place of one that has expired; false when a live row exists. */
export async function insertRow(
  db: Db,
  { principal, route, key }: RowKey,
  { leaseSeconds, rememberSeconds, ...fresh }: Fresh,
): Promise<boolean> {
  const claimed = {
    ...fresh,
    state: 'in_progress' as const,
    leaseUntil: secondsFromNow(leaseSeconds),
    phases: [],
    attempts: 0,
    status: null,
    headers: null,
    body: null,
    expiresAt: secondsFromNow(rememberSeconds),
  }
  const rows = await db
    .insert(keys)
    .values({ principal, route, key, ...claimed })
    .onConflictDoUpdate({
      target: [keys.principal, keys.route, keys.key],
      set: { ...claimed, createdAt: sql`now()` },
      setWhere: lt(keys.expiresAt, sql`now()`),
    })
    .returning({ owner: keys.owner })
  return rows.length === 1
}

/** Only an expired lease can be taken, and only by one: the owner it was taken from is compared and swapped. */
export async function takeOver(
  db: Db,
  row: RowKey,
  to: { from: string; owner: string; leaseSeconds: number },
  /** A client starts the count of the server's tries anew; the server counts its own. */
  by: { client: { request: Buffer | null } } | 'server',
): Promise<Row | null> {
  const [taken] = await db
    .update(keys)
    .set({
      owner: to.owner,
      leaseUntil: secondsFromNow(to.leaseSeconds),
      ...(by === 'server'
        ? { attempts: sql`${keys.attempts} + 1` }
        : { attempts: 0, request: by.client.request }),
    })
    .where(
      and(
        isRow(row),
        eq(keys.owner, to.from),
        eq(keys.state, 'in_progress'),
        lt(keys.leaseUntil, sql`now()`),
      ),
    )
    .returning()
  return taken ?? null
}
