/** Everything the refunds room stores. */
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
import type { Asset } from '../../platform/money/index.ts'
import type { RefundRequest } from '../../platform/payments/index.ts'
import { paymentId } from '../payments/index.ts'
import { userId } from '../users/index.ts'

/**
 * `requested`: kept, and on its way to being asked for. `sending`: being asked for. `unknown`: asked for, and nobody knows
 * what became of it. `pending`: the provider has it. `needs_review`: unknown for so long that only a person can tell.
 */
export const states = [
  'requested',
  'sending',
  'unknown',
  'pending',
  'succeeded',
  'failed',
  'cancelled',
  'needs_review',
] as const
/** `provider`: made in the provider's dashboard, and only written down here. */
export const origins = ['asked', 'provider', 'surplus'] as const

export const refunds = pgTable(
  'refunds_refunds',
  {
    id: id(),
    paymentId: paymentId().notNull(),
    /** Who paid. */
    userId: userId().notNull(),
    amount: bigint('amount', { mode: 'bigint' }).notNull(),
    asset: text('asset').$type<Asset>().notNull(),
    provider: text('provider', { enum: ['stripe'] }).notNull(),
    origin: text('origin', { enum: origins }).notNull(),
    state: text('state', { enum: states }).notNull(),
    /** Of money that came in a second time: whose escrow it is given back from. Null: of the payment itself. */
    surplusId: uuid('surplus_id'),
    /** Why, in the words of whoever asked for it. */
    reason: text('reason'),
    /** What the provider calls it; null until it has answered. */
    providerRef: text('provider_ref'),
    /** Why it failed, in the provider's words for programs. */
    failure: text('failure'),
    succeededAt: at('succeeded_at'),
    ...timestamps,
  },
  (t) => [
    unique('refunds_refunds_ref').on(t.provider, t.providerRef),
    index('refunds_refunds_payment').on(t.paymentId, t.id),
    index('refunds_refunds_user').on(t.userId, t.id),
    index('refunds_refunds_state').on(t.state, t.id),
    index('refunds_refunds_amount').on(t.asset, t.amount, t.id),
    check('refunds_refunds_amount', sql`${t.amount} > 0`),
  ],
)
export type Refund = typeof refunds.$inferSelect

/**
 * Requests to the provider that were made or may have been made. Each is kept before it is sent, with its key and its
 * body: what is not known to have been done is sent again exactly as it was.
 */
export const attempts = pgTable(
  'refunds_attempts',
  {
    id: id(),
    refundId: uuid('refund_id')
      .notNull()
      .references(() => refunds.id),
    number: integer('number').notNull(),
    key: text('key').notNull(),
    request: jsonb('request').$type<RefundRequest>().notNull(),
    /** Null until there was an answer, or none in time. */
    outcome: text('outcome', { enum: ['created', 'rejected', 'unknown'] }),
    detail: text('detail'),
    /** When the provider was first asked whether it has it, and did not. */
    missedAt: at('missed_at'),
    ...timestamps,
  },
  (t) => [
    unique('refunds_attempts_key').on(t.key),
    unique('refunds_attempts_number').on(t.refundId, t.number),
    // One live attempt of a refund: a second one could pay it a second time.
    uniqueIndex('refunds_attempts_live')
      .on(t.refundId)
      .where(sql`${t.outcome} is null or ${t.outcome} in ('created', 'unknown')`),
    index('refunds_attempts_open')
      .on(t.updatedAt)
      .where(sql`${t.outcome} is null or ${t.outcome} = 'unknown'`),
  ],
)
export type RefundAttempt = typeof attempts.$inferSelect
