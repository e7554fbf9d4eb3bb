/** Payments: started here, paid at the provider, and brought in step with what the provider says. */
import { type SQL, and, desc, eq, lt, sql } from 'drizzle-orm'
import { Type } from 'typebox'
import { v7 as uuidv7 } from 'uuid'
import type { Ctx, ReadCtx, TxCtx } from '../../platform/context.ts'
import { crashPoint } from '../../platform/crash-points.ts'
import { one } from '../../platform/db/one.ts'
import { type Page, cursorOf, pageOf } from '../../platform/http/index.ts'
import { type Asset, type Money, money, presentMoney } from '../../platform/money/index.ts'
import { requireChargeable } from '../../platform/money/stripe.ts'
import type {
  Attempt,
  CollectRequest,
  Collection,
  Outcome,
  PaymentProvider,
} from '../../platform/payments/index.ts'
import { errors } from './errors.ts'
import { paymentStarted } from './events.ts'
import { type Payment, attempts, payments } from './tables.ts'

/** Ids tell when a row was made, so they order the list. */
const cursor = cursorOf(Type.String({ pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' }))

export type NewPayment = {
  readonly amount: string
  readonly currency: Asset
  readonly description?: string | undefined
}
export type Started = { readonly payment: Payment; readonly clientSecret: string }
export type PaymentFilter = {
  readonly userId?: string | undefined
  readonly state?: Payment['state'] | undefined
}

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

/** Those that the reader may see, newest first. */
export async function listPayments(
  ctx: ReadCtx,
  { limit, ...filter }: PaymentFilter & { limit: number; cursor?: string | undefined },
): Promise<Page<Payment>> {
  const { userId, state } = filter
  const rows = await ctx.db
    .select()
    .from(payments)
    .where(
      and(
        visibleTo(ctx),
        userId === undefined ? undefined : eq(payments.userId, userId),
        state === undefined ? undefined : eq(payments.state, state),
        filter.cursor === undefined ? undefined : lt(payments.id, cursor.decode(filter.cursor)),
      ),
    )
    .orderBy(desc(payments.id))
    .limit(limit + 1)
  return pageOf(rows, limit, (last) => cursor.encode(last.id))
}

/**
 * Starts a payment: kept first, then asked for at the provider, then noted. A request that is sent again under its
 * Idempotency-Key goes on where it was, and asks the provider for the same thing under the same key.
 * Throws `payments.not_configured` and `payments.provider_unavailable` (503), `payments.refused_by_provider` and what
 * money says of a price that cannot be charged (422).
 */
export async function startPayment(ctx: Ctx, given: NewPayment): Promise<Started> {
  const provider = providerOf(ctx)
  const price = requireChargeable(money(given.amount, given.currency))
  crashPoint('payments.before_keep')
  const { paymentId, attemptId, attempt } = await ctx.tx((tx) =>
    keep(tx, provider.id, price, given.description ?? null),
  )
  crashPoint('payments.after_keep')
  const outcome = await provider.startCollection(attempt)
  crashPoint('payments.after_call')
  // Not noted: what this request has committed once is not done again, and its next try may know more.
  if (outcome.kind === 'unknown') throw errors.provider_unavailable({ reason: outcome.reason })
  const payment = await ctx.tx((tx) => note(tx, paymentId, attemptId, outcome))
  crashPoint('payments.after_note')
  if (outcome.kind === 'rejected') throw errors.refused_by_provider({ reason: outcome.code })
  return { payment, clientSecret: outcome.value.clientSecret }
}

async function keep(
  tx: TxCtx,
  provider: PaymentProvider['id'],
  price: Money,
  description: string | null,
): Promise<{ paymentId: string; attemptId: string; attempt: Attempt<CollectRequest> }> {
  const paymentId = uuidv7()
  const attemptId = uuidv7()
  const { amount, currency } = presentMoney(price)
  const request = { amount, currency, description, paymentId }
  const key = `pay_${paymentId}_1`
  await tx.db.insert(payments).values({
    id: paymentId,
    userId: tx.actor.id ?? '',
    amount: price.amount,
    asset: price.asset,
    description,
    provider,
  })
  await tx.db.insert(attempts).values({ id: attemptId, paymentId, number: 1, key, request })
  await tx.record(paymentStarted, paymentId, { amount, currency, provider })
  return { paymentId, attemptId, attempt: { key, body: request } }
}

/** What became of an attempt. */
export async function note(
  tx: TxCtx,
  paymentId: string,
  attemptId: string,
  outcome: Outcome<Collection>,
): Promise<Payment> {
  const payment = await lockPayment(tx, paymentId)
  const changes =
    outcome.kind === 'done'
      ? { outcome: 'created' as const, detail: null, providerRef: outcome.value.ref }
      : outcome.kind === 'rejected'
        ? { outcome: 'rejected' as const, detail: outcome.code }
        : { outcome: 'unknown' as const, detail: outcome.reason }
  const noted = await tx.db
    .update(attempts)
    .set({ ...changes, updatedAt: sql`now()` })
    .where(
      and(
        eq(attempts.id, attemptId),
        // What is known to be there stays known: a webhook or another try may have been faster.
        outcome.kind === 'done' ? undefined : sql`${attempts.outcome} is distinct from 'created'`,
      ),
    )
    .returning({ id: attempts.id })
  if (outcome.kind === 'unknown' || noted.length === 0) return payment
  const state =
    outcome.kind === 'rejected' && payment.state === 'created' ? 'failed' : payment.state
  return one(
    await tx.db
      .update(payments)
      .set({
        state,
        updatedAt: sql`now()`,
        ...(outcome.kind === 'done'
          ? { providerRef: outcome.value.ref }
          : { failure: outcome.code }),
      })
      .where(eq(payments.id, paymentId))
      .returning(),
  )
}

/** From here to the end of the transaction nobody else changes it. */
export async function lockPayment(tx: TxCtx, id: string): Promise<Payment> {
  const [found] = await tx.db.select().from(payments).where(eq(payments.id, id)).for('update')
  if (!found) throw errors.payment_not_found()
  return found
}

export function providerOf({ ports }: Ctx): PaymentProvider {
  if (!ports.payments) throw errors.not_configured()
  return ports.payments
}

function visibleTo({ actor }: ReadCtx): SQL | undefined {
  if (actor.can('payments.read_any')) return undefined
  return eq(payments.userId, actor.id ?? '')
}
