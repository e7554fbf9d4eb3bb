/** Everything the payments room stores. */
import { sql } from 'drizzle-orm'
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
import type { CollectRequest } from '../../platform/payments/index.ts'
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
    provider: text('provider', { enum: ['stripe'] }).notNull(),
    /** What the provider calls it; null until it has answered. */
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
    ...timestamps,
  },
  (t) => [
    unique('payments_payments_ref').on(t.provider, t.providerRef),
    index('payments_payments_user').on(t.userId, t.id),
    index('payments_payments_state').on(t.state, t.id),
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
    key: text('key').notNull(),
    request: jsonb('request').$type<CollectRequest>().notNull(),
    /** Null until there was an answer, or none in time. */
    outcome: text('outcome', { enum: outcomes }),
    detail: text('detail'),
    providerRef: text('provider_ref'),
    ...timestamps,
  },
  (t) => [
    unique('payments_attempts_key').on(t.key),
    unique('payments_attempts_number').on(t.paymentId, t.number),
    unique('payments_attempts_ref').on(t.providerRef),
    // One live attempt of a payment: a second one could collect it a second time.
    uniqueIndex('payments_attempts_live')
      .on(t.paymentId)
      .where(sql`${t.outcome} is null or ${t.outcome} in ('created', 'unknown')`),
    index('payments_attempts_open')
      .on(t.createdAt)
      .where(sql`${t.outcome} is null or ${t.outcome} = 'unknown'`),
  ],
)

/** What other rooms refer to a payment by. */
export const paymentId = (name = 'payment_id') => uuid(name).references(() => payments.id)
