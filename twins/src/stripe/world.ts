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
import type { Invoice, NewLine } from './invoice-drafts.ts'
import type { InvoicePayment } from './invoices.ts'
import type { Memory } from './memory.ts'
import type { PaymentIntent } from './payments.ts'
import type { PaymentMethod } from './payment-methods.ts'
import type { Payout } from './payouts.ts'
import type { PortalSession } from './portal.ts'
import type { Price } from './prices.ts'
import type { Product } from './products.ts'
import type { Refund } from './refunds.ts'
import type { Form } from './shelf.ts'
import type { PendingChange } from './subscription-changes.ts'
import type { SubscriptionItem } from './subscription-items.ts'
import type { Subscription } from './subscriptions.ts'
import type { TestCard } from './test-cards.ts'
import type { TestClock } from './test-clocks.ts'
import type { FrozenWork } from './their-time.ts'
import type { Transfer } from './transfers.ts'
import type { EndpointRecord, Webhooks } from './webhooks.ts'
import type { KnownWork, Task } from './work.ts'
import {
  disputeForm,
  itemForm,
  lineItemsForm,
  subscriptionForm,
  transactionForm,
} from './written-forms.ts'

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
  readonly sessionIntents: Map<string, string>
  /** What the payment of a session is to bring with it. */
  readonly intentData: Map<string, IntentData>
  /** What is done when an intent ends well or badly. */
  readonly watchers: Map<string, Task>
  readonly subscriptions: Map<string, Subscription>
  readonly subscriptionItems: Map<string, SubscriptionItem>
  /** What a change in the middle of a period costs, by subscription: for the next invoice. */
  readonly pendingLines: Map<string, NewLine[]>
  /** What becomes of a subscription when its pending update is paid. */
  readonly pendingChanges: Map<string, PendingChange>
  readonly invoices: Map<string, Invoice>
  readonly invoicePayments: Map<string, InvoicePayment>
  /** What is done when something becomes of an invoice. */
  readonly invoiceWatchers: Map<string, Task>
  readonly testClocks: Map<string, TestClock>
  /** What is to be done when a test clock gets there, by the clock. */
  readonly frozenWork: Map<string, FrozenWork[]>
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
  readonly memory: Memory
  /** All that can be done later, by its name. */
  readonly works: ReadonlyMap<string, KnownWork>
  readonly accounts: Map<string, Account>
  readonly accountLinks: AccountLinks
  readonly homes: Map<string, Home>
  /** The same, as it is written down. */
  readonly namesOfHomes: Map<string, true>
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

type WorldParts = Pick<
  World,
  'apiVersion' | 'clock' | 'faults' | 'memory' | 'money' | 'plan' | 'webhooks' | 'works'
> & { platformId: string }

export function createWorld({ platformId, ...parts }: WorldParts): World {
  const { memory } = parts
  const homes = new Map<string, Home>()
  const names = memory.shelf<true>('homes')
  const world: World = {
    ...parts,
    homes,
    namesOfHomes: names,
    accounts: memory.shelf('accounts'),
    accountLinks: memory.shelf('accountLinks'),
    url: '',
    request: null,
    get platform() {
      return homeOf(world, platformId)
    },
  }
  for (const id of new Set([platformId, ...names.keys()])) addHome(world, id)
  return world
}

export function addHome(world: World, accountId: string): Home {
  const shelf = <T>(name: string, form?: Form<T>) =>
    world.memory.shelf<T>(`${accountId}/${name}`, form)
  const home: Home = {
    accountId,
    world,
    customers: shelf('customers'),
    paymentMethods: shelf('paymentMethods'),
    cards: shelf('cards'),
    paymentIntents: shelf('paymentIntents'),
    charges: shelf('charges'),
    refunds: shelf('refunds'),
    disputes: shelf(
      'disputes',
      disputeForm(() => home),
    ),
    products: shelf('products'),
    prices: shelf('prices'),
    sessions: shelf('sessions'),
    lineItems: shelf(
      'lineItems',
      lineItemsForm(() => home),
    ),
    intentData: shelf('intentData'),
    subscriptionData: shelf('subscriptionData'),
    sessionIntents: shelf('sessionIntents'),
    watchers: shelf('watchers'),
    subscriptions: shelf(
      'subscriptions',
      subscriptionForm(() => home),
    ),
    subscriptionItems: shelf(
      'subscriptionItems',
      itemForm(() => home),
    ),
    pendingLines: shelf('pendingLines'),
    pendingChanges: shelf('pendingChanges'),
    invoices: shelf('invoices'),
    invoicePayments: shelf('invoicePayments'),
    invoiceWatchers: shelf('invoiceWatchers'),
    testClocks: shelf('testClocks'),
    frozenWork: shelf('frozenWork'),
    portals: shelf('portals'),
    transactions: shelf(
      'transactions',
      transactionForm(() => home),
    ),
    transfers: shelf('transfers'),
    payouts: shelf('payouts'),
    events: shelf('events'),
    endpoints: shelf('endpoints'),
  }
  world.homes.set(accountId, home)
  world.namesOfHomes.set(accountId, true)
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
    clock: home.testClocks,
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
