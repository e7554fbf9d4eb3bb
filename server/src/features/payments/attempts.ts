/** Attempts: requests to the provider by which a payment may be paid. Each is kept before it is sent. */
import { and, desc, eq, sql } from 'drizzle-orm'
import type { Ctx, ReadCtx, TxCtx } from '../../platform/context.ts'
import { one } from '../../platform/db/one.ts'
import { presentMoney } from '../../platform/money/index.ts'
import type { Collection, Outcome, Session } from '../../platform/payments/index.ts'
import { markChanged } from '../inbox/index.ts'
import { errors } from './errors.ts'
import { lockPayment, priceOf, providerOf } from './payments.ts'
import { type Attempt, type Payment, attempts, isLive, payments } from './tables.ts'

/** Stripe forgets a key after 24 hours, and would make a second payment of it. */
export const keyHours = 23
/** Whoever has tried this often needs another way to pay, and every one costs a request to the provider. */
const maxAttempts = 25

/** How the customer is to be asked. */
export type Way =
  | { readonly kind: 'intent' }
  | { readonly kind: 'session'; readonly successUrl: string; readonly cancelUrl: string }

export type Begun = Collection | Session

/** The next attempt of a payment, whose row is locked. Throws `payments.too_many_attempts` (409). */
export async function keepAttempt(
  tx: TxCtx,
  payment: Payment,
  way: Way,
  customerRef: string,
): Promise<Attempt> {
  const number = (await lastNumber(tx, payment.id)) + 1
  if (number > maxAttempts) throw errors.too_many_attempts({ most: maxAttempts })
  const { amount, currency } = presentMoney(priceOf(payment))
  const { description, id: paymentId } = payment
  const request = { amount, currency, description, paymentId, number, customerRef }
  const { kind } = way
  return one(
    await tx.db
      .insert(attempts)
      .values({
        paymentId,
        number,
        kind,
        key: `pay_${paymentId}_${number}`,
        request:
          way.kind === 'intent'
            ? request
            : { ...request, ...pageOf(way, payment), name: description ?? 'Payment' },
      })
      .returning(),
  )
}

/** Sends it, or sends it again. What is too old for that certainly leads to nothing any more. */
export async function sendAttempt(ctx: Ctx, attempt: Attempt): Promise<Outcome<Begun>> {
  if (ctx.now.getTime() - attempt.createdAt.getTime() > keyHours * 3_600_000)
    return { kind: 'rejected', code: 'expired' }
  const provider = providerOf(ctx)
  const { key, request } = attempt
  return 'successUrl' in request
    ? provider.startSession({ key, body: request })
    : provider.startCollection({ key, body: request })
}

/** What became of an attempt. */
export async function note(
  tx: TxCtx,
  paymentId: string,
  attemptId: string,
  outcome: Outcome<Begun>,
): Promise<Payment> {
  const payment = await lockPayment(tx, paymentId)
  const attempt = await getAttempt(tx, attemptId)
  if (outcome.kind === 'done') {
    const { ref } = outcome.value
    return know(tx, payment, attempt, {
      providerRef: ref,
      collectionRef: attempt.kind === 'intent' ? ref : attempt.collectionRef,
    })
  }
  // What is known to be there stays known: a webhook or another try may have been faster.
  if (attempt.outcome === 'created' || attempt.outcome === 'rejected') return payment
  const isRejected = outcome.kind === 'rejected'
  await tx.db
    .update(attempts)
    .set({
      outcome: isRejected ? 'rejected' : 'unknown',
      detail: isRejected ? outcome.code : outcome.reason,
      updatedAt: sql`now()`,
    })
    .where(eq(attempts.id, attemptId))
  if (!isRejected) return payment
  await doubtCustomer(tx, payment, attempt, outcome.code)
  const state = payment.state === 'created' ? 'failed' : payment.state
  return setPayment(tx, paymentId, { state, failure: outcome.code })
}

type Refs = { readonly providerRef: string; readonly collectionRef: string | null }

/**
 * The provider has it, as its answer, an event or the page of it says. One that was given up stays so: it is closed as
 * soon as somebody gets to it.
 */
export async function know(
  tx: TxCtx,
  payment: Payment,
  attempt: Attempt,
  { providerRef, collectionRef }: Refs,
): Promise<Payment> {
  const isNews = attempt.providerRef !== providerRef || attempt.collectionRef !== collectionRef
  if (isNews || attempt.outcome !== 'created')
    await tx.db
      .update(attempts)
      .set({
        providerRef,
        collectionRef,
        ...(attempt.outcome === 'rejected' ? {} : { outcome: 'created', detail: null }),
        updatedAt: sql`now()`,
      })
      .where(eq(attempts.id, attempt.id))
  // What paid it stays what paid it.
  if (payment.heldAt !== null || collectionRef === payment.providerRef) return payment
  if (!(await isLatest(tx, attempt))) return payment
  return setPayment(tx, payment.id, { providerRef: collectionRef })
}

/** Nobody can pay it any more, as was seen at the provider. */
export async function closeAttempt(tx: TxCtx, attemptId: string): Promise<void> {
  await tx.db
    .update(attempts)
    .set({ closedAt: sql`coalesce(${attempts.closedAt}, now())`, updatedAt: sql`now()` })
    .where(eq(attempts.id, attemptId))
}

export async function findLiveAttempt(ctx: ReadCtx, paymentId: string): Promise<Attempt | null> {
  const [found] = await ctx.db
    .select()
    .from(attempts)
    .where(and(eq(attempts.paymentId, paymentId), isLive(attempts)))
  return found ?? null
}

export async function getAttempt({ db }: ReadCtx, id: string): Promise<Attempt> {
  return one(await db.select().from(attempts).where(eq(attempts.id, id)))
}

export async function isLatest(ctx: ReadCtx, { paymentId, number }: Attempt): Promise<boolean> {
  return (await lastNumber(ctx, paymentId)) === number
}

async function lastNumber({ db }: ReadCtx, paymentId: string): Promise<number> {
  const [last] = await db
    .select({ number: attempts.number })
    .from(attempts)
    .where(eq(attempts.paymentId, paymentId))
    .orderBy(desc(attempts.number))
    .limit(1)
  return last?.number ?? 0
}

export async function setPayment(
  tx: TxCtx,
  id: string,
  changes: Partial<Payment>,
): Promise<Payment> {
  return one(
    await tx.db
      .update(payments)
      .set({ ...changes, updatedAt: sql`now()` })
      .where(eq(payments.id, id))
      .returning(),
  )
}

/** Nothing else that it names could be missing: perhaps the customer was deleted, and nobody has told us. */
async function doubtCustomer(
  tx: TxCtx,
  { provider }: Payment,
  { request: { customerRef } }: Attempt,
  code: string,
): Promise<void> {
  if (code !== 'resource_missing' || customerRef === undefined) return
  await markChanged(tx, { provider, account: '', kind: 'customer', objectId: customerRef })
}

/** Both addresses name the payment, so that whoever comes back can be told how it stands. */
function pageOf(
  { successUrl, cancelUrl }: Extract<Way, { kind: 'session' }>,
  { id }: Payment,
): { successUrl: string; cancelUrl: string } {
  const withPayment = (address: string) => {
    const [page = '', ...fragment] = address.split(/(?=#)/)
    return `${page}${page.includes('?') ? '&' : '?'}payment=${id}${fragment.join('')}`
  }
  return { successUrl: withPayment(successUrl), cancelUrl: withPayment(cancelUrl) }
}
