/** What was posted, the newest first. */
import * as ledger from '@ashlar/sdk/ledger'
import { moneyText } from '../../frame/amounts.ts'
import { List } from '../../frame/list-screen.tsx'
import { Amount, Screen, When } from '../../frame/screen.tsx'
import { useWords } from '../../frame/words.ts'
import { RefLink } from './ref-link.tsx'
import { OtherParts } from './sections.tsx'
import { movedBy } from './transaction.ts'
import { ledgerWords } from './words.ts'

export default function TransactionsScreen() {
  const words = useWords(ledgerWords)
  return (
    <Screen
      title={words.transactions}
      lead={words.transactionsLead}
      trail={[{ title: words.ledger, to: '/admin/ledger' }]}
      actions={<OtherParts than="transactions" />}
    >
      <List
        name="ledger-transactions"
        operation={ledger.listTransactions}
        rowId={({ id }) => id}
        to={({ id }) => `/admin/ledger/transactions/${id}`}
        empty={words.transactionsEmpty}
        filters={[
          {
            name: 'reason',
            kind: 'text',
            label: words.reason,
            placeholder: 'refunds.succeeded',
          },
          {
            name: 'refType',
            kind: 'choice',
            label: words.about,
            options: [
              { value: 'payment', label: words.ref_payment },
              { value: 'surplus', label: words.ref_surplus },
            ],
          },
          { name: 'refId', kind: 'text', label: words.aboutId },
          { name: 'from', kind: 'time', label: words.from },
          { name: 'to', kind: 'time', label: words.to },
        ]}
        columns={[
          { id: 'reason', title: words.reason, show: ({ reason }) => reason },
          {
            id: 'postings',
            title: words.moved,
            align: 'right',
            show: (transaction) =>
              movedBy(transaction).map((sum) => <Amount key={sum.currency} of={sum} />),
            text: (transaction) => movedBy(transaction).map(moneyText).join(', '),
          },
          {
            id: 'ref',
            title: words.about,
            show: ({ ref }) => <RefLink of={ref} />,
            text: ({ ref }) => (ref === null ? '' : `${ref.type} ${ref.id}`),
          },
          {
            id: 'effectiveAt',
            title: words.effective,
            show: ({ effectiveAt }) => <When at={effectiveAt} />,
          },
          {
            id: 'createdAt',
            title: words.postedAt,
            show: ({ createdAt }) => <When at={createdAt} />,
            isExtra: true,
          },
        ]}
      />
    </Screen>
  )
}
