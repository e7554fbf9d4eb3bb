/**
 * The chain over all facts: each seal is a hash over the one before and its fact, so that nobody changes, removes, adds
 * or moves a fact without every later seal being wrong. Facts are sealed after they are written, by one process at a
 * time: who writes them waits for nobody.
 */
import { createHash } from 'node:crypto'
import { desc, sql } from 'drizzle-orm'
import type { Ctx, TxCtx } from '../context.ts'
import type { ReadDb } from '../db/index.ts'
import { eventSeals } from '../tables.ts'
import { type Place, type ProvenFact, beginning, isBelowHorizon, readFacts } from './order.ts'

/** About a megabyte of facts, and a few milliseconds. */
const batchFacts = 1_000
/** Any fixed number: two sealers at once would make two chains. */
const lockId = 4_707_257

/** The last seal, or what stands before the first. */
export type Seal = { readonly number: bigint; readonly hash: Buffer; readonly place: Place }

export const noSeal: Seal = { number: 0n, hash: Buffer.alloc(32), place: beginning }

export async function lastSeal(db: ReadDb): Promise<Seal> {
  const [row] = await db.select().from(eventSeals).orderBy(desc(eventSeals.number)).limit(1)
  if (!row) return noSeal
  const { number, hash, position, eventId } = row
  return { number, hash, place: { position, id: eventId } }
}

/** The hash of a fact's seal. The form of a fact is an array of its columns in JSON (docs/audit.md). */
export function hashFact(before: Buffer, fact: ProvenFact): Buffer {
  const form = JSON.stringify([
    fact.id,
    fact.position.toString(),
    fact.microseconds,
    fact.name,
    fact.outcome,
    fact.actorKind,
    fact.actorId,
    fact.onBehalfOf,
    fact.subjectId,
    fact.data,
    fact.detailsHash?.toString('hex') ?? null,
    fact.requestId,
  ])
  return createHash('sha256').update(before).update(form).digest()
}

/** Seals everything below the horizon; returns how many facts that were. */
export async function sealFacts(ctx: Ctx, signal: AbortSignal): Promise<number> {
  let sealed = 0
  while (!signal.aborted) {
    const count = await ctx.tx(sealBatch)
    sealed += count
    if (count < batchFacts) break
  }
  return sealed
}

/** The next batch; 0 when there is nothing to seal, or somebody else is at it. */
async function sealBatch(tx: TxCtx): Promise<number> {
  const { rows } = await tx.db.execute<{ ours: boolean }>(
    sql`select pg_try_advisory_xact_lock(${lockId}) as ours`,
  )
  if (!rows[0]?.ours) return 0
  const last = await lastSeal(tx.db)
  const facts = await readFacts(tx.db, last.place, batchFacts, isBelowHorizon)
  if (facts.length === 0) return 0
  let { hash } = last
  const hashes = facts.map((fact) => (hash = hashFact(hash, fact)).toString('hex'))
  await tx.db.execute(sql`
    insert into platform_event_seals (number, event_id, position, hash)
    select ${last.number}::bigint + n, id, position, decode(hash, 'hex')
    from unnest(
      ${sql.param(facts.map(({ id }) => id))}::uuid[],
      ${sql.param(facts.map(({ position }) => position))}::bigint[],
      ${sql.param(hashes)}::text[]
    ) with ordinality as t (id, position, hash, n)`)
  return facts.length
}
