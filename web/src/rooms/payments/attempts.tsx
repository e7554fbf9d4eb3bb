/** What was asked of the provider so that the customer can pay, and what it answered. */
import * as payments from '@ashlar/sdk/payments'
import { Table, Text } from '@mantine/core'
import { useRead } from '../../frame/api.ts'
import { frameWords } from '../../frame/frame-words.ts'
import { Go } from '../../frame/go.tsx'
import { When } from '../../frame/screen.tsx'
import { Empty, Shown } from '../../frame/states.tsx'
import { useWords } from '../../frame/words.ts'
import type { Payment } from './name.ts'
import { paymentsWords } from './words.ts'

export function AttemptsPart({ of: { id } }: { readonly of: Payment }) {
  const words = useWords(paymentsWords)
  const { none } = useWords(frameWords)
  const known: Readonly<Record<string, string>> = words
  const read = useRead(payments.timeline, { path: { id } })
  const said = (value: unknown) => (typeof value === 'string' && value !== '' ? value : none)
  return (
    <Shown of={read}>
      {(moments) => {
        const attempts = moments.filter(({ source }) => source === 'attempt')
        if (attempts.length === 0) return <Empty>{words.noAttempts}</Empty>
        return (
          <Table.ScrollContainer minWidth={560}>
            <Table>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{words.number}</Table.Th>
                  <Table.Th>{words.way}</Table.Th>
                  <Table.Th>{words.outcome}</Table.Th>
                  <Table.Th>{words.providerRef}</Table.Th>
                  <Table.Th>{words.created}</Table.Th>
                  <Table.Th>{words.closed}</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {attempts.map(({ at, name, ref, data }) => (
                  <Table.Tr key={`${at} ${String(data['number'])}`}>
                    <Table.Td>{String(data['number'])}</Table.Td>
                    <Table.Td>{known[`way_${said(data['kind'])}`] ?? said(data['kind'])}</Table.Td>
                    <Table.Td>
                      {known[`step_attempt_${name}`] ?? name}
                      {data['detail'] !== null && (
                        <Text size="xs" c="dimmed">
                          {said(data['detail'])}
                        </Text>
                      )}
                    </Table.Td>
                    <Table.Td style={{ overflowWrap: 'anywhere' }}>
                      {ref === null ? (
                        none
                      ) : (
                        <Go to="/admin/inbox" search={{ objectId: ref }} size="sm">
                          {ref}
                        </Go>
                      )}
                    </Table.Td>
                    <Table.Td>
                      <When at={at} />
                    </Table.Td>
                    <Table.Td>
                      <When at={typeof data['closedAt'] === 'string' ? data['closedAt'] : null} />
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        )
      }}
    </Shown>
  )
}
