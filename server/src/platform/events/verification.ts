/**
 * Verification: walks the facts and the chain side by side and names the first place where they part. Nothing is locked,
 * and the product goes on meanwhile: what is sealed does not change.
 */
import { and, asc, eq, gt, lte, sql } from 'drizzle-orm'
import type { ReadDb } from '../db/index.ts'
import { one } from '../db/one.ts'
import { eventSeals, events } from '../tables.ts'
import type { DocumentReader } from '../tokens/index.ts'
import { type Seal, hashFact, lastSeal } from './chain.ts'
import { hashDetails } from './details.ts'
import { findUnexcused } from './forgetting.ts'
import { type Head, findCut, lastSigned, listHeads, readHead, startOf } from './heads.ts'
import {
  Parted,
  type Problem,
  type Witness,
  changed,
  contradictsWitness,
  cutOff,
  cutOffSince,
  detailsChanged,
  detailsMissing,
  fail,
  inserted,
  missing,
  moved,
  sealMissing,
  unbelieved,
} from './problems.ts'
import { type Place, type ProvenFact, isAfter, isFact, readDetails, readFacts } from './order.ts'

export type Verdict = {
  readonly isGood: boolean
  readonly problem: Problem | null
  /** The seals that were looked at, or would have been: what is sealed meanwhile is not among them. */
  readonly first: string
  readonly last: string
  /** The last of them, for later verifications to compare with; null for an empty chain, and in verdicts of old. */
  readonly end?: { readonly number: string; readonly eventId: string; readonly hash: string } | null
  /** How many facts were found as they were sealed. */
  readonly checked: number
  /** Signed heads that the chain agrees with, those from elsewhere included. */
  readonly heads: number
  readonly newestHead: { readonly number: string; readonly at: string; readonly kid: string } | null
  /** Facts that wait to be sealed: nothing proves them yet. */
  readonly unsealed: { readonly count: number; readonly oldestAt: string | null }
}

export type VerifyOptions = {
  readonly read: DocumentReader
  /** Heads from elsewhere, with what to call each. */
  readonly external: readonly { readonly name: string; readonly document: string }[]
  /** Where the chain ended when it was last found whole; null when it never was. */
  readonly witness: Witness | null
  readonly onProgress?: (checked: number, total: number) => void
}

const pageFacts = 2_000
/** Heads are some hundred bytes each. */
const pageHeads = 500
/** Clocks of database servers that take over from each other differ by less. */
const clockLeewayMs = 60_000

/** Facts may be dropped while they are looked at: then the chain begins elsewhere, and so does the walk. */
const attempts = 3

/** Looks at everything; never throws for what it finds. */
export async function verifyFacts(db: ReadDb, options: VerifyOptions): Promise<Verdict> {
  for (let attempt = 1; ; attempt += 1) {
    const before = await findCut(db, options.read)
    const verdict = await verifyFrom(db, options, before)
    if (
      verdict.isGood ||
      attempt === attempts ||
      isSameCut(before, await findCut(db, options.read))
    )
      return verdict
  }
}

async function verifyFrom(
  db: ReadDb,
  options: VerifyOptions,
  cut: Head | 'unbelieved' | null,
): Promise<Verdict> {
  const progress: Walk['progress'] = { checked: 0, heads: 0, newestHead: null }
  const start = startOf(cut === 'unbelieved' ? null : cut)
  let problem: Problem | null = null
  // In this order: a head that is signed meanwhile is of seals that this walk does not come to.
  const signed = await lastSigned(db)
  const end = await lastSeal(db)
  try {
    if (cut === 'unbelieved') fail(unbelieved('the record of where the chain begins', null))
    await walk({ db, options, start, end, signed, cut: cut?.cut ?? null, progress })
    if (cut) await refuseInserted(db, start.place, cut.cut)
  } catch (error) {
    if (!(error instanceof Parted)) throw error
    problem = error.problem
  }
  return {
    isGood: problem === null,
    problem,
    first: (start.number + 1n).toString(),
    last: end.number.toString(),
    end: describeEnd(end),
    checked: progress.checked,
    heads: progress.heads,
    newestHead: describe(progress.newestHead),
    unsealed: await countUnsealed(db, (await lastSeal(db)).place),
  }
}

function isSameCut(left: Head | 'unbelieved' | null, right: Head | 'unbelieved' | null): boolean {
  if (left === null || right === null || left === 'unbelieved' || right === 'unbelieved')
    return left === right
  return left.seal.number === right.seal.number && left.cut === right.cut
}

type Walk = {
  readonly db: ReadDb
  readonly options: VerifyOptions
  readonly start: Seal
  readonly end: Seal
  /** The number of the newest head that had been stored when the end was looked up. */
  readonly signed: bigint
  /** Facts with ids below it may be gone. */
  readonly cut: string | null
  readonly progress: { checked: number; heads: number; newestHead: Head | null }
}

async function walk({ db, options, start, end, signed, cut, progress }: Walk): Promise<void> {
  const { witness } = options
  const heads = headsOf(db, options, start, signed)
  const facts = lookAhead(factsOf(db, start.place))
  let head = (await heads.next()).value ?? null
  let seal = start
  refuseOtherThan(witness, seal)
  /** The newest head that was passed: what is sealed after it did not happen before. */
  let passed: Head | null = null
  for await (const row of sealsOf(db, start.number, end.number)) {
    const fact = await facts.peek()
    if (row.number !== seal.number + 1n) fail(sealMissing(seal.number + 1n, fact?.id ?? null))
    const isGone = row.eventId !== fact?.id && cut !== null && row.eventId < cut
    if (!isGone) {
      const found = await sameFact(db, row, fact)
      if (!hashFact(seal.hash, found).equals(row.hash)) fail(changed(row))
      if (found.isBare) fail(detailsMissing(found.id))
      if (passed) refuseBackdated(row, found, passed)
      facts.take()
      progress.checked += 1
    }
    seal = {
      number: row.number,
      hash: row.hash,
      place: { position: row.position, id: row.eventId },
    }
    refuseOtherThan(witness, seal)
    while (head && head.seal.number === seal.number) {
      refuseContradicted(head, seal)
      progress.heads += 1
      progress.newestHead = head
      passed = head
      head = (await heads.next()).value ?? null
    }
    if (progress.checked % pageFacts === 0)
      options.onProgress?.(Number(seal.number - start.number), Number(end.number - start.number))
  }
  if (head) fail(cutOff(head, seal))
  if (witness && witness.number > seal.number) fail(cutOffSince(witness, seal.number))
}

function refuseOtherThan(witness: Witness | null, seal: Seal): void {
  if (witness?.number === seal.number && !witness.hash.equals(seal.hash))
    fail(contradictsWitness(witness))
}

/** Seals after one up to another, in order of their numbers. */
async function* sealsOf(db: ReadDb, from: bigint, to: bigint) {
  let after = from
  for (;;) {
    const rows = await db
      .select()
      .from(eventSeals)
      .where(and(gt(eventSeals.number, after), lte(eventSeals.number, to)))
      .orderBy(asc(eventSeals.number))
      .limit(pageFacts)
    yield* rows
    const last = rows.at(-1)
    if (!last) return
    after = last.number
  }
}

/** A fact, and whether its details are missing without a reason. */
type WalkedFact = ProvenFact & { readonly isBare: boolean }

/** Facts after a place, each looked at together with its details. */
async function* factsOf(db: ReadDb, from: Place): AsyncGenerator<WalkedFact, null> {
  let after = from
  for (;;) {
    const rows = await readFacts(db, after, pageFacts)
    const bare = await findBare(db, rows)
    for (const row of rows) yield { ...row, isBare: row.id === bare }
    const last = rows.at(-1)
    if (!last) return null
    after = { position: last.position, id: last.id }
  }
}

/** Heads that the chain has to lead to, in its order: those stored, and those from elsewhere. */
async function* headsOf(
  db: ReadDb,
  { read, external }: VerifyOptions,
  start: Seal,
  signed: bigint,
): AsyncGenerator<Head, null> {
  const others = external
    .map(({ name, document }) => readHead(read, document) ?? fail(unbelieved(name, null)))
    .toSorted((a, b) => Number(a.seal.number - b.seal.number))
  for (const head of others) if (head.seal.number === start.number) refuseContradicted(head, start)
  // What was cut off cannot be compared any more.
  const waiting = others.filter(({ seal }) => seal.number > start.number)
  for await (const head of storedHeads(db, read, start.number + 1n, signed)) {
    const earlier = waiting.filter(({ seal }) => seal.number <= head.seal.number)
    yield* waiting.splice(0, earlier.length)
    yield head
  }
  yield* waiting
  return null
}

async function* storedHeads(
  db: ReadDb,
  read: DocumentReader,
  from: bigint,
  to: bigint,
): AsyncGenerator<Head> {
  let next = from
  for (;;) {
    const rows = await listHeads(db, { from: next, to }, pageHeads)
    for (const { number, document } of rows) {
      const head = readHead(read, document)
      yield head && head.seal.number === number ? head : fail(unbelieved('the head', number))
    }
    const last = rows.at(-1)
    if (rows.length < pageHeads || !last) return
    next = last.number + 1n
  }
}

/** The fact that a seal is for, when it is the next one; otherwise says what became of it. */
async function sameFact(
  db: ReadDb,
  seal: { number: bigint; eventId: string; position: bigint },
  next: WalkedFact | null,
): Promise<WalkedFact> {
  if (next && next.id === seal.eventId && next.position === seal.position) return next
  const [own] = await db
    .select({ position: events.position })
    .from(events)
    .where(isFact(seal.eventId))
  const { number, eventId } = seal
  if (!own) fail(missing(seal))
  if (next && !(await isSealed(db, next.id)))
    fail(inserted(next.id, `before fact ${eventId} (seal ${number})`))
  // Where this fact is right, the other one has moved in front of it.
  const isOther = next !== null && own.position === seal.position && next.id !== eventId
  return fail(moved(isOther ? next.id : eventId, number))
}

/** A whole table is read for it, once: nothing else asks for seals by their facts. */
async function isSealed(db: ReadDb, eventId: string): Promise<boolean> {
  const [found] = await db
    .select({ number: eventSeals.number })
    .from(eventSeals)
    .where(eq(eventSeals.eventId, eventId))
    .limit(1)
  return found !== undefined
}

/** The first of these facts whose details are missing without a reason. Refuses details that are not those of their fact. */
async function findBare(db: ReadDb, facts: readonly ProvenFact[]): Promise<string | null> {
  const hashes = new Map(
    facts.flatMap(({ id, detailsHash }) => (detailsHash ? [[id, detailsHash] as const] : [])),
  )
  const ids = [...hashes.keys()].toSorted()
  const [first, last] = [ids.at(0), ids.at(-1)]
  if (first === undefined || last === undefined) return null
  for (const { eventId, ...details } of await readDetails(db, first, last, ids)) {
    if (!hashes.get(eventId)?.equals(hashDetails(details))) fail(detailsChanged(eventId))
    hashes.delete(eventId)
  }
  return hashes.size === 0 ? null : findUnexcused(db, [...hashes.keys()])
}

/** What the database's clock said when a head was signed is a fact too: what came later did not happen before. */
function refuseBackdated(
  seal: { number: bigint; eventId: string; position: bigint },
  { microseconds }: ProvenFact,
  head: Head,
): void {
  const at = new Date(Number(microseconds) / 1000)
  if (seal.position < head.next || at.getTime() >= head.at.getTime() - clockLeewayMs) return
  throw new Parted({
    kind: 'fact_backdated',
    number: seal.number.toString(),
    eventId: seal.eventId,
    message: `fact ${seal.eventId} (seal ${seal.number}) says ${at.toISOString()}, and was not there yet at ${head.at.toISOString()}`,
  })
}

function refuseContradicted({ seal: signed, at }: Head, seal: Seal): void {
  if (signed.hash.equals(seal.hash) && signed.place.id === seal.place.id) return
  throw new Parted({
    kind: 'head_contradicted',
    number: seal.number.toString(),
    eventId: signed.place.id,
    message: `the head signed at ${at.toISOString()} says that seal ${seal.number} is for fact ${signed.place.id}, with another hash: the chain was made anew up to there`,
  })
}

/** Facts that stand where the chain has been cut off: none is left there, but for a month that is being dropped just now. */
async function refuseInserted(db: ReadDb, place: Place, cut: string | null): Promise<void> {
  const [odd] = await db
    .select({ id: events.id })
    .from(events)
    .where(
      and(
        sql`(${events.position}, ${events.id}) <= (${place.position}::bigint, ${place.id}::uuid)`,
        sql`${events.position} <= ${place.position}::bigint`,
        sql`(${events.id} >= ${cut}::uuid or ${events}.tableoid = 'platform_events_rest'::regclass)`,
      ),
    )
    .limit(1)
  if (odd) fail(inserted(odd.id, 'before the beginning of the chain'))
}

async function countUnsealed(db: ReadDb, place: Place): Promise<Verdict['unsealed']> {
  const row = one(
    await db
      .select({
        count: sql`count(*)`.mapWith(Number),
        oldestAt: sql<string | null>`min(${events.at})`,
      })
      .from(events)
      .where(isAfter(place)),
  )
  const { count, oldestAt } = row
  return { count, oldestAt: oldestAt === null ? null : new Date(oldestAt).toISOString() }
}

const describeEnd = ({ number, place, hash }: Seal): NonNullable<Verdict['end']> | null =>
  number === 0n
    ? null
    : { number: number.toString(), eventId: place.id, hash: hash.toString('hex') }

const describe = (head: Head | null): Verdict['newestHead'] =>
  head && { number: head.seal.number.toString(), at: head.at.toISOString(), kid: head.kid }

/** Lets the next of a sequence be looked at before it is taken. */
function lookAhead<T>(source: AsyncGenerator<T, null>) {
  let next: { value: T | null } | null = null
  return {
    peek: async (): Promise<T | null> => (next ??= await source.next()).value,
    take: (): void => {
      next = null
    },
  }
}
