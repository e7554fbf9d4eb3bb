/** Customers at Stripe. */
import type { Stripe } from 'stripe'
import type { CustomerProvider } from './customer-provider.ts'
import { found, outcomeOf } from './stripe-outcome.ts'

export const openCustomers = (client: () => Promise<Stripe>): CustomerProvider => ({
  createCustomer: async ({ key, body }) =>
    outcomeOf(async () => {
      const { customers } = await client()
      const metadata = { user_id: body.userId }
      const { id } = await customers.create({ metadata }, { idempotencyKey: key })
      return { ref: id }
    }),
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
