/** Customers: who a user is at the provider. Made once, before anything is asked of them; found by our own id alone. */
import { and, desc, eq, isNull, sql } from 'drizzle-orm'
import type { Ctx, ReadCtx, TxCtx } from '../../platform/context.ts'
import type { PaymentProvider } from '../../platform/payments/index.ts'
import type { Applier } from '../inbox/index.ts'
import { keyHours } from './attempts.ts'
import { errors } from './errors.ts'
import { customerGone, customerMade } from './events.ts'
import { providerOf } from './payments.ts'
import { type Customer, customers } from './tables.ts'

/**
 * What the provider calls the caller. Of many who ask at once one row is made, under one key, and so one customer.
 * Throws `payments.provider_unavailable` (503), `payments.refused_by_provider` (422), `payments.attempt_over` (409).
 */
export async function ensureCustomer(ctx: Ctx): Promise<string> {
  const provider = providerOf(ctx)
  const userId = ctx.actor.id ?? ''
  const claimed = await ctx.tx((tx) => claim(tx, userId, provider.id))
  if (claimed.ref !== null) return claimed.ref
  // A retry is given the row that its first try has seen: the key may be too old by now.
  if (isForgotten(ctx, claimed)) throw errors.attempt_over()
  const { key, createdAt } = claimed
  const since = createdAt.toISOString()
  const outcome = await provider.createCustomer({ key, body: { userId, since } })
  if (outcome.kind === 'unknown') throw errors.provider_unavailable({ reason: outcome.reason })
  const made = await ctx.tx((tx) =>
    outcome.kind === 'done' ? noteMade(tx, claimed, outcome.value.ref) : noteGone(tx, claimed.id),
  )
  if (outcome.kind === 'rejected') throw errors.refused_by_provider({ reason: outcome.code })
  return made ?? outcome.value.ref
}

/** A customer of Stripe: whether it is still there. */
export const stripeCustomers: Applier = {
  provider: 'stripe',
  kind: 'customer',
  look: async (ctx, { objectId }, signal) => {
    const known = await findByRef(ctx, 'stripe', objectId)
    // Somebody else's, or so new that nothing can have happened to it.
    if (!known) return async () => 'applied'
    const isThere = await providerOf(ctx).hasCustomer(objectId, signal)
    return async (tx) => {
      if (!isThere) await noteGone(tx, known.id)
      return 'applied'
    }
  },
}

/** Deletes at the provider what it keeps of a user, and then what is kept of it here. */
export async function forgetCustomers(ctx: Ctx, userId: string): Promise<void> {
  const known = await ctx.db.select().from(customers).where(eq(customers.userId, userId))
  for (const { id, ref, goneAt } of known) {
    if (ref !== null && goneAt === null) await providerOf(ctx).deleteCustomer(ref)
    await ctx.tx((tx) => tx.db.delete(customers).where(eq(customers.id, id)))
  }
}

async function claim(
  tx: TxCtx,
  userId: string,
  provider: PaymentProvider['id'],
): Promise<Customer> {
  const ofUser = and(eq(customers.userId, userId), eq(customers.provider, provider))
  const present = async () => {
    const [found] = await tx.db
      .select()
      .from(customers)
      .where(and(ofUser, isNull(customers.goneAt)))
    return found
  }
  const known = await present()
  if (known && (known.ref !== null || !isForgotten(tx, known))) return known
  // Whether it was made nobody will ever know. It says nothing about anybody but an id of ours.
  if (known) await noteGone(tx, known.id)
  const [last] = await tx.db
    .select({ number: customers.number })
    .from(customers)
    .where(ofUser)
    .orderBy(desc(customers.number))
    .limit(1)
  const number = (last?.number ?? 0) + 1
  const key = `cus_${userId}_${number}`
  const [made] = await tx.db
    .insert(customers)
    .values({ userId, provider, number, key })
    .onConflictDoNothing()
    .returning()
  // Otherwise somebody was faster, and has committed by now.
  const there = made ?? (await present())
  if (!there) throw new Error('a customer is neither new nor known')
  return there
}

const isForgotten = ({ now }: ReadCtx, { createdAt }: Customer) =>
  now.getTime() - createdAt.getTime() > keyHours * 3_600_000

/** Returns what it is called; another try may have noted it before. */
async function noteMade(tx: TxCtx, { id, userId }: Customer, ref: string): Promise<string> {
  const noted = await tx.db
    .update(customers)
    .set({ ref, updatedAt: sql`now()` })
    .where(and(eq(customers.id, id), isNull(customers.ref)))
    .returning({ id: customers.id })
  if (noted.length > 0) await tx.record(customerMade, userId, { ref })
  return ref
}

async function noteGone(tx: TxCtx, id: string): Promise<null> {
  const [gone] = await tx.db
    .update(customers)
    .set({ goneAt: tx.now, updatedAt: sql`now()` })
    .where(and(eq(customers.id, id), isNull(customers.goneAt)))
    .returning()
  if (gone) await tx.record(customerGone, gone.userId, { ref: gone.ref })
  return null
}

async function findByRef(
  { db }: ReadCtx,
  provider: PaymentProvider['id'],
  ref: string,
): Promise<Customer | null> {
  const [found] = await db
    .select()
    .from(customers)
    .where(and(eq(customers.provider, provider), eq(customers.ref, ref)))
  return found ?? null
}
