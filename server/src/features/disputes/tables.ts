/** Everything the disputes room stores. */
import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  check,
  index,
  integer,
  pgTable,
  text,
  unique,
  uuid,
} from 'drizzle-orm/pg-core'
import { at, id, timestamps } from '../../platform/db/columns.ts'
import type { Asset } from '../../platform/money/index.ts'
import { disputeStatuses } from '../../platform/payments/index.ts'
import { paymentId } from '../payments/index.ts'
import { userId } from '../users/index.ts'

export const disputes = pgTable(
  'disputes_disputes',
  {
    id: id(),
    paymentId: paymentId().notNull(),
    /** Of money that came in a second time: whose escrow it is about. Null: of the payment itself. */
    surplusId: uuid('surplus_id'),
    /** Who paid. */
    userId: userId().notNull(),
    amount: bigint('amount', { mode: 'bigint' }).notNull(),
    asset: text('asset').$type<Asset>().notNull(),
    provider: text('provider', { enum: ['stripe'] }).notNull(),
    providerRef: text('provider_ref').notNull(),
    state: text('state', { enum: disputeStatuses }).notNull(),
    /** Why, in the provider's words for programs. */
    reason: text('reason').notNull(),
    /** By when the bank wants an answer. */
    dueAt: at('due_at'),
    hasEvidence: boolean('has_evidence').notNull(),
    /** What it keeps from refunds and releases, now. */
    claims: bigint('claims', { mode: 'bigint' }).notNull(),
    isWithdrawn: boolean('is_withdrawn').notNull(),
    isReinstated: boolean('is_reinstated').notNull(),
    /** How often the provider has moved money for it: who knows of fewer is late. */
    movements: integer('movements').notNull(),
    openedAt: at('opened_at').notNull(),
    closedAt: at('closed_at'),
    ...timestamps,
  },
  (t) => [
    unique('disputes_disputes_ref').on(t.provider, t.providerRef),
    index('disputes_disputes_payment').on(t.paymentId, t.id),
    index('disputes_disputes_user').on(t.userId, t.id),
    index('disputes_disputes_state').on(t.state, t.id),
    index('disputes_disputes_opened').on(sql`coalesce(${t.openedAt}, 'infinity')`, t.id),
    index('disputes_disputes_due').on(sql`coalesce(${t.dueAt}, 'infinity')`, t.id),
    index('disputes_disputes_amount').on(t.asset, t.amount, t.id),
    check('disputes_disputes_amount', sql`${t.amount} > 0 and ${t.claims} >= 0`),
  ],
)
export type Dispute = typeof disputes.$inferSelect
