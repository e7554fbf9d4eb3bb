/** How accounts, transactions and postings look from outside. */
import { Type } from 'typebox'
import { Time, choice, nullable } from '../../platform/http/schemas.ts'
import { Currency, MoneyView, presentMoney } from '../../platform/money/index.ts'
import type { AccountWithBalance } from './accounts.ts'
import { type Invariant, type Report, invariants } from './invariants.ts'
import type { Posting, Transaction } from './tables.ts'
import type { TransactionWithPostings } from './journal.ts'

export const Id = Type.String({ format: 'uuid' })
const Side = choice(['debit', 'credit'])

export const AccountView = Type.Object({
  id: Id,
  kind: Type.String({ description: 'Such as `escrow`; docs/money.md has the chart of accounts.' }),
  ownerId: Type.String({
    description: 'An order, a provider, a user; `platform` for those of the house.',
  }),
  currency: Currency,
  normal: choice(['debit', 'credit'], 'The side on which it grows.'),
  debits: MoneyView,
  credits: MoneyView,
  balance: MoneyView,
  held: MoneyView,
  available: nullable(MoneyView),
  isUnbounded: Type.Boolean({ description: 'True: it has no floor, and nothing is held of it.' }),
  closedAt: nullable(Time),
  createdAt: Time,
})

const PostingView = Type.Object({ debitId: Id, creditId: Id, amount: MoneyView })

export const TransactionView = Type.Object({
  id: Id,
  reason: Type.String(),
  idempotencyKey: Type.String(),
  ref: nullable(Type.Object({ type: Type.String(), id: Type.String() })),
  reverses: nullable(Id),
  reversedBy: nullable(Id),
  effectiveAt: Time,
  createdAt: Time,
  postings: Type.Array(PostingView),
})

export const AccountPostingView = Type.Object({
  id: Type.String({ description: 'Grows; not without gaps.' }),
  transactionId: Id,
  reason: Type.String(),
  side: Side,
  otherAccountId: Id,
  amount: MoneyView,
  effectiveAt: Time,
  createdAt: Time,
})

const InvariantId = choice(Object.keys(invariants) as Invariant[])
const Count = Type.Integer({ minimum: 0 })

export const ReportView = Type.Object({
  isGood: Type.Boolean(),
  at: Time,
  invariants: Type.Array(
    Type.Object({
      id: InvariantId,
      description: Type.String(),
      isGood: Type.Boolean(),
      broken: Count,
    }),
  ),
  findings: Type.Array(
    Type.Object({
      invariant: InvariantId,
      subject: Type.String(),
      expected: Type.String(),
      found: Type.String(),
    }),
    { description: 'The first twenty of each invariant.' },
  ),
  counts: Type.Object({ accounts: Count, postings: Count }),
})

export function presentAccount({ account, balance: given }: AccountWithBalance) {
  const { id, kind, ownerId, asset, normal, isUnbounded, closedAt, createdAt } = account
  const { debits, credits, balance, held, available } = given
  const present = (amount: bigint) => presentMoney({ amount, asset })
  return {
    id,
    kind,
    ownerId,
    currency: asset,
    normal,
    debits: present(debits),
    credits: present(credits),
    balance: present(balance),
    held: present(held),
    available: available === null ? null : present(available),
    isUnbounded,
    closedAt: closedAt?.toISOString() ?? null,
    createdAt: createdAt.toISOString(),
  }
}

export function presentTransaction({ transaction, postings, reversedBy }: TransactionWithPostings) {
  const { id, reason, idemKey, refType, refId, reverses, effectiveAt, createdAt } = transaction
  return {
    id,
    reason,
    idempotencyKey: idemKey,
    ref: refType === null || refId === null ? null : { type: refType, id: refId },
    reverses,
    reversedBy,
    effectiveAt: effectiveAt.toISOString(),
    createdAt: createdAt.toISOString(),
    postings: postings.map(({ debitId, creditId, ...posting }) => ({
      debitId,
      creditId,
      amount: presentMoney(posting),
    })),
  }
}

/** A posting as the account on one side of it sees it. */
export const presentPosting =
  (accountId: string) =>
  ({ posting, transaction }: { posting: Posting; transaction: Transaction }) => {
    const isDebit = posting.debitId === accountId
    return {
      id: posting.id.toString(),
      transactionId: transaction.id,
      reason: transaction.reason,
      side: isDebit ? ('debit' as const) : ('credit' as const),
      otherAccountId: isDebit ? posting.creditId : posting.debitId,
      amount: presentMoney(posting),
      effectiveAt: transaction.effectiveAt.toISOString(),
      createdAt: transaction.createdAt.toISOString(),
    }
  }

export const presentReport = ({ invariants: all, findings, ...report }: Report) => ({
  ...report,
  invariants: [...all],
  findings: [...findings],
})
