/** Accounts: opened with their first use, locked in one order, closed when empty; and what is on them, now and before. */
import { type SQL, and, desc, eq, lt, sql } from 'drizzle-orm'
import type { ReadCtx, TxCtx } from '../../platform/context.ts'
import type { ReadDb, Tx } from '../../platform/db/index.ts'
import { one } from '../../platform/db/one.ts'
import { statement } from '../../platform/db/prepared.ts'
import { type Page, idCursor, pageOf } from '../../platform/http/index.ts'
import type { Asset } from '../../platform/money/index.ts'
import type { AccountSpec } from './chart.ts'
import { errors } from './errors.ts'
import { accountClosed } from './events.ts'
import { type Account, accounts, holds, postings, transactions } from './tables.ts'

/** An account by its id, or by what it is. */
export type AccountRef = string | AccountSpec

/** In the account's smallest unit. Sums of unbounded accounts may be larger than any single amount. */
export type Balance = {
  readonly debits: bigint
  readonly credits: bigint
  readonly held: bigint
  /** On the side on which the account grows; below zero only where it has no bounds. */
  readonly balance: bigint
  /** What can be spent; null where there are no bounds. */
  readonly available: bigint | null
}
export type AccountWithBalance = { readonly account: Account; readonly balance: Balance }

export type AccountFilter = {
  readonly kind?: string | undefined
  readonly ownerId?: string | undefined
  readonly asset?: Asset | undefined
}

/** Newest first. */
export async function listAccounts(
  ctx: ReadCtx,
  given: AccountFilter & { limit: number; cursor?: string | undefined },
): Promise<Page<AccountWithBalance>> {
  const { limit, kind, ownerId, asset } = given
  const rows = await ctx.db
    .select()
    .from(accounts)
    .where(
      and(
        kind === undefined ? undefined : eq(accounts.kind, kind),
        ownerId === undefined ? undefined : eq(accounts.ownerId, ownerId),
        asset === undefined ? undefined : eq(accounts.asset, asset),
        given.cursor === undefined ? undefined : lt(accounts.id, idCursor.decode(given.cursor)),
      ),
    )
    .orderBy(desc(accounts.id))
    .limit(limit + 1)
  const page = pageOf(rows, limit, (last) => idCursor.encode(last.id))
  const sums = await sumsOf(
    ctx,
    page.rows.filter(({ isUnbounded }) => isUnbounded).map(({ id }) => id),
  )
  return {
    ...page,
    rows: page.rows.map((account) => ({
      account,
      balance: balanceOf(account, account.isUnbounded ? sums(account.id) : account),
    })),
  }
}

/** Throws `ledger.account_not_found` (404). */
export async function getAccount(ctx: ReadCtx, id: string): Promise<Account> {
  const [found] = await ctx.db.select().from(accounts).where(eq(accounts.id, id))
  if (!found) throw errors.account_not_found()
  return found
}

/** Throws `ledger.account_not_found` (404). `at`: what had taken effect by then. */
export async function getBalance(ctx: ReadCtx, id: string, at?: Date): Promise<AccountWithBalance> {
  const account = await getAccount(ctx, id)
  if (at === undefined && !account.isUnbounded)
    return { account, balance: balanceOf(account, account) }
  const sums = await sumsOf(ctx, [id], at)
  const held = at === undefined ? 0n : await heldAt(ctx, id, at)
  return { account, balance: balanceOf(account, { ...sums(id), held }) }
}

/**
 * The ids of these accounts, each made where there was none. Two that come first at once get the same one: whoever spends
 * has a row to lock.
 */
export async function openAccounts(tx: TxCtx, refs: readonly AccountRef[]): Promise<string[]> {
  const specs = refs.filter((ref) => typeof ref !== 'string')
  const known = await findAccounts(tx, specs)
  const missing = [...new Map(specs.map((spec) => [nameOf(spec), spec]))]
    .filter(([name]) => !known.has(name))
    // In one order, or two that open the same accounts would wait for each other.
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([, spec]) => spec)
  if (missing.length > 0) {
    await tx.db.insert(accounts).values(missing).onConflictDoNothing()
    for (const [name, account] of await findAccounts(tx, missing)) known.set(name, account)
  }
  return refs.map((ref) => {
    if (typeof ref === 'string') return ref
    const found = known.get(nameOf(ref))
    if (!found || found.normal !== ref.normal || found.isUnbounded !== ref.isUnbounded)
      throw new Error(`an account ${nameOf(ref)} is something else than the chart says`)
    return found.id
  })
}

const lockBounded = statement<{ ids: readonly string[] }>()((db: Tx, given) =>
  db
    .select()
    .from(accounts)
    .where(and(sql`${accounts.id} = any(${given('ids')}::uuid[])`, eq(accounts.isUnbounded, false)))
    .orderBy(accounts.id)
    .for('no key update'),
)

/**
 * Locks the bounded ones of these until the transaction ends, in the order of their ids, and returns them as they are
 * then. Whoever posts twice in one transaction locks the accounts of both first.
 */
export async function lockAccounts(
  tx: TxCtx,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Account>> {
  const rows = await lockBounded(tx.db, { ids: [...new Set(ids)] })
  return new Map(rows.map((account) => [account.id, account]))
}

/**
 * Nothing is posted to it any more. Throws `ledger.account_not_found` (404), `ledger.unbounded_account` (422) and
 * `ledger.account_not_empty` (409); closed already it stays so.
 */
export async function closeAccount(tx: TxCtx, id: string): Promise<Account> {
  const account = (await lockAccounts(tx, [id])).get(id) ?? (await getAccount(tx, id))
  if (account.isUnbounded) throw errors.unbounded_account()
  if (account.closedAt) return account
  if (account.debits !== account.credits || account.held !== 0n) throw errors.account_not_empty()
  const closed = one(
    await tx.db.update(accounts).set({ closedAt: tx.now }).where(eq(accounts.id, id)).returning(),
  )
  const { kind, ownerId, asset } = closed
  await tx.record(accountClosed, id, { kind, ownerId, asset })
  return closed
}

type Sums = { readonly debits: bigint; readonly credits: bigint }

export function balanceOf(account: Account, { debits, credits, held }: Sums & { held: bigint }) {
  const balance = account.normal === 'credit' ? credits - debits : debits - credits
  const available = account.isUnbounded ? null : balance - held - account.floor
  return { debits, credits, held, balance, available }
}

async function sumsOf(
  ctx: ReadCtx,
  ids: readonly string[],
  at?: Date,
): Promise<(id: string) => Sums & { held: bigint }> {
  const nothing = { debits: 0n, credits: 0n, held: 0n }
  if (ids.length === 0) return () => nothing
  const within =
    at === undefined
      ? sql`true`
      : sql`exists (select from ${transactions} t where t.id = transaction_id and t.effective_at <= ${at.toISOString()})`
  const side = (column: 'debit_id' | 'credit_id', debits: SQL, credits: SQL) =>
    sql`select ${sql.raw(column)} as account_id, ${debits} as debits, ${credits} as credits
      from ${postings} where ${sql.raw(column)} = any(${sql.param(ids)}::uuid[]) and ${within}`
  const rows = await ctx.db
    .select({
      id: sql<string>`account_id`,
      debits: sql`sum(debits)`.mapWith(BigInt),
      credits: sql`sum(credits)`.mapWith(BigInt),
    })
    .from(
      sql`(${side('debit_id', sql`amount`, sql`0`)} union all ${side('credit_id', sql`0`, sql`amount`)}) as sides`,
    )
    .groupBy(sql`account_id`)
  const byId = new Map(rows.map(({ id, ...sums }) => [id, { ...sums, held: 0n }]))
  return (id) => byId.get(id) ?? nothing
}

async function heldAt(ctx: ReadCtx, id: string, at: Date): Promise<bigint> {
  const then = at.toISOString()
  const { held } = one(
    await ctx.db
      .select({ held: sql`coalesce(sum(${holds.amount}), 0)`.mapWith(BigInt) })
      .from(holds)
      .where(
        and(
          eq(holds.accountId, id),
          sql`${holds.createdAt} <= ${then} and (${holds.endedAt} is null or ${holds.endedAt} > ${then})`,
        ),
      ),
  )
  return held
}

async function findAccounts(
  ctx: ReadCtx,
  specs: readonly AccountSpec[],
): Promise<Map<string, Account>> {
  const each = new Map(specs.map((spec) => [nameOf(spec), spec])).values()
  // They travel together.
  const found = await Promise.all(
    Array.from(each, ({ id, kind, ownerId, asset }) =>
      id === undefined
        ? accountNamed(ctx.db, { kind, ownerId, asset })
        : ctx.db.select().from(accounts).where(eq(accounts.id, id)),
    ),
  )
  const rows = found.flat()
  const isNamedById = new Set(specs.map(({ id }) => id))
  return new Map(
    rows.map((row) => [isNamedById.has(row.id) ? nameOf(row) : nameOf({ ...row, id: null }), row]),
  )
}

const accountNamed = statement<Pick<Account, 'kind' | 'ownerId' | 'asset'>>()((db: ReadDb, given) =>
  db
    .select()
    .from(accounts)
    .where(
      and(
        eq(accounts.kind, given('kind')),
        eq(accounts.ownerId, given('ownerId')),
        eq(accounts.asset, given('asset')),
        // As the index says it, or a plan that is made without the values would not use it.
        sql`${accounts.kind} <> 'credit_lot'`,
      ),
    ),
)

function nameOf(account: {
  readonly id?: string | null
  readonly kind: string
  readonly ownerId: string
  readonly asset: string
}): string {
  const { id, kind, ownerId, asset } = account
  return `${kind}:${ownerId}:${asset}${id ? `:${id}` : ''}`
}
