/** Customers at Stripe. */
import type { Stripe } from 'stripe'
import type { CustomerProvider } from './customer-provider.ts'
import { found, outcomeOf } from './stripe-outcome.ts'

const pageSize = 100
/** Between Stripe's clock and ours, and more. */
const clockSkewSeconds = 300

export const openCustomers = (client: () => Promise<Stripe>): CustomerProvider => ({
  createCustomer: async ({ key, body: { userId, since } }) => {
    const { customers } = await client()
    return outcomeOf(
      async () => {
        const metadata = { user_id: userId }
        const { id } = await customers.create({ metadata }, { idempotencyKey: key })
        return { ref: id }
      },
      // A list that can only be narrowed down by time: whoever was made in between is looked at, too.
      async () => {
        const created = { gte: Math.floor(Date.parse(since) / 1000) - clockSkewSeconds }
        const listed = customers.list({ created, limit: pageSize })
        for await (const { id, metadata } of listed)
          if (metadata['user_id'] === userId) return { ref: id }
        return null
      },
    )
  },
  hasCustomer: async (ref, signal) => {
    signal?.throwIfAborted()
    const { customers } = await client()
    const customer = await found(() => customers.retrieve(ref))
    return customer !== null && customer.deleted !== true
  },
  deleteCustomer: async (ref) => {
    const { customers } = await client()
    await found(() => customers.del(ref))
  },
})
