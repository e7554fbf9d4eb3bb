/** One transaction: its lines, which take from one account what they give to another. */
import * as ledger from '@ashlar/sdk/ledger'
import { Group, Table, Text } from '@mantine/core'
import { IconCheck } from '@tabler/icons-react'
import { usePathId } from '../../frame/address.ts'
import { useRead } from '../../frame/api.ts'
import { Go } from '../../frame/go.tsx'
import { Facts } from '../../frame/details.tsx'
import { Amount, Copyable, Screen, Section, When } from '../../frame/screen.tsx'
import { Shown } from '../../frame/states.tsx'
import { useWords } from '../../frame/words.ts'
import { AccountLink } from './account-link.tsx'
import { RefLink } from './ref-link.tsx'
import { type Transaction, movedBy } from './transaction.ts'
import { ledgerWords } from './words.ts'

export default function TransactionScreen() {
  const words = useWords(ledgerWords)
  const id = usePathId()
  const read = useRead(ledger.getTransaction, { path: { id } })
  return (
    <Shown of={read} lines={10}>
      {(transaction) => (
        <Screen
          title={transaction.reason}
          trail={[
            { title: words.ledger, to: '/admin/ledger' },
            { title: words.transactions, to: '/admin/ledger/transactions' },
          ]}
        >
          <Section title={words.transaction}>
            <Facts
              facts={[
                [words.about, <RefLink key="" of={transaction.ref} />],
                [words.effective, <When key="" at={transaction.effectiveAt} />],
                [words.postedAt, <When key="" at={transaction.createdAt} />],
                [
                  words.reverses,
                  transaction.reverses && <OtherOne key="" id={transaction.reverses} />,
                ],
                [
                  words.reversedBy,
                  transaction.reversedBy && <OtherOne key="" id={transaction.reversedBy} />,
                ],
                [words.key, <Copyable key="" text={transaction.idempotencyKey} />],
                ['Id', <Copyable key="" text={transaction.id} />],
              ]}
            />
          </Section>
          <Section title={words.lines}>
            <Lines of={transaction} />
          </Section>
        </Screen>
      )}
    </Shown>
  )
}

const OtherOne = ({ id }: { readonly id: string }) => (
  <Go to={`/admin/ledger/transactions/${id}`} size="sm">
    {id}
  </Go>
)

function Lines({ of: transaction }: { readonly of: Transaction }) {
  const words = useWords(ledgerWords)
  const lines = transaction.postings.flatMap((posting, index) => [
    { ...posting, index, side: 'debit' as const, accountId: posting.debitId },
    { ...posting, index, side: 'credit' as const, accountId: posting.creditId },
  ])
  return (
    <Table.ScrollContainer minWidth={420}>
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{words.account}</Table.Th>
            <Table.Th ta="right">{words.debit}</Table.Th>
            <Table.Th ta="right">{words.credit}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {lines.map(({ index, side, accountId, amount }) => (
            <Table.Tr key={`${index} ${side}`}>
              <Table.Td>
                <AccountLink id={accountId} />
              </Table.Td>
              <Table.Td ta="right">{side === 'debit' && <Amount of={amount} />}</Table.Td>
              <Table.Td ta="right">{side === 'credit' && <Amount of={amount} />}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
        <Table.Tfoot>
          {movedBy(transaction).map((sum) => (
            <Table.Tr key={sum.currency}>
              <Table.Th>
                <Group gap={4} wrap="nowrap">
                  <IconCheck size={16} aria-hidden />
                  <Text size="sm" fw={600}>
                    {words.balanced}
                  </Text>
                </Group>
              </Table.Th>
              <Table.Th ta="right">
                <Amount of={sum} />
              </Table.Th>
              <Table.Th ta="right">
                <Amount of={sum} />
              </Table.Th>
            </Table.Tr>
          ))}
        </Table.Tfoot>
      </Table>
    </Table.ScrollContainer>
  )
}
