/** One comparison: what was looked at, how the balances compare, and what was found. */
import * as reconciliation from '@ashlar/sdk/reconciliation'
import { Alert, Table } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { usePathId } from '../../frame/address.ts'
import { reading } from '../../frame/api.ts'
import { useFormat } from '../../frame/format.ts'
import { Facts } from '../../frame/details.tsx'
import { Amount, Copyable, Screen, Section, When, YesNo } from '../../frame/screen.tsx'
import { Shown } from '../../frame/states.tsx'
import { useWords } from '../../frame/words.ts'
import { Findings } from './findings.tsx'
import { type Run, RunState, isUnderWay } from './states.tsx'
import { reconciliationWords } from './words.ts'

const pollMs = 1_000
/** In the order in which a run goes through them. */
const stages = [
  'payment_intent',
  'charge',
  'refund',
  'dispute',
  'believed',
  'suspected',
  'movements',
  'postings',
  'differing',
  'overdue',
  'lagging',
  'ledger',
  'balances',
] as const

export default function RunScreen() {
  const words = useWords(reconciliationWords)
  const format = useFormat()
  const id = usePathId()
  const read = useQuery({
    ...reading(reconciliation.getRun, { path: { id } }),
    refetchInterval: ({ state: { data } }) => (data && isUnderWay(data.run) ? pollMs : false),
  })
  return (
    <Shown of={read} lines={12}>
      {({ run, findings }) => (
        <Screen
          title={format.time(run.createdAt)}
          trail={[{ title: words.reconciliation, to: '/admin/reconciliation' }]}
        >
          {run.problem !== null && (
            <Alert color="orange" title={isUnderWay(run) ? words.problem : words.endedFor}>
              {run.problem}
            </Alert>
          )}
          <Section title={words.comparison}>
            <Basics of={run} />
          </Section>
          <Section title={words.findings}>
            <Findings of={findings} isOver={!isUnderWay(run)} />
          </Section>
          <Section title={words.balances}>
            <Balances of={run} />
          </Section>
        </Screen>
      )}
    </Shown>
  )
}

function Basics({ of: run }: { readonly of: Run }) {
  const words = useWords(reconciliationWords)
  const format = useFormat()
  const known: Readonly<Record<string, string>> = words
  const scanned = stages
    .filter((stage) => (run.scanned[stage] ?? 0) > 0)
    .map((stage) => `${words[`stage_${stage}`]}: ${format.number(run.scanned[stage] ?? 0)}`)
  const where = known[`stage_${run.stage}`] ?? run.stage
  return (
    <Facts
      facts={[
        [words.state, <RunState key="" state={run.state} />],
        [words.meaning, words[`means_${run.state}`]],
        ...(isUnderWay(run) ? [[words.where, where] as const] : []),
        [words.span, words[`span_${run.span}`]],
        [words.since, format.time(run.since)],
        [words.dryRun, <YesNo key="" is={run.isDryRun} />],
        [words.by, words[`trigger_${run.trigger}`]],
        [words.scanned, scanned.join(', ')],
        [words.started, <When key="" at={run.startedAt} />],
        [words.ended, <When key="" at={run.endedAt} />],
        ['Id', <Copyable key="" text={run.id} />],
      ]}
    />
  )
}

function Balances({ of: { balances } }: { readonly of: Run }) {
  const words = useWords(reconciliationWords)
  if (balances.length === 0) return words.noBalances
  return (
    <Table.ScrollContainer minWidth={560}>
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{words.currency}</Table.Th>
            <Table.Th ta="right">{words.theirs}</Table.Th>
            <Table.Th ta="right">{words.ours}</Table.Th>
            <Table.Th ta="right">{words.explained}</Table.Th>
            <Table.Th ta="right">{words.unexplained}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {balances.map(({ currency, provider, ledger, explained, unexplained }) => (
            <Table.Tr key={currency}>
              <Table.Td>{currency}</Table.Td>
              {[provider, ledger, explained, unexplained].map((amount, index) => (
                <Table.Td key={index} ta="right">
                  <Amount of={{ amount, currency }} />
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}
