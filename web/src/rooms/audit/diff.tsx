/** What a change changed, field by field. */
import { Box, Code, Table } from '@mantine/core'
import { frameWords } from '../../frame/frame-words.ts'
import { useWords } from '../../frame/words.ts'
import { auditWords } from './words.ts'

type Values = Readonly<Record<string, unknown>>

export function Diff({ before, after }: { readonly before: Values; readonly after: Values }) {
  const words = useWords(auditWords)
  const fields = [...new Set([...Object.keys(before), ...Object.keys(after)])].toSorted()
  return (
    <Table.ScrollContainer minWidth={420}>
      <Table verticalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{words.field}</Table.Th>
            <Table.Th>{words.before}</Table.Th>
            <Table.Th>{words.after}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {fields.map((field) => (
            <Table.Tr key={field}>
              <Table.Th fw={500}>{field}</Table.Th>
              <Table.Td>
                <Value of={before[field]} as="del" />
              </Table.Td>
              <Table.Td>
                <Value of={after[field]} as="ins" />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}

function Value({ of, as }: { readonly of: unknown; readonly as: 'del' | 'ins' }) {
  const words = useWords(frameWords)
  if (of === null || of === undefined) return words.none
  const text = typeof of === 'string' ? of : JSON.stringify(of, null, 2)
  return (
    <Box component={as} style={{ textDecoration: 'none', overflowWrap: 'anywhere' }}>
      <Code
        color={as === 'del' ? 'var(--mantine-color-red-light)' : 'var(--mantine-color-teal-light)'}
        style={{ whiteSpace: 'pre-wrap', color: 'var(--mantine-color-text)' }}
      >
        {text}
      </Code>
    </Box>
  )
}
