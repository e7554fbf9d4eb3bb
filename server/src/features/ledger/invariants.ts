/** What must always be true of the ledger, asked of all of it at one moment. docs/money.md has the numbers. */
import { sql } from 'drizzle-orm'
import type { ReadCtx } from '../../platform/context.ts'
import { type Finding, accounts, holds, postings, transactions } from './tables.ts'

export const invariants = {
  I0: 'Every transaction has postings.',
  I1: 'The balance of an account is the sum of its postings.',
  I2: 'In every currency as much was given as taken.',
  I3: 'What is held of an account is the sum of its open holds.',
  I4: 'No account is below its floor.',
  I5: 'What is kept for an order is never below zero, and nothing once it is closed.',
  I6: 'Whoever was paid too much is known to owe it.',
  I8: 'Nothing is held beyond its time.',
} as const

export type Invariant = keyof typeof invariants

export type Report = {
  readonly isGood: boolean
  readonly at: string
  readonly invariants: readonly {
    readonly id: Invariant
    readonly description: string
    readonly isGood: boolean
    readonly broken: number
  }[]
  /** The first of each, up to `maxFindings`. */
  readonly findings: readonly (Finding & { readonly invariant: Invariant })[]
  readonly counts: { readonly accounts: number; readonly postings: number }
}

/** Enough to know where to look; what breaks everything breaks every account. */
const maxFindings = 20
/** Holds are let go by the minute: one that is so much older is let go by nobody. */
const holdLeeway = sql`interval '15 minutes'`

/**
 * Checks everything in one statement, which sees one moment of the database: what is posted meanwhile is either in it as
 * a whole or not at all. It waits for nobody and nobody waits for it.
 */
export async function checkLedger(ctx: ReadCtx): Promise<Report> {
  const rows = await ctx.db
    .select({
      invariant: sql<Invariant>`invariant`,
      subject: sql<string>`subject`,
      expected: sql<string>`expected`,
      found: sql<string>`found`,
      broken: sql`broken`.mapWith(Number),
    })
    .from(
      sql`(select *, count(*) over (partition by invariant) as broken, row_number() over (partition by invariant order by subject) as place from (${everythingWrong}) as wrong) as numbered`,
    )
    .where(sql`place <= ${maxFindings}`)
    .orderBy(sql`invariant, subject`)
  const brokenBy = new Map(rows.map(({ invariant, broken }) => [invariant, broken]))
  return {
    isGood: rows.length === 0,
    at: ctx.now.toISOString(),
    invariants: (Object.entries(invariants) as [Invariant, string][]).map(([id, description]) => {
      const broken = brokenBy.get(id) ?? 0
      return { id, description, isGood: broken === 0, broken }
    }),
    findings: rows.map(({ invariant, subject, expected, found }) => ({
      invariant,
      subject,
      expected,
      found,
    })),
    counts: {
      accounts: await ctx.db.$count(accounts),
      postings: await ctx.db.$count(postings),
    },
  }
}

/** A column each for what is wrong: with what, what it should be, and what it is. */
const everythingWrong = sql`
  with moved as (
    select account_id, sum(debit) as debits, sum(credit) as credits from (
      select debit_id as account_id, amount as debit, 0 as credit from ${postings}
      union all
      select credit_id, 0, amount from ${postings}
    ) as sides group by account_id
  ), promised as (
    select account_id, sum(amount) as held from ${holds} where state = 'open' group by account_id
  ), standing as (
    select a.*, coalesce(m.debits, 0) as sum_debits, coalesce(m.credits, 0) as sum_credits,
      coalesce(p.held, 0) as sum_held,
      case a.normal when 'credit' then 1 else -1 end * (coalesce(m.credits, 0) - coalesce(m.debits, 0)) as sum_balance,
      case a.normal when 'credit' then 1 else -1 end * (a.credits::numeric - a.debits) as balance
    from ${accounts} a left join moved m on m.account_id = a.id left join promised p on p.account_id = a.id
  )
  select 'I0' as invariant, t.id::text as subject, 'at least one posting' as expected, 'none' as found
    from ${transactions} t where not exists (select from ${postings} where transaction_id = t.id)
  union all
  select 'I1', id::text, sum_debits || ' debited, ' || sum_credits || ' credited', debits || ' debited, ' || credits || ' credited'
    from standing where not is_unbounded and (debits <> sum_debits or credits <> sum_credits)
  union all
  select 'I2', asset, '0', sum(case when is_unbounded then sum_debits - sum_credits else debits::numeric - credits end)::text
    from standing group by asset
    having sum(case when is_unbounded then sum_debits - sum_credits else debits::numeric - credits end) <> 0
  union all
  select 'I3', id::text, sum_held::text, held::text from standing where held <> sum_held
  union all
  select 'I4', id::text, 'at least ' || floor, (balance - held)::text
    from standing where not is_unbounded and balance - held < floor
  union all
  select 'I5', id::text, case when closed_at is null then 'at least 0' else '0' end, sum_balance::text
    from standing where kind = 'escrow' and (sum_balance < 0 or (closed_at is not null and sum_balance <> 0))
  union all
  select 'I6', id::text, 'a debt of ' || -sum_balance, 'none'
    from standing s where kind = 'provider_payable' and sum_balance < 0 and not exists (
      select from standing d where d.kind = 'provider_receivable' and d.owner_id = s.owner_id and d.asset = s.asset
        and d.sum_balance >= -s.sum_balance)
  union all
  select 'I8', id::text, 'ended by ' || expires_at, state
    from ${holds} where state = 'open' and expires_at < now() - ${holdLeeway}`
