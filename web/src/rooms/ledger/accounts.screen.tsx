/** The accounts of the ledger, with what is on them. */
import * as ledger from '@ashlar/sdk/ledger'
import { credits, moneyText } from '../../frame/amounts.ts'
import { currencies } from '../../frame/currencies.ts'
import { List } from '../../frame/list-screen.tsx'
import { Amount, Screen, When } from '../../frame/screen.tsx'
import { useWords } from '../../frame/words.ts'
import { kinds, useKindText } from './kinds.ts'
import { OwnerName } from './owner.tsx'
import { OtherParts } from './sections.tsx'
import { ledgerWords } from './words.ts'

export default function AccountsScreen() {
  const words = useWords(ledgerWords)
  const kindText = useKindText()
  return (
    <Screen title={words.ledger} lead={words.accountsLead} actions={<OtherParts than="accounts" />}>
      <List
        name="ledger-accounts"
        operation={ledger.listAccounts}
        rowId={({ id }) => id}
        to={({ id }) => `/admin/ledger/accounts/${id}`}
        empty={words.accountsEmpty}
        filters={[
          {
            name: 'kind',
            kind: 'choice',
            label: words.kind,
            options: kinds.map((value) => ({ value, label: kindText(value) })),
          },
          { name: 'currency', kind: 'choice', label: words.currency, options: currencyOptions },
          { name: 'ownerId', kind: 'text', label: words.owner, placeholder: words.ownerHint },
        ]}
        columns={[
          { id: 'kind', title: words.kind, show: ({ kind }) => kindText(kind) },
          { id: 'ownerId', title: words.owner, show: ({ ownerId }) => <OwnerName of={ownerId} /> },
          {
            id: 'balance',
            title: words.balance,
            align: 'right',
            show: ({ balance }) => <Amount of={balance} />,
            text: ({ balance }) => moneyText(balance),
          },
          {
            id: 'held',
            title: words.held,
            align: 'right',
            show: ({ held }) => <Amount of={held} />,
            text: ({ held }) => moneyText(held),
            isExtra: true,
          },
          {
            id: 'debits',
            title: words.debits,
            align: 'right',
            show: ({ debits }) => <Amount of={debits} />,
            text: ({ debits }) => moneyText(debits),
          },
          {
            id: 'credits',
            title: words.credits,
            align: 'right',
            show: (account) => <Amount of={account.credits} />,
            text: (account) => moneyText(account.credits),
          },
          {
            id: 'createdAt',
            title: words.created,
            show: ({ createdAt }) => <When at={createdAt} />,
          },
        ]}
      />
    </Screen>
  )
}

const currencyOptions = [...currencies, credits].map((value) => ({ value, label: value }))
