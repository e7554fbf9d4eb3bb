/**
 * The three contexts: a function's first parameter says what it may touch. `ReadCtx` reads, `TxCtx` writes
 * inside the one open transaction, `Ctx` may open a transaction and reach the outside world.
 * The fields are a closed list; adding one takes a decision (docs/decisions/0003).
 */
import { randomBytes } from 'node:crypto'
import { type Placeholder, sql } from 'drizzle-orm'
import { v7 as uuidv7 } from 'uuid'
import type { Config } from './config/index.ts'
import type { Db, ReadDb, Tx } from './db/index.ts'
import { statement } from './db/prepared.ts'
import { inStatement, inTransaction } from './db/retry.ts'
import { ahead } from './db/transaction.ts'
import type { EventType, Fact } from './events/index.ts'
import { hashDetails } from './events/details.ts'
import type { IdentityProviders } from './identity/index.ts'
import type { JobType } from './jobs/define.ts'
import { checkPayload } from './jobs/payload.ts'
import type { JobRow } from './jobs/wanted.ts'
import { type Mailer, recordedMailer } from './mail/index.ts'
import type { BreachList, PasswordHasher, PasswordThread } from './passwords/index.ts'
import type { PaymentProvider } from './payments/index.ts'
import type { Rights } from './rights/index.ts'
import type { Storage } from './storage/index.ts'
import { eventDetails, events, invalidations, jobOutbox } from './tables.ts'
import type { TokenSigner } from './tokens/index.ts'
import type { WebhookSender } from './webhooks/index.ts'

/** As much as a guesser of addresses cannot try. */
const saltBytes = 16

/** Who is calling. `can` answers for the permission alone; queries ask `reach` for the rows and fields. */
export type Actor = {
  readonly kind: 'anonymous' | 'user' | 'service' | 'system'
  /** Whose account it is: a user's or token's id, or the name of the part of the system; null for anonymous. */
  readonly id: string | null
  /** Who really acts, where one user acts in another's account; null everywhere else. */
  readonly impersonatorId: string | null
  /** The user in whose name it happens, when that is not the actor. */
  readonly onBehalfOf: string | null
  readonly sessionId: string | null
  readonly ip: string | null
  readonly roles: readonly string[]
} & Rights

/** Who answers for what an actor does: whoever acts in another's account, on behalf of its owner. */
export function whoActs({ kind, id, impersonatorId, onBehalfOf }: Actor) {
  return impersonatorId === null
    ? { kind, id, onBehalfOf }
    : { kind, id: impersonatorId, onBehalfOf: id }
}

/** The outside world, as far as rooms may reach it. */
export type Ports = {
  readonly mail: Mailer
  readonly passwords: PasswordHasher
  readonly strength: Pick<PasswordThread, 'measure'>
  readonly breaches: BreachList
  readonly storage: Storage
  readonly tokens: TokenSigner
  readonly identity: IdentityProviders
  readonly webhooks: WebhookSender
  /** Null where payments are not set up. */
  readonly payments: PaymentProvider | null
}

/** The settings of this process; what may be missing in the environment is settled by then. */
export type Settings = Config & { readonly secretKey: string }

/** May read. Accepted everywhere, so a query works inside and outside a transaction. */
export type ReadCtx = {
  readonly actor: Actor
  readonly requestId: string
  readonly now: Date
  readonly settings: Settings
  readonly db: ReadDb
}

/** How a job is enqueued: not before a time, or once per key. */
export type EnqueueOptions = {
  /** Two jobs of one name and key have one effect. At most 200 characters. */
  readonly key?: string
  readonly runAt?: Date
}

/**
 * May write, in the one open transaction. Cannot open another, cannot reach the network. What it records, wants done and
 * invalidates is on its way when that returns; should it fail, the transaction does.
 */
export type TxCtx = ReadCtx & {
  readonly db: Tx
  /**
   * States a fact, in this transaction: it is the audit row and what other rooms react to. What is personal of it lies
   * where it can be erased, and is the subject's. It is the actor's doing unless it says whose.
   */
  record<N extends string, D>(
    event: EventType<N, D>,
    subjectId: string | null,
    data: D,
    more?: Pick<Fact, 'personal' | 'by'>,
  ): Promise<void>
  /** Wants a job done after this transaction commits, and only then. */
  enqueue<N extends string, P>(
    job: JobType<N, P>,
    payload: P,
    options?: EnqueueOptions,
  ): Promise<void>
  /**
   * Wants a job by a statement that finds out by itself whether it is wanted: `carry` asks it, with the values that
   * `wantedJob` (platform/jobs) writes, and says whether it was.
   */
  enqueueBy<N extends string, P, T extends { readonly isWanted: boolean }>(
    job: JobType<N, P>,
    carry: (row: JobRow) => Promise<T>,
  ): Promise<T>
  /** Makes every process forget what it cached under a topic (`session:ID`, `user:ID`) within a second. */
  invalidate(topic: string): Promise<void>
}

/** The edge: may open a transaction and may reach the outside world. */
export type Ctx = ReadCtx & {
  readonly ports: Ports
  /**
   * Runs `work` in one transaction, again (three times at most) when PostgreSQL reports a serialization failure
   * or a deadlock: `work` must touch nothing but its `tx`.
   */
  tx<T>(work: (tx: TxCtx) => Promise<T>): Promise<T>
  /**
   * A transaction of one statement, which `work` asks of its `tx` and nothing else: one way to the database instead of
   * three. It stands when it is answered, so nothing may fail after it. A second statement throws.
   */
  atOnce<T>(work: (tx: TxCtx) => Promise<T>): Promise<T>
  /** Records a refused or failed attempt in a transaction of its own. */
  recordRefusal(fact: Fact): Promise<void>
}

/** What a call needs from the process. */
export type ContextDeps = {
  readonly db: Db
  readonly ports: Ports
  readonly settings: Settings
  /** Called after a commit with what it wanted, to wake this process without waiting for a poll. */
  readonly onCommit: (committed: Committed) => void
}

/** What a committed transaction left for others to pick up. */
export type Committed = { readonly hasJobs: boolean; readonly topics: readonly string[] }

/** Results of a request's transactions, kept so that a retried request does not repeat them. */
export type PhaseLog = {
  /** The result of transaction number `phase`, if an earlier try committed it. */
  find(phase: number): { readonly result: unknown } | null
  /** Saves the result inside the transaction that produced it; throws when the lease is lost. */
  save(db: Tx, phase: number, result: unknown): Promise<void>
}

type Call = {
  readonly actor: Actor
  readonly requestId: string
  readonly now?: Date
  readonly phases?: PhaseLog | null
}

export type Base = Pick<ReadCtx, 'actor' | 'requestId' | 'now' | 'settings'>

export function createCtx(deps: ContextDeps, call: Call): Ctx {
  const base: Base = {
    actor: call.actor,
    requestId: call.requestId,
    now: call.now ?? new Date(),
    settings: deps.settings,
  }
  let isOpen = false
  let phase = 0
  let ports: Ports | null = null
  const outside = <V>(value: V): V => {
    if (isOpen) throw new Error('a transaction is open: use the tx you were given')
    return value
  }

  const recorded = (given: Ports): Ports => ({
    ...given,
    mail: recordedMailer(given.mail, (fact) => insertFact(deps.db, base, fact)),
  })

  async function tx<T>(work: (tx: TxCtx) => Promise<T>, run = inTransaction): Promise<T> {
    outside(null)
    const current = phase
    phase += 1
    const earlier = call.phases?.find(current)
    if (earlier) return earlier.result as T
    isOpen = true
    try {
      const { result, committed } = await run(deps.db, async (db) => {
        const left: Left = { hasJobs: false, topics: [] }
        const opened = openTx(db, base, left)
        const value = await work(opened.tx).finally(opened.end)
        await call.phases?.save(db, current, value)
        return { result: value, committed: left }
      })
      if (committed.hasJobs || committed.topics.length > 0) deps.onCommit(committed)
      return result
    } finally {
      isOpen = false
    }
  }

  return {
    ...base,
    get db() {
      return outside(deps.db)
    },
    get ports() {
      return outside((ports ??= recorded(deps.ports)))
    },
    tx: (work) => tx(work),
    // A result that has to be kept is a second statement.
    atOnce: (work) => tx(work, call.phases ? inTransaction : inStatement),
    recordRefusal: async (fact) => {
      outside(null)
      await insertFact(deps.db, base, fact)
    },
  }
}

type Left = { hasJobs: boolean; topics: string[] }

/**
 * The transaction as its work sees it, until it ends. A write that comes later, from a promise nobody waited for,
 * would run on a connection that is somebody else's by then: it throws instead.
 */
function openTx(db: Tx, base: Base, left: Left): { tx: TxCtx; end: () => void } {
  let isOver = false
  const inside = (): Tx => {
    if (isOver) throw new Error('this transaction is over: wait for every write before you return')
    return db
  }
  const tx: TxCtx = {
    ...base,
    get db() {
      return inside()
    },
    record: async (event, subjectId, data, more = {}) => {
      const fact: Fact = { name: event.name, outcome: 'succeeded', subjectId, data, ...more }
      return ahead(inside(), insertFact(db, base, fact))
    },
    enqueue: async (job, payload, options = {}) => {
      checkPayload(job.name, payload, options)
      const { key = null, runAt = base.now } = options
      left.hasJobs = true
      const row = { ...jobRow(base, job.name), jobRunAt: runAt, key, payload }
      return ahead(inside(), insertJob(db, row))
    },
    enqueueBy: async (job, carry) => {
      inside()
      const carried = await carry(jobRow(base, job.name))
      left.hasJobs ||= carried.isWanted
      return carried
    },
    invalidate: async (topic) => {
      left.topics.push(topic)
      return ahead(inside(), insertInvalidation(db, { topic }))
    },
  }
  return {
    tx,
    end: () => {
      isOver = true
    },
  }
}

async function insertFact(db: Tx | Db, base: Base, fact: Fact): Promise<void> {
  const { actor, requestId } = base
  const { kind: actorKind, id: actorId, onBehalfOf } = whoDid(fact) ?? whoActs(actor)
  const row = {
    id: uuidv7(),
    name: fact.name,
    outcome: fact.outcome,
    actorKind,
    actorId,
    onBehalfOf,
    subjectId: fact.subjectId,
    data: fact.data ?? {},
    requestId,
  }
  const { ip } = actor
  const { subjectId, personal = null } = fact
  if (ip === null && personal === null)
    return void (await insertEvent(db, { ...row, detailsHash: null }))
  const details = {
    about: ip === null ? null : aboutWhom(row),
    ip,
    personalOf: personal === null ? null : subjectId,
    personal: personal === null ? null : JSON.stringify(personal),
    salt: randomBytes(saltBytes),
  }
  await insertEventWithDetails(db, { ...row, ...details, detailsHash: hashDetails(details) })
}

const whoDid = ({ by }: Fact) =>
  by ? { kind: 'user' as const, id: by.userId, onBehalfOf: by.onBehalfOf ?? null } : null

/** Whose address it was: of a program it is nobody's, and a stranger is looked for where they tried. */
function aboutWhom({ actorKind, actorId, onBehalfOf, subjectId }: FactRow): string | null {
  if (actorKind === 'user') return actorId
  return actorKind === 'service' ? null : (onBehalfOf ?? subjectId)
}

const insertInvalidation = statement<{ topic: string }>()((db: Tx, given) =>
  db.insert(invalidations).values({ topic: given('topic') }),
)

const jobRow = ({ actor, requestId, now }: Base, name: string): JobRow => ({
  jobId: uuidv7(),
  jobName: name,
  jobOrigin: { ...whoActs(actor), requestId },
  jobRunAt: now,
})

type KeyedJobRow = JobRow & Pick<typeof jobOutbox.$inferSelect, 'key' | 'payload'>
const insertJob = statement<KeyedJobRow>()((db: Tx, given) =>
  db.insert(jobOutbox).values({
    id: given('jobId'),
    name: given('jobName'),
    key: given('key'),
    payload: given('payload'),
    origin: given('jobOrigin'),
    runAt: given('jobRunAt'),
  }),
)

type EventRow = Omit<typeof events.$inferSelect, 'position' | 'at'>
type FactRow = Omit<EventRow, 'detailsHash'>
type DetailsRow = Omit<typeof eventDetails.$inferSelect, 'eventId' | 'personal' | 'at'> & {
  readonly personal: string | null
}
type Given<V> = (name: keyof V & string) => Placeholder
const valuesOf = (given: Given<EventRow>) => ({
  id: given('id'),
  position: sql`platform_position(pg_current_xact_id())`,
  name: given('name'),
  outcome: given('outcome'),
  actorKind: given('actorKind'),
  actorId: given('actorId'),
  onBehalfOf: given('onBehalfOf'),
  subjectId: given('subjectId'),
  data: given('data'),
  detailsHash: given('detailsHash'),
  requestId: given('requestId'),
})

const insertEvent = statement<EventRow>()((db: Tx | Db, given) =>
  db.insert(events).values(valuesOf(given)),
)

/** Fact and details in one statement, so that they cost one way to the database. */
const insertEventWithDetails = statement<EventRow & DetailsRow>()((db: Tx | Db, given) => {
  const details = db.$with('details').as(
    db
      .insert(eventDetails)
      .values({
        eventId: given('id'),
        about: given('about'),
        ip: given('ip'),
        personalOf: given('personalOf'),
        // As text: the driver would write it anew.
        personal: sql`${given('personal')}::json`,
        salt: given('salt'),
      })
      .returning({ eventId: eventDetails.eventId }),
  )
  return db.with(details).insert(events).values(valuesOf(given))
})
