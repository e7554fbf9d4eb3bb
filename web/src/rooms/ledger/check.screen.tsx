/** Whether the ledger is true to itself: all invariants, checked now. */
import * as ledger from '@ashlar/sdk/ledger'
import { Alert, Button, Table, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { reading } from '../../frame/api.ts'
import { useFormat } from '../../frame/format.ts'
import { Screen, Section, State } from '../../frame/screen.tsx'
import { Shown } from '../../frame/states.tsx'
import { fill, useWords } from '../../frame/words.ts'
import { OtherParts } from './sections.tsx'
import { ledgerWords } from './words.ts'

type Report = Awaited<ReturnType<typeof ledger.check>>

export default function CheckScreen() {
  const words = useWords(ledgerWords)
  // It reads the whole ledger: once when it is opened, then only when somebody asks.
  const read = useQuery({
    ...reading(ledger.check),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  })
  return (
    <Screen
      title={words.check}
      lead={words.checkLead}
      trail={[{ title: words.ledger, to: '/admin/ledger' }]}
      actions={
        <>
          <Button loading={read.isFetching} onClick={() => void read.refetch()}>
            {words.checkAgain}
          </Button>
          <OtherParts than="check" />
        </>
      }
    >
      <Shown of={read} lines={10}>
        {(report) => (
          <>
            <Verdict of={report} />
            <Section title={words.invariants}>
              <Invariants of={report} />
            </Section>
            {report.findings.length > 0 && (
              <Section title={words.findings}>
                <Findings of={report} />
              </Section>
            )}
          </>
        )}
      </Shown>
    </Screen>
  )
}

function Verdict({ of: { isGood, at, counts } }: { readonly of: Report }) {
  const words = useWords(ledgerWords)
  const format = useFormat()
  return (
    <Alert
      color={isGood ? 'teal' : 'red'}
      role="status"
      title={isGood ? words.checkGood : words.checkBad}
    >
      {fill(words.checkedOf, {
        time: format.time(at),
        accounts: format.number(counts.accounts),
        postings: format.number(counts.postings),
      })}
    </Alert>
  )
}

function Invariants({ of: { invariants } }: { readonly of: Report }) {
  const words = useWords(ledgerWords)
  return (
    <Table>
      <Table.Tbody>
        {invariants.map(({ id, isGood, broken }) => (
          <Table.Tr key={id}>
            <Table.Td w={48}>{id}</Table.Td>
            <Table.Td>{words[`invariant_${id}`]}</Table.Td>
            <Table.Td ta="right">
              <State tone={isGood ? 'good' : 'bad'}>
                {isGood ? words.holds : fill(words.broken, { count: broken })}
              </State>
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}

function Findings({ of: { findings } }: { readonly of: Report }) {
  const words = useWords(ledgerWords)
  return (
    <Table.ScrollContainer minWidth={560}>
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{words.invariant}</Table.Th>
            <Table.Th>{words.subject}</Table.Th>
            <Table.Th>{words.expected}</Table.Th>
            <Table.Th>{words.found}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {findings.map(({ invariant, subject, expected, found }) => (
            <Table.Tr key={`${invariant} ${subject}`}>
              <Table.Td>{invariant}</Table.Td>
              <Table.Td>
                <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
                  {subject}
                </Text>
              </Table.Td>
              <Table.Td>{expected}</Table.Td>
              <Table.Td>{found}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}
