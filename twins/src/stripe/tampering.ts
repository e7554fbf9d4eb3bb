/** What Stripe never does, and books must notice all the same: money that moves by itself, amounts that change, what vanishes. */
import { record } from './balance.ts'
import { readCurrency } from './currencies.ts'
import { operation } from './operation.ts'
import { flag, integer, required, text } from './parameters.ts'
import { take } from './world.ts'

export const tamperingOperations = [
  operation('POST /_twin/balance_transactions', {
    parameters: {
      amount: required(integer),
      currency: required(text),
      fee: integer,
      type: required(text),
      source: text,
    },
    answers: 'balance_transaction',
    run: ({ home, values: { currency, type, source = null, fee = 0, amount } }) =>
      record(home, {
        amount,
        fee,
        currency: readCurrency(currency),
        type,
        category: type,
        source,
      }),
  }),
  operation('POST /_twin/balance_transactions/:id', {
    parameters: { amount: required(integer) },
    answers: 'balance_transaction',
    run({ home, values: { amount }, part }) {
      const transaction = take(home.transactions, part('id'), 'balance transaction')
      transaction.amount = amount
      transaction.net = amount - transaction.fee
      return transaction
    },
  }),
  operation('POST /_twin/payment_intents/:id', {
    parameters: { amount: integer, currency: text, unpaid: flag },
    answers: 'payment_intent',
    run({ home, values: { amount, currency, unpaid }, part }) {
      const intent = take(home.paymentIntents, part('id'), 'payment_intent', 'intent')
      if (amount !== undefined) {
        intent.amount = amount
        intent.amount_received = intent.status === 'succeeded' ? amount : 0
      }
      if (currency !== undefined) intent.currency = readCurrency(currency)
      if (unpaid === true) {
        intent.status = 'requires_payment_method'
        intent.amount_received = 0
      }
      return intent
    },
  }),
  // With its charge, and with what that moved.
  operation('DELETE /_twin/payment_intents/:id', {
    run({ home, part }) {
      const intent = take(home.paymentIntents, part('id'), 'payment_intent', 'intent')
      const charge = home.charges.get(intent.latest_charge ?? '')
      if (charge?.balance_transaction != null) home.transactions.delete(charge.balance_transaction)
      if (charge) home.charges.delete(charge.id)
      home.paymentIntents.delete(intent.id)
      return { object: 'twin.done' }
    },
  }),
]
