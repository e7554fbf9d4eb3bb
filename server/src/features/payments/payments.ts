/** Payments: what somebody is to pay, and who may see it. */
import { type SQL, and, eq, gte, lt, sql } from 'drizzle-orm'
import type { Ctx, ReadCtx, TxCtx } from '../../platform/context.ts'
import { one } from '../../platform/db/one.ts'
import { type Page, amountKeys, sortingOf } from '../../platform/http/index.ts'
import { type Asset, type Money, money } from '../../platform/money/index.ts'
import type { PaymentProvider } from '../../platform/payments/index.ts'
import { errors } from './errors.ts'
import { visibleTo } from './reading.ts'
import { type Payment, payments } from './tables.ts'

/** The clock that made an id and the one that made the row's time may differ: by far less. */
const clockSlackMs = 3_600_000

export type PaymentFilter = {
  readonly userId?: string | undefined
  readonly state?: Payment['state'] | undefined
  readonly provider?: Payment['provider'] | undefined
  readonly currency?: Asset | undefined
  readonly from?: Date | undefined
  readonly to?: Date | undefined
}

export const sorting = sortingOf<Payment>()(
  payments.id,
  { createdAt: [], price: amountKeys(payments) },
  '-createdAt',
)

export const priceOf = ({ amount, asset }: Payment): Money => money(amount, asset)

/** Throws `payments.payment_not_found` (404), also for what is somebody else's and may not be seen. */
export async function getPayment(ctx: ReadCtx, id: string): Promise<Payment> {
  const [found] = await ctx.db
    .select()
    .from(payments)
    .where(and(eq(payments.id, id), visibleTo(ctx)))
  if (!found) throw errors.payment_not_found()
  return found
}

/** Those that the reader may see, newest first unless told otherwise. */
export async function listPayments(
  ctx: ReadCtx,
  filter: PaymentFilter & Parameters<typeof sorting.by>[0],
): Promise<Page<Payment>> {
  const { userId, state, provider, currency, from, to } = filter
  const order = sorting.by(filter)
  const rows = await ctx.db
    .select()
    .from(payments)
    .where(
      and(
        visibleTo(ctx),
        userId === undefined ? undefined : eq(payments.userId, userId),
        state === undefined ? undefined : eq(payments.state, state),
        provider === undefined ? undefined : eq(payments.provider, provider),
        currency === undefined ? undefined : eq(payments.asset, currency),
        from === undefined ? undefined : since(from),
        to === undefined ? undefined : until(to),
        order.after,
      ),
    )
    .orderBy(...order.orderBy)
    .limit(order.limit)
  return order.page(rows)
}

/** From here to the end of the transaction nobody else changes it. */
export async function lockPayment(tx: TxCtx, id: string): Promise<Payment> {
  const [found] = await tx.db.select().from(payments).where(eq(payments.id, id)).for('update')
  if (!found) throw errors.payment_not_found()
  return found
}

/** The payment that a provider's object of money that came in belongs to, locked; null where it is none of ours. */
export async function findCollected(
  tx: TxCtx,
  provider: Payment['provider'],
  providerRef: string | null,
): Promise<Payment | null> {
  if (providerRef === null) return null
  const [found] = await tx.db
    .select()
    .from(payments)
    .where(and(eq(payments.provider, provider), eq(payments.providerRef, providerRef)))
    .for('update')
  return found ?? null
}

/** Whether it is the caller's own: to see somebody's payment is not to have a say in it. Throws like `getPayment`. */
export async function requireOwnPayment(ctx: ReadCtx, id: string): Promise<void> {
  const payment = await getPayment(ctx, id)
  if (payment.userId !== ctx.actor.id) throw errors.payment_not_found()
}

export async function getProvider({ db }: ReadCtx, id: string): Promise<Payment['provider']> {
  const { provider } = one(
    await db.select({ provider: payments.provider }).from(payments).where(eq(payments.id, id)),
  )
  return provider
}

export function providerOf({ ports }: Ctx): PaymentProvider {
  if (!ports.payments) throw errors.not_configured()
  return ports.payments
}

// The ids narrow down where to look in the index; the row's own time decides.
const since = (from: Date) =>
  and(gte(payments.createdAt, from), gte(payments.id, idAt(from.getTime() - clockSlackMs)))
const until = (to: Date) =>
  and(lt(payments.createdAt, to), lt(payments.id, idAt(to.getTime() + clockSlackMs)))

/** The first UUIDv7 of a millisecond (RFC 9562, 5.7). */
function idAt(ms: number): SQL {
  const hex = Math.max(0, Math.floor(ms)).toString(16).padStart(12, '0').slice(-12)
  return sql`${`${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`}::uuid`
}
