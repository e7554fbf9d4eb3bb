/** Taking in what a provider says: stored once, then acknowledged. What it means is found out by a job. */
import { type Placeholder, type SQL, and, eq, sql } from 'drizzle-orm'
import type { Ctx, TxCtx } from '../../platform/context.ts'
import { crashPoint } from '../../platform/crash-points.ts'
import { v7 as uuidv7 } from 'uuid'
import type { Tx } from '../../platform/db/index.ts'
import { one } from '../../platform/db/one.ts'
import { statement } from '../../platform/db/prepared.ts'
import { type JobRow, wantedJob } from '../../platform/jobs/wanted.ts'
import {
  type Notice,
  readStripeNotice,
  stripeMode,
  stripeWebhookSecrets,
} from '../../platform/payments/index.ts'
import { type ObjectRef, type Applier, isOf } from './appliers.ts'
import { errors } from './errors.ts'
import { syncObject } from './jobs.ts'
import { type InboxEvent, type InboxObject, inboxEvents, inboxObjects } from './tables.ts'

/**
 * Stores an event of Stripe; a second time it changes nothing. When it returns, the event is safe.
 * Throws `inbox.not_signed` (403) and `inbox.not_an_event` (400).
 */
export async function takeStripeEvent(
  ctx: Ctx,
  given: { readonly raw: Buffer; readonly signature: string | undefined },
  appliers: readonly Applier[],
): Promise<void> {
  const secrets = stripeWebhookSecrets(ctx.settings)
  const read = readStripeNotice(given.raw, given.signature, { secrets, now: ctx.now })
  if (read.outcome === 'refused') throw errors.not_signed()
  if (read.outcome === 'malformed') throw errors.not_an_event()
  const from = { provider: 'stripe', raw: given.raw, appliers }
  await ctx.atOnce((tx) => store(tx, from, read.notice))
  crashPoint('inbox.after_store')
}

/**
 * Says that an object may have changed, and has it looked at: after an event, an answer, a redirect, or when the
 * reconciliation has found it.
 */
export async function markChanged(tx: TxCtx, ref: ObjectRef): Promise<string> {
  const { id } = one(await markDirty(tx.db, { id: uuidv7(), ...ref }))
  await tx.enqueue(syncObject, { objectId: id })
  return id
}

/** Whoever says so has looked at it: it is tried again as if it had never failed. */
export async function revive(tx: TxCtx, ref: ObjectRef): Promise<void> {
  const { provider, account, kind, objectId } = ref
  await tx.db
    .update(inboxObjects)
    .set({ deadAt: null, problem: null, detail: null, attempts: 0, troubledSince: null })
    .where(
      and(
        eq(inboxObjects.provider, provider),
        eq(inboxObjects.account, account),
        eq(inboxObjects.kind, kind),
        eq(inboxObjects.objectId, objectId),
      ),
    )
}

/** Stores what was told, once, by one statement; whether it was new. */
export async function store(
  tx: TxCtx,
  from: {
    readonly provider: string
    readonly raw: Buffer
    readonly appliers: readonly Applier[]
  },
  notice: Notice,
): Promise<boolean> {
  const { provider, raw, appliers } = from
  const { eventId, ...about } = notice
  const reason = reasonToIgnore(tx, notice, appliers.some(isOf({ provider, kind: notice.kind })))
  const event: EventRow = {
    id: uuidv7(),
    provider,
    providerEventId: eventId,
    ...about,
    raw,
    state: reason === null ? 'received' : 'ignored',
    ignoredFor: reason,
  }
  if (reason !== null) return (await insertEvent(tx.db, event)).length === 1
  const { isNew } = await tx.enqueueBy(syncObject, async (job) => {
    const storing = insertAndMark(tx.db, { ...event, ...job, rowId: uuidv7() })
    crashPoint('inbox.while_storing')
    const [stored] = await storing
    return { isNew: stored !== undefined, isWanted: Boolean(stored?.jobId) }
  })
  return isNew
}

function reasonToIgnore(
  { settings }: TxCtx,
  { isLive, objectId }: Notice,
  isKnownKind: boolean,
): InboxEvent['ignoredFor'] {
  if (isLive !== (stripeMode(settings) === 'live')) return 'wrong_mode'
  if (objectId === null) return 'no_object'
  return isKnownKind ? null : 'unknown_kind'
}

type EventRow = Omit<InboxEvent, 'receivedAt' | 'processedAt'>
const valuesOf = (given: (name: keyof EventRow) => Placeholder) => ({
  id: given('id'),
  provider: given('provider'),
  providerEventId: given('providerEventId'),
  account: given('account'),
  type: given('type'),
  kind: given('kind'),
  objectId: given('objectId'),
  apiVersion: given('apiVersion'),
  isLive: given('isLive'),
  raw: given('raw'),
  state: given('state'),
  ignoredFor: given('ignoredFor'),
  occurredAt: given('occurredAt'),
})

const insertEvent = statement<EventRow>()((db: Tx, given) =>
  db
    .insert(inboxEvents)
    .values(valuesOf(given))
    .onConflictDoNothing()
    .returning({ id: inboxEvents.id }),
)

/** Heard of again; whoever waits is woken, and who was given up stays so: a person has to look at it first. */
const marking = (source: SQL): SQL => sql`
  insert into ${inboxObjects} (id, provider, account, kind, object_id, dirty_seq)
  select ${source}
  on conflict (provider, account, kind, object_id)
  do update set dirty_seq = ${inboxObjects.dirtySeq} + 1, next_at = null, updated_at = now()
  returning id, ${isAwaited} as is_awaited`

/**
 * It was heard of before, and nobody has begun to look since: the job that was wanted then is still to come, or the one
 * that has just been through looks again before it ends. What waits, failed or was given up has a problem: then, and while
 * somebody looks, another job does no harm.
 */
const isAwaited = sql`(dirty_seq - 1 > synced_seq and lease_until is null and problem is null)`

type ObjectRow = Pick<InboxObject, 'id' | 'provider' | 'account' | 'kind' | 'objectId'>
const markDirty = statement<ObjectRow>()((db: Tx, given) => {
  const { id } = inboxObjects
  const values = sql`${given('id')}::uuid, ${given('provider')}, ${given('account')}, ${given('kind')}, ${given('objectId')}, 1`
  const marked = db.$with('marked', { id }).as(marking(values))
  return db.with(marked).select({ id: marked.id }).from(marked)
})

/**
 * The event, its object and the job in one statement: all of them or none. An event that was there already touches
 * nothing else. Returns a row for a new one, with the job's id if one was wanted.
 */
const insertAndMark = statement<EventRow & JobRow & { rowId: string }>()((db: Tx, given) => {
  const { id, provider, account, kind, objectId } = inboxEvents
  const stored = db
    .$with('stored')
    .as(
      db
        .insert(inboxEvents)
        .values(valuesOf(given))
        .onConflictDoNothing()
        .returning({ id, provider, account, kind, objectId }),
    )
  const marked = db
    .$with('marked', {})
    .as(marking(sql`${given('rowId')}::uuid, provider, account, kind, object_id, 1 from ${stored}`))
  const wanted = db.$with('wanted', { jobId: sql<string>`job_id`.as('job_id') }).as(
    wantedJob(given, {
      payload: sql`jsonb_build_object('objectId', id)`,
      from: sql`from ${marked} where not is_awaited`,
    }),
  )
  return db
    .with(stored, marked, wanted)
    .select({ jobId: wanted.jobId })
    .from(stored)
    .leftJoin(wanted, sql`true`)
})

/** The events that wait for this object. */
export const waitingFor = ({ provider, account, kind, objectId }: ObjectRef) =>
  and(
    eq(inboxEvents.provider, provider),
    eq(inboxEvents.account, account),
    eq(inboxEvents.kind, kind),
    eq(inboxEvents.objectId, objectId),
    eq(inboxEvents.state, 'received'),
  )
