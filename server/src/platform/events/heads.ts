/**
 * Heads: seals that were signed. Who can write the database can make a whole new chain; not one that leads to a head
 * which was signed before, least of all to one that lies elsewhere.
 */
import { and, desc, eq, gte, lte, ne, sql } from 'drizzle-orm'
import { Type } from 'typebox'
import { Compile } from 'typebox/compile'
import type { Static } from 'typebox'
import type { Ctx } from '../context.ts'
import type { ReadDb } from '../db/index.ts'
import { one } from '../db/one.ts'
import type { Storage } from '../storage/index.ts'
import { eventHeads } from '../tables.ts'
import type { DocumentReader } from '../tokens/index.ts'
import { type Seal, lastSeal, noSeal } from './chain.ts'

const documentType = 'ashlar-head'
const contentType = 'application/jose'
/** Where heads lie in storage. Their names begin with the number, so the last one in a listing is the newest. */
const shippedPrefix = 'audit/heads/'
const numberDigits = 16
/** Sealing begins by the minute, and not at the same part of its second: what is due in a moment is due. */
const dueLeewayMs = 30_000

const Whole = Type.String({ pattern: '^-?\\d{1,19}$' })
const Uuid = Type.String({ pattern: '^[0-9a-f-]{36}$' })
const Content = Type.Object({
  number: Whole,
  eventId: Uuid,
  position: Whole,
  hash: Type.String({ pattern: '^[0-9a-f]{64}$' }),
  /** When it was signed, by the clock of the database. */
  at: Type.String({ maxLength: 40 }),
  /** Facts from this position on were not there yet. */
  next: Whole,
  /** Facts with ids below it were dropped, and with them the chain up to this seal; null for a head that only tells. */
  cut: Type.Union([Uuid, Type.Null()]),
})
const isContent = Compile(Content)

export type Head = {
  readonly seal: Seal
  readonly at: Date
  readonly next: bigint
  readonly cut: string | null
  readonly kid: string
}

/** Reads a head; null for what is none of ours, or was signed by a key that was not believed any more. */
export function readHead(read: DocumentReader, document: string): Head | null {
  const found = read(documentType, document.trim())
  if (!found || !isContent.Check(found.content)) return null
  const { number, eventId, position, hash, at, next, cut } = found.content
  const signedAt = new Date(at)
  if (found.retiredAt && found.retiredAt < signedAt) return null
  return {
    seal: {
      number: BigInt(number),
      hash: Buffer.from(hash, 'hex'),
      place: { position: BigInt(position), id: eventId },
    },
    at: signedAt,
    next: BigInt(next),
    cut,
    kid: found.kid,
  }
}

export type StoredHead = { readonly number: bigint; readonly document: string }

/** A `head` is kept and shipped, a `tip` proves the end until a later head does, a `cut` says where the chain begins. */
type HeadKind = (typeof eventHeads.$inferSelect)['kind']

/** The newest of a kind. */
export async function findHead(db: ReadDb, kind: HeadKind) {
  const [row] = await db
    .select()
    .from(eventHeads)
    .where(eq(eventHeads.kind, kind))
    .orderBy(desc(eventHeads.number), desc(eventHeads.id))
    .limit(1)
  return row ?? null
}

/** How far the chain had come when it was last signed; 0 for never. The number is not proven here. */
export async function lastSigned(db: ReadDb): Promise<bigint> {
  const [head, tip] = [await findHead(db, 'head'), await findHead(db, 'tip')]
  const numbers = [head?.number ?? 0n, tip?.number ?? 0n] as const
  return numbers[0] > numbers[1] ? numbers[0] : numbers[1]
}

/** Heads and tips of these numbers, in order. */
export function listHeads(
  db: ReadDb,
  { from, to }: { readonly from: bigint; readonly to: bigint },
  limit: number,
): Promise<StoredHead[]> {
  const { number } = eventHeads
  return db
    .select({ number, document: eventHeads.document })
    .from(eventHeads)
    .where(and(ne(eventHeads.kind, 'cut'), gte(number, from), lte(number, to)))
    .orderBy(number, eventHeads.id)
    .limit(limit)
}

/**
 * Signs the end of the chain when it has grown: every time, so that nobody takes away what has been sealed, and every
 * so often as a head that is kept.
 */
export async function signHead(ctx: Ctx, intervalSeconds: number): Promise<void> {
  const [kept, signed] = [await findHead(ctx.db, 'head'), await lastSigned(ctx.db)]
  const seal = await lastSeal(ctx.db)
  // Nothing is signed that would contradict what was signed before.
  if (seal.number < signed) return
  const age = kept ? ctx.now.getTime() - kept.at.getTime() : Infinity
  const isDue = age + dueLeewayMs >= intervalSeconds * 1000
  if (isDue && seal.number > (kept?.number ?? 0n)) await signSeal(ctx, seal, { kind: 'head' })
  else if (seal.number > signed) await signSeal(ctx, seal, { kind: 'tip' })
}

/** What a seal is signed as; a cut is the place from which on the chain is kept, with the lowest id that is. */
type SignedAs = { readonly kind: 'head' | 'tip' } | { readonly kind: 'cut'; readonly cut: string }

export async function signSeal(ctx: Ctx, seal: Seal, as: SignedAs): Promise<void> {
  const moment = one(
    await ctx.db
      .select({
        at: sql<string>`to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`,
        next: sql<string>`platform_position(pg_snapshot_xmax(pg_current_snapshot()))::text`,
      })
      .from(sql`(select 1) as once`),
  )
  const content: Static<typeof Content> = {
    number: seal.number.toString(),
    eventId: seal.place.id,
    position: seal.place.position.toString(),
    hash: seal.hash.toString('hex'),
    ...moment,
    cut: as.kind === 'cut' ? as.cut : null,
  }
  const document = await ctx.ports.tokens.signDocument(documentType, content)
  await ctx.tx((tx) =>
    tx.db.insert(eventHeads).values({
      kind: as.kind,
      number: seal.number,
      document,
      at: new Date(content.at),
    }),
  )
}

/** Puts the newest head into storage, once. */
export async function shipHead(ctx: Ctx): Promise<void> {
  const newest = await findHead(ctx.db, 'head')
  if (!newest) return
  const key = `${shippedPrefix}${newest.number.toString().padStart(numberDigits, '0')}.jws`
  const { storage } = ctx.ports
  if (await storage.head(key)) return
  await storage.put(key, Buffer.from(newest.document), { contentType })
}

/** The newest head in storage; null when there is none. */
export async function findShipped(storage: Storage): Promise<string | null> {
  let newest: string | null = null
  let cursor: string | null = null
  do {
    const page: Awaited<ReturnType<Storage['list']>> = await storage.list(
      shippedPrefix,
      cursor === null ? {} : { cursor },
    )
    newest = page.objects.at(-1)?.key ?? newest
    cursor = page.nextCursor
  } while (cursor !== null)
  return newest === null ? null : readShipped(storage, newest)
}

/** A head by its name in storage. Throws storage.object_not_found. */
export async function readShipped(storage: Storage, key: string): Promise<string> {
  const { body } = await storage.get(key)
  const chunks: Buffer[] = []
  for await (const chunk of body) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}

/** Where the chain begins: at its first seal, or behind what was dropped. */
export async function findCut(
  db: ReadDb,
  read: DocumentReader,
): Promise<Head | 'unbelieved' | null> {
  const row = await findHead(db, 'cut')
  if (!row) return null
  const cut = readHead(read, row.document)
  // What kind it is says the signed part; the column is there to find it.
  return cut && cut.cut !== null ? cut : 'unbelieved'
}

export const startOf = (cut: Head | null): Seal => cut?.seal ?? noSeal
