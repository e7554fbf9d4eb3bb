/** The port to what a provider keeps of a customer: who pays, under an id of the provider's. */
import type { Attempt, Outcome } from './provider.ts'

/** Our own id alone: what else the provider learns of somebody they tell it themselves, on its page. */
export type CustomerRequest = {
  readonly userId: string
  /** When it was first asked for; told to nobody, and what is older than that is another one. */
  readonly since: string
}

export type CustomerProvider = {
  /** Never throws for what the provider does. */
  createCustomer(attempt: Attempt<CustomerRequest>): Promise<Outcome<{ readonly ref: string }>>
  /** Whether it is still there. @throws Error when the provider cannot say */
  hasCustomer(ref: string, signal?: AbortSignal): Promise<boolean>
  /** With the ways to pay that are kept of it; what was paid stays. Deleted already: nothing. @throws Error */
  deleteCustomer(ref: string): Promise<void>
}
