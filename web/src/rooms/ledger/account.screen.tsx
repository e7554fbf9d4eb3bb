/** One account: what is on it, now or at a past time, and what came and went. */
import * as ledger from '@ashlar/sdk/ledger'
import { useAddress, usePathId } from '../../frame/address.ts'
import { useRead } from '../../frame/api.ts'
import { moneyText } from '../../frame/amounts.ts'
import { Filters } from '../../frame/filters.tsx'
import { useFormat } from '../../frame/format.ts'
import { GoButton } from '../../frame/go.tsx'
import { List } from '../../frame/list-screen.tsx'
import { Facts } from '../../frame/details.tsx'
import { Amount, Copyable, Screen, Section, When } from '../../frame/screen.tsx'
import { Shown } from '../../frame/states.tsx'
import { fill, useWords } from '../../frame/words.ts'
import { AccountLink } from './account-link.tsx'
import { useKindText, useOwnerText } from './kinds.ts'
import { ledgerWords } from './words.ts'

export default function AccountScreen() {
  const words = useWords(ledgerWords)
  const format = useFormat()
  const kindText = useKindText()
  const id = usePathId()
  const at = useAddress().search['at']
  const read = useRead(ledger.getAccount, {
    path: { id },
    ...(at === undefined ? {} : { query: { at } }),
  })
  return (
    <Shown of={read} lines={12}>
      {(account) => (
        <Screen
          title={`${kindText(account.kind)}, ${account.currency}`}
          trail={[{ title: words.accounts, to: '/admin/ledger' }]}
          actions={
            account.kind === 'escrow' && (
              <GoButton
                to="/admin/ledger/transactions"
                search={{ refId: account.ownerId }}
                variant="default"
              >
                {words.ofOwner}
              </GoButton>
            )
          }
        >
          <Section
            title={at === undefined ? words.now : fill(words.atTime, { time: format.time(at) })}
          >
            <Filters filters={[{ name: 'at', kind: 'time', label: words.at }]} />
            <AccountFacts of={account} />
          </Section>
          <Section title={words.postings}>
            <Postings id={id} />
          </Section>
        </Screen>
      )}
    </Shown>
  )
}

type Account = Awaited<ReturnType<typeof ledger.getAccount>>

function AccountFacts({ of: account }: { readonly of: Account }) {
  const words = useWords(ledgerWords)
  const ownerText = useOwnerText()
  return (
    <Facts
      facts={[
        [words.balance, <Amount key="" of={account.balance} />],
        [words.debits, <Amount key="" of={account.debits} />],
        [words.credits, <Amount key="" of={account.credits} />],
        [words.held, <Amount key="" of={account.held} />],
        [
          words.available,
          account.available === null ? words.unbounded : <Amount key="" of={account.available} />,
        ],
        [words.owner, ownerText(account.ownerId)],
        [words.grows, account.normal === 'debit' ? words.debit : words.credit],
        [words.created, <When key="" at={account.createdAt} />],
        [words.closed, <When key="" at={account.closedAt} />],
        ['Id', <Copyable key="" text={account.id} />],
      ]}
    />
  )
}

function Postings({ id }: { readonly id: string }) {
  const words = useWords(ledgerWords)
  return (
    <List
      name="ledger-postings"
      operation={ledger.listPostings}
      input={{ path: { id } }}
      rowId={(posting) => posting.id}
      to={({ transactionId }) => `/admin/ledger/transactions/${transactionId}`}
      empty={words.postingsEmpty}
      columns={[
        { id: 'reason', title: words.reason, show: ({ reason }) => reason },
        {
          id: 'debit',
          title: words.debit,
          align: 'right',
          show: ({ side, amount }) => side === 'debit' && <Amount of={amount} />,
          text: ({ side, amount }) => (side === 'debit' ? moneyText(amount) : ''),
        },
        {
          id: 'credit',
          title: words.credit,
          align: 'right',
          show: ({ side, amount }) => side === 'credit' && <Amount of={amount} />,
          text: ({ side, amount }) => (side === 'credit' ? moneyText(amount) : ''),
        },
        {
          id: 'otherAccountId',
          title: words.otherAccount,
          show: ({ otherAccountId }) => <AccountLink id={otherAccountId} />,
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
