/** What a run has found, and what became of each. */
import { Table, Text } from '@mantine/core'
import { frameWords } from '../../frame/frame-words.ts'
import { Go } from '../../frame/go.tsx'
import { Amount } from '../../frame/screen.tsx'
import { Empty } from '../../frame/states.tsx'
import { useWords } from '../../frame/words.ts'
import { OurThing } from './our-thing.tsx'
import { useSaid } from './said.ts'
import { type Finding, Outcome } from './states.tsx'
import { reconciliationWords } from './words.ts'

export function Findings({
  of: findings,
  isOver,
}: {
  readonly of: readonly Finding[]
  readonly isOver: boolean
}) {
  const words = useWords(reconciliationWords)
  const { none } = useWords(frameWords)
  const said = useSaid()
  if (findings.length === 0) return <Empty>{isOver ? words.nothingFound : words.nothingYet}</Empty>
  return (
    <Table.ScrollContainer minWidth={760}>
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{words.class}</Table.Th>
            <Table.Th>{words.what}</Table.Th>
            <Table.Th>{words.expected}</Table.Th>
            <Table.Th>{words.found}</Table.Th>
            <Table.Th ta="right">{words.delta}</Table.Th>
            <Table.Th>{words.outcome}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {findings.map((finding) => (
            <Table.Tr key={finding.id}>
              <Table.Td>
                <Go to="/admin/reconciliation/drifts" search={{ class: finding.class }} size="sm">
                  {words[`class_${finding.class}`]}
                </Go>
              </Table.Td>
              <Table.Td>
                <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
                  {finding.ref}
                </Text>
                <OurThing of={finding} />
              </Table.Td>
              <Table.Td>{said(finding.expected)}</Table.Td>
              <Table.Td>{said(finding.found)}</Table.Td>
              <Table.Td ta="right">
                {finding.delta === null || finding.currency === null ? (
                  none
                ) : (
                  <Amount of={{ amount: finding.delta, currency: finding.currency }} />
                )}
              </Table.Td>
              <Table.Td>
                <Outcome of={finding.outcome} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}
