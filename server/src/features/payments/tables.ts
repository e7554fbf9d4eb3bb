/** Everything the payments room stores. */
import { type SQL, type SQLWrapper, sql } from 'drizzle-orm'
import {
  bigint,
  check,
  index,
  integer,
  jsonb,
  pgTable,
  text,
  unique,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { at, id, timestamps } from '../../platform/db/columns.ts'
import type { CollectRequest, SessionRequest } from '../../platform/payments/index.ts'
import { userId } from '../users/index.ts'

/**
 * What the ledger and the provider say, for people to read; never what decides whether money may move. `held`: it is
 * here and nobody's yet. `frozen`: a dispute claims some of it. `released`: all that is left is with whoever earned it.
 * `refunded`, `charged_back`: nothing is left, because it was given back or the customer's bank took it back.
 * `amount_mismatch`: the provider says another amount than was asked for, and nothing was done.
 */
export const states = [
  'created',
  'requires_action',
  'processing',
  'held',
  'frozen',
  'released',
  'refunded',
  'charged_back',
  'failed',
  'cancelled',
  'amount_mismatch',
] as const
export const outcomes = ['created', 'rejected', 'unknown'] as const
/** How the customer is asked: within our own page, or on the provider's. */
export const kinds = ['intent', 'session'] as const
export const providers = ['stripe'] as const

const sum = (name: string) =>
  bigint(name, { mode: 'bigint' })
    .notNull()
    .default(sql`0`)

export const payments = pgTable(
  'payments_payments',
  {
    id: id(),
    userId: userId().notNull(),
    amount: bigint('amount', { mode: 'bigint' }).notNull(),
    asset: text('asset').notNull(),
    description: text('description'),
    /** What the caller calls it: of one such name there is one payment, however often it is asked for. */
    reference: text('reference'),
    provider: text('provider', { enum: providers }).notNull(),
    /** What the provider calls what pays it; null until it has answered, or until somebody has tried to pay. */
    providerRef: text('provider_ref'),
    state: text('state', { enum: states }).notNull().default('created'),
    /** Why the last try failed, in the provider's words for programs. */
    failure: text('failure'),
    heldAt: at('held_at'),
    /** What the ledger says of it, for people and lists (projection.ts). */
    captured: sum('captured'),
    refunded: sum('refunded'),
    refundPending: sum('refund_pending'),
    chargedBack: sum('charged_back'),
    /** What open disputes claim, whether it was taken away already or not: no refund and no release gets it. */
    disputed: sum('disputed'),
    /** Somebody wants it to be over; it is when the provider says so. Taken back when the money was faster. */
    cancelWantedAt: at('cancel_wanted_at'),
    ...timestamps,
  },
  (t) => [
    unique('payments_payments_ref').on(t.provider, t.providerRef),
    unique('payments_payments_reference').on(t.userId, t.reference),
    index('payments_payments_user').on(t.userId, t.id),
    index('payments_payments_state').on(t.state, t.id),
    index('payments_payments_amount').on(t.asset, t.amount, t.id),
    index('payments_payments_asset').on(t.asset, t.id),
    index('payments_payments_provider').on(t.provider, t.id),
    index('payments_payments_cancelling').on(t.cancelWantedAt).where(isCancelling(t)),
    check('payments_payments_amount', sql`${t.amount} > 0`),
  ],
)
export type Payment = typeof payments.$inferSelect

/**
 * Requests to the provider that were made or may have been made. Each is kept before it is sent, with its key and its
 * body: what is not known to have been done is sent again exactly as it was.
 */
export const attempts = pgTable(
  'payments_attempts',
  {
    id: id(),
    paymentId: uuid('payment_id')
      .notNull()
      .references(() => payments.id),
    number: integer('number').notNull(),
    kind: text('kind', { enum: kinds }).notNull().default('intent'),
    key: text('key').notNull(),
    request: jsonb('request').$type<CollectRequest | SessionRequest>().notNull(),
    /** Null until there was an answer, or none in time. */
    outcome: text('outcome', { enum: outcomes }),
    detail: text('detail'),
    /** What the provider calls what was made: a payment, or a page to pay on. */
    providerRef: text('provider_ref'),
    /** What the provider calls the payment; of a page it is known when somebody has tried to pay. */
    collectionRef: text('collection_ref'),
    /** Seen at the provider: nobody can pay it any more. */
    closedAt: at('closed_at'),
    ...timestamps,
  },
  (t) => [
    unique('payments_attempts_key').on(t.key),
    unique('payments_attempts_number').on(t.paymentId, t.number),
    unique('payments_attempts_ref').on(t.providerRef),
    unique('payments_attempts_collection').on(t.collectionRef),
    // One live attempt of a payment: a second one could collect it a second time.
    uniqueIndex('payments_attempts_live').on(t.paymentId).where(isLive(t)),
    index('payments_attempts_open')
      .on(t.createdAt)
      .where(sql`${t.outcome} is null or ${t.outcome} = 'unknown'`),
    index('payments_attempts_stray').on(t.createdAt).where(isStray(t)),
  ],
)
export type Attempt = typeof attempts.$inferSelect

/** Somebody wants it to be over, and it is not. */
export function isCancelling(t: { cancelWantedAt: SQLWrapper; state: SQLWrapper }): SQL {
  return sql`${t.cancelWantedAt} is not null and ${t.state} <> 'cancelled'`
}

/** It may be paid, as far as anybody knows. */
export function isLive(t: { outcome: SQLWrapper; closedAt: SQLWrapper }): SQL {
  return sql`(${t.outcome} is null or ${t.outcome} in ('created', 'unknown')) and ${t.closedAt} is null`
}

/** It was given up, and is there all the same. */
export function isStray(t: {
  outcome: SQLWrapper
  providerRef: SQLWrapper
  closedAt: SQLWrapper
}): SQL {
  return sql`${t.outcome} = 'rejected' and ${t.providerRef} is not null and ${t.closedAt} is null`
}

/** Who a user is at a provider: one customer each, made before anything is asked of them. */
export const customers = pgTable(
  'payments_customers',
  {
    id: id(),
    userId: userId().notNull(),
    provider: text('provider', { enum: providers }).notNull(),
    /** How many there were of this user: one that is gone is never made again under its key. */
    number: integer('number').notNull(),
    key: text('key').notNull(),
    /** What the provider calls them; null until it has answered. */
    ref: text('ref'),
    /** Deleted at the provider, or never known to have been made. */
    goneAt: at('gone_at'),
    ...timestamps,
  },
  (t) => [
    unique('payments_customers_key').on(t.key),
    unique('payments_customers_number').on(t.userId, t.provider, t.number),
    unique('payments_customers_ref').on(t.provider, t.ref),
    uniqueIndex('payments_customers_one')
      .on(t.userId, t.provider)
      .where(sql`${t.goneAt} is null`),
  ],
)
export type Customer = typeof customers.$inferSelect

/** Money that came in for a payment that was paid already: it is the customer's, and has to go back. */
export const surplus = pgTable(
  'payments_surplus',
  {
    /** Owns the escrow in which it waits. */
    id: id(),
    paymentId: uuid('payment_id')
      .notNull()
      .references(() => payments.id),
    provider: text('provider', { enum: providers }).notNull(),
    collectionRef: text('collection_ref').notNull(),
    chargeRef: text('charge_ref'),
    amount: bigint('amount', { mode: 'bigint' }).notNull(),
    asset: text('asset').notNull(),
    /** The refund that gave it back; null as long as it waits for one. */
    refundId: uuid('refund_id'),
    /** Why the last refund of it failed: nobody asks for another one until somebody has looked. */
    failure: text('failure'),
    /** When it was settled without a refund: by other means, or because the bank took it. */
    settledAt: at('settled_at'),
    createdAt: at('created_at').notNull().defaultNow(),
  },
  (t) => [
    unique('payments_surplus_collection').on(t.provider, t.collectionRef),
    index('payments_surplus_payment').on(t.paymentId),
    index('payments_surplus_waiting')
      .on(t.id)
      .where(sql`${t.refundId} is null`),
    check('payments_surplus_amount', sql`${t.amount} > 0`),
  ],
)
export type Surplus = typeof surplus.$inferSelect

/** What other rooms refer to a payment by. */
export const paymentId = (name = 'payment_id') => uuid(name).references(() => payments.id)
