/** What belongs to a payment and has screens of its own: refunds, disputes, what was posted, what was told. */
import * as disputes from '@ashlar/sdk/disputes'
import * as inbox from '@ashlar/sdk/inbox'
import * as ledger from '@ashlar/sdk/ledger'
import * as refunds from '@ashlar/sdk/refunds'
import { Text } from '@mantine/core'
import { moneyText, sumsOf } from '../../frame/amounts.ts'
import type { Money } from '../../frame/format.ts'
import { List } from '../../frame/list-screen.tsx'
import { DisputeState, RefundState } from '../../frame/money-states.tsx'
import { Amount, When } from '../../frame/screen.tsx'
import { useWords } from '../../frame/words.ts'
import type { Payment } from './name.ts'
import { paymentsWords } from './words.ts'

type Of = { readonly of: Payment }

export function RefundsPart({ of: { id } }: Of) {
  const words = useWords(paymentsWords)
  return (
    <List
      name="payment-refunds"
      operation={refunds.listOfPayment}
      input={{ path: { id } }}
      rowId={(refund) => refund.id}
      to={(refund) => `/admin/refunds/${refund.id}`}
      empty={words.noRefunds}
      columns={[
        {
          id: 'amount',
          title: words.amount,
          show: ({ amount }) => <Amount of={amount} />,
          text: ({ amount }) => moneyText(amount),
        },
        { id: 'state', title: words.state, show: ({ state }) => <RefundState state={state} /> },
        { id: 'reason', title: words.reason, show: ({ reason }) => reason },
        { id: 'createdAt', title: words.created, show: ({ createdAt }) => <When at={createdAt} /> },
      ]}
    />
  )
}

export function DisputesPart({ of: { id } }: Of) {
  const words = useWords(paymentsWords)
  return (
    <List
      name="payment-disputes"
      operation={disputes.list}
      input={{ query: { paymentId: id } }}
      rowId={(dispute) => dispute.id}
      to={(dispute) => `/admin/disputes/${dispute.id}`}
      empty={words.noDisputes}
      columns={[
        {
          id: 'amount',
          title: words.amount,
          show: ({ amount }) => <Amount of={amount} />,
          text: ({ amount }) => moneyText(amount),
        },
        { id: 'state', title: words.state, show: ({ state }) => <DisputeState state={state} /> },
        { id: 'reason', title: words.reason, show: ({ reason }) => reason },
        { id: 'dueAt', title: words.due, show: ({ dueAt }) => <When at={dueAt} /> },
        { id: 'openedAt', title: words.opened, show: ({ openedAt }) => <When at={openedAt} /> },
      ]}
    />
  )
}

export function LedgerPart({ of: { id } }: Of) {
  const words = useWords(paymentsWords)
  return (
    <List
      name="payment-ledger"
      operation={ledger.listTransactions}
      input={{ query: { refType: 'payment', refId: id } }}
      rowId={(transaction) => transaction.id}
      to={(transaction) => `/admin/ledger/transactions/${transaction.id}`}
      empty={words.noTransactions}
      columns={[
        { id: 'reason', title: words.posted, show: ({ reason }) => reason },
        {
          id: 'postings',
          title: words.amount,
          align: 'right',
          show: ({ postings }) =>
            movedBy(postings).map((sum) => <Amount key={sum.currency} of={sum} />),
          text: ({ postings }) => movedBy(postings).map(moneyText).join(', '),
        },
        {
          id: 'effectiveAt',
          title: words.effective,
          show: ({ effectiveAt }) => <When at={effectiveAt} />,
        },
      ]}
    />
  )
}

/** Of what the provider calls the payment; of its charges, refunds and disputes the timeline has links. */
export function ToldPart({ of: { providerRef } }: Of) {
  const words = useWords(paymentsWords)
  if (providerRef === null) return <Text c="dimmed">{words.nothingTold}</Text>
  return (
    <List
      name="payment-events"
      operation={inbox.listEvents}
      input={{ query: { objectId: providerRef } }}
      rowId={(event) => event.id}
      to={(event) => `/admin/inbox/${event.id}`}
      empty={words.nothingTold}
      columns={[
        { id: 'type', title: words.event, show: ({ type }) => type },
        {
          id: 'state',
          title: words.state,
          show: ({ state }) => words[`event_${state}`],
          text: ({ state }) => state,
        },
        {
          id: 'receivedAt',
          title: words.receivedAt,
          show: ({ receivedAt }) => <When at={receivedAt} />,
        },
      ]}
    />
  )
}

const movedBy = (postings: readonly { readonly amount: Money }[]): readonly Money[] =>
  sumsOf(postings.map(({ amount }) => amount))
