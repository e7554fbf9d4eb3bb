/** What lies on a shelf of its own and is a part of something else too: written by its name there, so that it is one thing again when it is read. */
import type { BalanceTransaction } from './balance.ts'
import type { LineItem } from './checkout.ts'
import type { Dispute } from './disputes.ts'
import type { Page } from './listing.ts'
import type { Form } from './shelf.ts'
import type { SubscriptionItem } from './subscription-items.ts'
import type { Subscription } from './subscriptions.ts'
import type { Home } from './world.ts'

/** Its home is not there yet when it is made. */
type HomeOf = () => Home

type Written<T, Names> = Omit<T, keyof Names> & Names
type Priced = { readonly price: { readonly id: string } }

export function lineItemsForm(home: HomeOf): Form<LineItem[]> {
  return {
    write: (items) => items.map((item) => withNameOfPrice(home, item)),
    read: (items: Written<LineItem, { price: string }>[]) =>
      items.map((item) => ({ ...item, price: taken(home().prices, item.price) })),
  }
}

export function itemForm(home: HomeOf): Form<SubscriptionItem> {
  return {
    write: (item) => withNameOfPrice(home, item),
    // The same object: its subscription holds it.
    read: (item: Written<SubscriptionItem, { price: string }>) =>
      Object.assign(item, { price: taken(home().prices, item.price) }),
  }
}

export function subscriptionForm(home: HomeOf): Form<Subscription> {
  return {
    write: (subscription) => ({
      ...subscription,
      items: withData(subscription, ({ id }) => taken(home().subscriptionItems, id).id),
    }),
    read: (subscription: Written<Subscription, { items: Page<string> }>) =>
      Object.assign(subscription, {
        items: withData(subscription, (id) => taken(home().subscriptionItems, id)),
      }),
  }
}

/** Whether money is available is a matter of time, and of no account in writing. */
export function transactionForm(home: HomeOf): Form<BalanceTransaction> {
  return {
    write: (transaction) => ({ ...transaction, status: 'pending' }),
    read: (transaction: BalanceTransaction) => {
      const isThere = transaction.available_on <= home().world.clock.now()
      return Object.assign(transaction, { status: isThere ? 'available' : 'pending' })
    },
  }
}

export function disputeForm(home: HomeOf): Form<Dispute> {
  return {
    write: (dispute) => ({
      ...dispute,
      balance_transactions: dispute.balance_transactions.map(({ id }) => id),
    }),
    read: (dispute: Written<Dispute, { balance_transactions: string[] }>) =>
      Object.assign(dispute, {
        balance_transactions: dispute.balance_transactions.map((id) =>
          taken(home().transactions, id),
        ),
      }),
  }
}

function withData<From, To>({ items }: { items: Page<From> }, each: (from: From) => To): Page<To> {
  return { ...items, data: items.data.map(each) }
}

function withNameOfPrice<Item extends Priced>(home: HomeOf, item: Item) {
  return { ...item, price: taken(home().prices, item.price.id).id }
}

/** Taken from its shelf, what was changed on it in passing is written as well. */
function taken<T>(shelf: Map<string, T>, name: string): T {
  const thing = shelf.get(name)
  if (thing === undefined) throw new Error(`${name} is not on its shelf.`)
  return thing
}
