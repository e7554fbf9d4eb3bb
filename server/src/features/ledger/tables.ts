/**
 * Everything the ledger stores. What keeps it true is in the database: constraints here, and triggers in the migration
 * `ledger`, which only the owner of the database could take away.
 */
import { sql } from 'drizzle-orm'
import {
  type AnyPgColumn,
  bigint,
  boolean,
  check,
  foreignKey,
  index,
  jsonb,
  pgTable,
  smallint,
  text,
  unique,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { at, bytea, id, xid8 } from '../../platform/db/columns.ts'
import type { Asset } from '../../platform/money/index.ts'

const amountOf = (name: string) => bigint(name, { mode: 'bigint' })
const assetOf = (name = 'asset') => text(name).$type<Asset>().notNull()

/** What is counted, and with how many decimals. The rows come with migrations. */
export const assets = pgTable(
  'ledger_assets',
  { code: text('code').$type<Asset>().primaryKey(), scale: smallint('scale').notNull() },
  (t) => [
    check('ledger_assets_code', sql`${t.code} ~ '^[A-Z][A-Z0-9_]{2,15}$'`),
    check('ledger_assets_scale', sql`${t.scale} between 0 and 9`),
  ],
)

/**
 * Balances of bounded accounts are kept here, by the trigger on postings alone. Unbounded ones, which every payment
 * touches, keep none: they are summed when somebody asks, and nobody waits for their lock.
 */
export const accounts = pgTable(
  'ledger_accounts',
  {
    id: id(),
    kind: text('kind').notNull(),
    /** An order, a provider, a user, a payment provider; `platform` for those of the house. */
    ownerId: text('owner_id').notNull(),
    asset: assetOf().references(() => assets.code),
    /** The side on which it grows. */
    normal: text('normal', { enum: ['debit', 'credit'] }).notNull(),
    debits: amountOf('debits')
      .notNull()
      .default(sql`0`),
    credits: amountOf('credits')
      .notNull()
      .default(sql`0`),
    /** Promised by open holds. */
    held: amountOf('held')
      .notNull()
      .default(sql`0`),
    /** What balance less held never goes below. */
    floor: amountOf('floor')
      .notNull()
      .default(sql`0`),
    isUnbounded: boolean('is_unbounded').notNull().default(false),
    closedAt: at('closed_at'),
    createdAt: at('created_at').notNull().defaultNow(),
  },
  (t) => [
    /** What postings and holds refer to, so that they cannot name another asset than the account's. */
    unique('ledger_accounts_asset').on(t.id, t.asset),
    /** Of lots of credits somebody has many. */
    uniqueIndex('ledger_accounts_one')
      .on(t.kind, t.ownerId, t.asset)
      .where(sql`${t.kind} <> 'credit_lot'`),
    index('ledger_accounts_owner').on(t.ownerId, t.id),
    index('ledger_accounts_kind').on(t.kind, t.id),
    check('ledger_accounts_kind_name', sql`${t.kind} ~ '^[a-z][a-z_]{1,39}$'`),
    check('ledger_accounts_normal', sql`${t.normal} in ('debit', 'credit')`),
    check(
      'ledger_accounts_not_negative',
      sql`${t.debits} >= 0 and ${t.credits} >= 0 and ${t.held} >= 0`,
    ),
    check(
      'ledger_accounts_no_overdraft',
      sql`${t.isUnbounded} or (case ${t.normal} when 'credit' then ${t.credits} - ${t.debits} else ${t.debits} - ${t.credits} end) - ${t.held} >= ${t.floor}`,
    ),
    check(
      'ledger_accounts_unbounded_is_summed',
      sql`not ${t.isUnbounded} or (${t.debits} = 0 and ${t.credits} = 0 and ${t.held} = 0 and ${t.floor} = 0)`,
    ),
    check(
      'ledger_accounts_closed_is_empty',
      sql`${t.closedAt} is null or (not ${t.isUnbounded} and ${t.debits} = ${t.credits} and ${t.held} = 0)`,
    ),
  ],
)
export type Account = typeof accounts.$inferSelect

/** What happened, as one: its postings are made with it, and none is ever added. */
export const transactions = pgTable(
  'ledger_transactions',
  {
    id: id(),
    reason: text('reason').notNull(),
    /** Of everything that is posted under one key only the first is. */
    idemKey: text('idem_key').notNull(),
    /** What was asked under the key: the same again is answered, anything else refused. */
    fingerprint: bytea('fingerprint').notNull(),
    refType: text('ref_type'),
    refId: text('ref_id'),
    reverses: uuid('reverses').references((): AnyPgColumn => transactions.id),
    effectiveAt: at('effective_at').notNull(),
    createdAt: at('created_at').notNull().defaultNow(),
    /** Set by the database: postings are taken from the transaction that made this row, and from no later one. */
    createdXid: xid8('created_xid')
      .notNull()
      .default(sql`pg_current_xact_id()`),
  },
  (t) => [
    unique('ledger_transactions_idem_key').on(t.idemKey),
    unique('ledger_transactions_reverses').on(t.reverses),
    index('ledger_transactions_ref').on(t.refType, t.refId, t.id),
    index('ledger_transactions_reason').on(t.reason, t.id),
    index('ledger_transactions_effective').on(t.effectiveAt),
    check('ledger_transactions_idem_key_length', sql`length(${t.idemKey}) between 1 and 255`),
    check('ledger_transactions_reason_name', sql`${t.reason} ~ '^[a-z][a-z0-9_.]{1,79}$'`),
    check('ledger_transactions_reverses_another', sql`${t.reverses} <> ${t.id}`),
    check('ledger_transactions_ref_is_whole', sql`(${t.refType} is null) = (${t.refId} is null)`),
  ],
)
export type Transaction = typeof transactions.$inferSelect

/** One row takes from one account what it gives to the other: an imbalance cannot be written down. */
export const postings = pgTable(
  'ledger_postings',
  {
    id: amountOf('id').primaryKey().generatedAlwaysAsIdentity(),
    transactionId: uuid('transaction_id')
      .notNull()
      .references(() => transactions.id),
    debitId: uuid('debit_id').notNull(),
    creditId: uuid('credit_id').notNull(),
    asset: assetOf(),
    amount: amountOf('amount').notNull(),
  },
  (t) => [
    foreignKey({
      name: 'ledger_postings_debit',
      columns: [t.debitId, t.asset],
      foreignColumns: [accounts.id, accounts.asset],
    }),
    foreignKey({
      name: 'ledger_postings_credit',
      columns: [t.creditId, t.asset],
      foreignColumns: [accounts.id, accounts.asset],
    }),
    index('ledger_postings_by_debit').on(t.debitId, t.id),
    index('ledger_postings_by_credit').on(t.creditId, t.id),
    index('ledger_postings_by_transaction').on(t.transactionId, t.id),
    check('ledger_postings_amount', sql`${t.amount} > 0`),
    check('ledger_postings_two_accounts', sql`${t.debitId} <> ${t.creditId}`),
  ],
)
export type Posting = typeof postings.$inferSelect

export const holdStates = ['open', 'settled', 'released', 'expired'] as const

/** What is promised: it cannot be spent otherwise, and comes back by itself when nobody takes it in time. */
export const holds = pgTable(
  'ledger_holds',
  {
    id: id(),
    accountId: uuid('account_id').notNull(),
    asset: assetOf(),
    amount: amountOf('amount').notNull(),
    state: text('state', { enum: holdStates }).notNull().default('open'),
    settledAmount: amountOf('settled_amount'),
    transactionId: uuid('transaction_id').references(() => transactions.id),
    idemKey: text('idem_key').notNull(),
    expiresAt: at('expires_at').notNull(),
    endedAt: at('ended_at'),
    createdAt: at('created_at').notNull().defaultNow(),
  },
  (t) => [
    foreignKey({
      name: 'ledger_holds_account',
      columns: [t.accountId, t.asset],
      foreignColumns: [accounts.id, accounts.asset],
    }),
    unique('ledger_holds_idem_key').on(t.idemKey),
    index('ledger_holds_by_account')
      .on(t.accountId)
      .where(sql`${t.state} = 'open'`),
    index('ledger_holds_due')
      .on(t.expiresAt)
      .where(sql`${t.state} = 'open'`),
    check('ledger_holds_state', sql`${t.state} in ('open', 'settled', 'released', 'expired')`),
    check('ledger_holds_amount', sql`${t.amount} > 0`),
    check('ledger_holds_idem_key_length', sql`length(${t.idemKey}) between 1 and 255`),
    check(
      'ledger_holds_settled',
      sql`(${t.state} = 'settled') = (${t.settledAmount} is not null) and ${t.settledAmount} between 0 and ${t.amount}`,
    ),
    check(
      'ledger_holds_posted',
      sql`(${t.transactionId} is not null) = (coalesce(${t.settledAmount}, 0) > 0)`,
    ),
    check('ledger_holds_ended', sql`(${t.state} = 'open') = (${t.endedAt} is null)`),
  ],
)
export type Hold = typeof holds.$inferSelect

/** Something that must be true and is not. */
export type Finding = {
  /** `I1` to `I8`, as docs/money.md numbers them. */
  readonly invariant: string
  /** The account, hold, transaction or asset that it is not true of. */
  readonly subject: string
  readonly expected: string
  readonly found: string
}

/** What checks by the clock have found: what the figures are read from. */
export const checks = pgTable(
  'ledger_checks',
  {
    id: id(),
    at: at('at').notNull().defaultNow(),
    findings: jsonb('findings').$type<readonly Finding[]>().notNull(),
  },
  (t) => [index('ledger_checks_at').on(t.at)],
)
