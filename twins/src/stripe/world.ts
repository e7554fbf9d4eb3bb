/** Everything the twin knows: the accounts, and for each of them what lies on its shelves. */
import type { Account, AccountLinks } from './accounts.ts'
import type { BalanceTransaction } from './balance.ts'
import type { Charge } from './charges.ts'
import type { IntentData, SubscriptionData } from './checkout-sessions.ts'
import type { CheckoutSession, LineItem } from './checkout.ts'
import type { Clock } from './clock.ts'
import type { Customer } from './customers.ts'
import type { Dispute } from './disputes.ts'
import { StripeError, missing } from './errors.ts'
import type { Event } from './events.ts'
import type { FaultPlan, Faults } from './faults.ts'
import type { Invoice, InvoiceWatcher, NewLine } from './invoice-drafts.ts'
import type { InvoicePayment } from './invoices.ts'
import type { PaymentIntent } from './payments.ts'
import type { PaymentMethod } from './payment-methods.ts'
import type { Payout } from './payouts.ts'
import type { PortalSession } from './portal.ts'
import type { Price } from './prices.ts'
import type { Product } from './products.ts'
import type { Refund } from './refunds.ts'
import type { SubscriptionItem } from './subscription-items.ts'
import type { Subscription } from './subscriptions.ts'
import type { TestCard } from './test-cards.ts'
import type { Transfer } from './transfers.ts'
import type { EndpointRecord, Webhooks } from './webhooks.ts'

export type Home = {
  readonly accountId: string
  readonly world: World
  readonly customers: Map<string, Customer>
  readonly paymentMethods: Map<string, PaymentMethod>
  /** How the methods of payment behave, by their id. */
  readonly cards: Map<string, TestCard>
  readonly paymentIntents: Map<string, PaymentIntent>
  readonly charges: Map<string, Charge>
  readonly refunds: Map<string, Refund>
  readonly disputes: Map<string, Dispute>
  readonly products: Map<string, Product>
  readonly prices: Map<string, Price>
  readonly sessions: Map<string, CheckoutSession>
  /** By session: they are part of it only when asked for. */
  readonly lineItems: Map<string, LineItem[]>
  readonly subscriptionData: Map<string, SubscriptionData>
  /** The payment of a session, which the session itself does not always tell. */
  readonly sessionIntents: Map<string, PaymentIntent>
  /** What the payment of a session is to bring with it. */
  readonly intentData: Map<string, IntentData>
  /** Who wants to know when an intent ends well or badly. */
  readonly watchers: Map<string, (intent: PaymentIntent) => void>
  readonly subscriptions: Map<string, Subscription>
  readonly subscriptionItems: Map<string, SubscriptionItem>
  /** What a change in the middle of a period costs, by subscription: for the next invoice. */
  readonly pendingLines: Map<string, NewLine[]>
  readonly invoices: Map<string, Invoice>
  readonly invoicePayments: Map<string, InvoicePayment>
  readonly invoiceWatchers: Map<string, InvoiceWatcher>
  readonly portals: Map<string, PortalSession>
  readonly transactions: Map<string, BalanceTransaction>
  readonly transfers: Map<string, Transfer>
  readonly payouts: Map<string, Payout>
  readonly events: Map<string, Event>
  readonly endpoints: Map<string, EndpointRecord>
}

export type Money = {
  /** How long a payment is pending before it can be paid out. */
  settleSeconds: number
  /** How long after `charge.succeeded` the balance transaction appears, when capture is asynchronous. */
  asyncCaptureSeconds: number
  /** Of each payment: parts of a thousand, and so many minor units more. */
  feePerMille: number
  feeFixed: number
  disputeFee: number
  /** Whether the bank lets a refund go below zero; without it such a refund waits for money. */
  mayOverdraw: boolean
  /** Payments in these currencies are settled in another one. */
  /** What becomes of a subscription that could not be paid in the end. */
  afterRetries: 'canceled' | 'past_due' | 'unpaid'
  conversions: Readonly<Record<string, { to: string; rate: number }>>
}

export type World = {
  readonly platform: Home
  readonly accounts: Map<string, Account>
  readonly accountLinks: AccountLinks
  readonly homes: Map<string, Home>
  readonly clock: Clock
  readonly plan: FaultPlan
  readonly faults: Faults
  readonly webhooks: Webhooks
  readonly money: Money
  readonly apiVersion: string
  /** Where the twin is reached. */
  url: string
  /** The request that is being executed; null when time did it. */
  request: { id: string; idempotencyKey: string | null } | null
}

export function createWorld(
  parts: Pick<World, 'clock' | 'plan' | 'faults' | 'webhooks' | 'money' | 'apiVersion'> & {
    platformId: string
  },
): World {
  const { platformId, ...rest } = parts
  const homes = new Map<string, Home>()
  const world: World = {
    ...rest,
    homes,
    accounts: new Map(),
    accountLinks: new Map(),
    url: '',
    request: null,
    get platform() {
      return homeOf(world, platformId)
    },
  }
  addHome(world, platformId)
  return world
}

export function addHome(world: World, accountId: string): Home {
  const home: Home = {
    accountId,
    world,
    customers: new Map(),
    paymentMethods: new Map(),
    cards: new Map(),
    paymentIntents: new Map(),
    charges: new Map(),
    refunds: new Map(),
    disputes: new Map(),
    products: new Map(),
    prices: new Map(),
    sessions: new Map(),
    lineItems: new Map(),
    intentData: new Map(),
    subscriptionData: new Map(),
    sessionIntents: new Map(),
    watchers: new Map(),
    subscriptions: new Map(),
    subscriptionItems: new Map(),
    pendingLines: new Map(),
    invoices: new Map(),
    invoicePayments: new Map(),
    invoiceWatchers: new Map(),
    portals: new Map(),
    transactions: new Map(),
    transfers: new Map(),
    payouts: new Map(),
    events: new Map(),
    endpoints: new Map(),
  }
  world.homes.set(accountId, home)
  return home
}

export function homeOf(world: World, accountId: string): Home {
  const home = world.homes.get(accountId)
  if (home) return home
  throw new StripeError(
    403,
    'invalid_request_error',
    `The provided key does not have access to account '${accountId}' (or that account does not exist).`,
    { code: 'account_invalid' },
  )
}

/** Takes an object from its shelf; `kind` and `param` are for the error when it is not there. */
export function take<T>(shelf: Map<string, T>, id: string, kind: string, param?: string): T {
  const found = shelf.get(id)
  if (found === undefined) throw missing(kind, id, param)
  return found
}

/** One that is deleted is not there any more, except for who asks for it by id. */
export function takeCustomer(home: Home, id: string, param?: string): Customer {
  const found = home.customers.get(id)
  if (!found || found.deleted) throw missing('customer', id, param)
  return found
}

/** Any object by its id, for `expand`. */
export function findAny(home: Home, id: string): object | null {
  const shelves: Readonly<Record<string, Map<string, object>>> = {
    acct: home.world.accounts,
    ch: home.charges,
    cs: home.sessions,
    cus: home.customers,
    du: home.disputes,
    evt: home.events,
    in: home.invoices,
    inpay: home.invoicePayments,
    si: home.subscriptionItems,
    sub: home.subscriptions,
    pi: home.paymentIntents,
    pm: home.paymentMethods,
    po: home.payouts,
    price: home.prices,
    prod: home.products,
    py: home.charges,
    re: home.refunds,
    tr: home.transfers,
    txn: home.transactions,
  }
  return shelves[id.split('_')[0] ?? '']?.get(id) ?? null
}

/** Pages know nothing but an id. */
export function inAnyHome<T>(
  world: World,
  find: (home: Home) => T | undefined,
): { home: Home; object: T } | null {
  for (const home of world.homes.values()) {
    const object = find(home)
    if (object !== undefined) return { home, object }
  }
  return null
}
