/** Taking in what a provider says: stored once, then acknowledged. What it means is found out by a job. */
import { and, eq, sql } from 'drizzle-orm'
import type { Ctx, TxCtx } from '../../platform/context.ts'
import { crashPoint } from '../../platform/crash-points.ts'
import { v7 as uuidv7 } from 'uuid'
import type { Tx } from '../../platform/db/index.ts'
import { one } from '../../platform/db/one.ts'
import { statement } from '../../platform/db/prepared.ts'
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
  await ctx.tx((tx) => store(tx, { provider: 'stripe', raw: given.raw, appliers }, read.notice))
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

/** Stores what was told, once; whether it was new. */
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
  const stored = await insertEvent(tx.db, {
    id: uuidv7(),
    provider,
    providerEventId: eventId,
    ...about,
    raw,
    state: reason === null ? 'received' : 'ignored',
    ignoredFor: reason,
  })
  crashPoint('inbox.while_storing')
  const { account, kind, objectId } = notice
  if (stored.length === 1 && reason === null && objectId !== null)
    await markChanged(tx, { provider, account, kind, objectId })
  return stored.length === 1
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

type ObjectRow = Pick<InboxObject, 'id' | 'provider' | 'account' | 'kind' | 'objectId'>
const markDirty = statement<ObjectRow>()((db: Tx, given) =>
  db
    .insert(inboxObjects)
    .values({
      id: given('id'),
      provider: given('provider'),
      account: given('account'),
      kind: given('kind'),
      objectId: given('objectId'),
      dirtySeq: 1,
    })
    .onConflictDoUpdate({
      target: [
        inboxObjects.provider,
        inboxObjects.account,
        inboxObjects.kind,
        inboxObjects.objectId,
      ],
      // Whoever waits is woken, and who was given up stays so: a person has to look at it first.
      set: { dirtySeq: sql`${inboxObjects.dirtySeq} + 1`, nextAt: null, updatedAt: sql`now()` },
    })
    .returning({ id: inboxObjects.id }),
)

const insertEvent = statement<Omit<InboxEvent, 'receivedAt' | 'processedAt'>>()((db: Tx, given) =>
  db
    .insert(inboxEvents)
    .values({
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
    .onConflictDoNothing()
    .returning({ id: inboxEvents.id }),
)

/** The events that wait for this object. */
export const waitingFor = ({ provider, account, kind, objectId }: ObjectRef) =>
  and(
    eq(inboxEvents.provider, provider),
    eq(inboxEvents.account, account),
    eq(inboxEvents.kind, kind),
    eq(inboxEvents.objectId, objectId),
    eq(inboxEvents.state, 'received'),
  )
