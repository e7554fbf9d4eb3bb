/** The table of roles and permissions; its head and its first column stay in sight. */
import { Box, Table, Text, Tooltip } from '@mantine/core'
import { IconCheck, IconCircleHalf2 } from '@tabler/icons-react'
import { Go } from '../../frame/go.tsx'
import { Empty } from '../../frame/states.tsx'
import { useWords } from '../../frame/words.ts'
import type { Matrix } from './rules.ts'
import { accessWords } from './words.ts'

type Given = Matrix['permissions'][number]['given'][number]

const stays = {
  position: 'sticky',
  insetInlineStart: 0,
  zIndex: 1,
  background: 'var(--mantine-color-body)',
} as const

export function MatrixTable({ roles, permissions }: Pick<Matrix, 'roles' | 'permissions'>) {
  const words = useWords(accessWords)
  if (permissions.length === 0) return <Empty>{words.noneFound}</Empty>
  return (
    // Focusable, so that the keyboard can scroll it.
    <Box
      mah="70vh"
      style={{ overflow: 'auto' }}
      tabIndex={0}
      role="region"
      aria-label={words.matrix}
    >
      <Table withTableBorder withColumnBorders highlightOnHover stickyHeader>
        <Table.Thead style={{ zIndex: 2 }}>
          <Table.Tr>
            <Table.Th style={{ ...stays, zIndex: 3 }} scope="col">
              {words.permission}
            </Table.Th>
            {roles.map((role) => (
              <Table.Th key={role} scope="col" ta="center">
                <Go to={`/admin/roles/${role}`} size="sm">
                  {role}
                </Go>
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {permissions.map(({ name, description, given }) => (
            <Table.Tr key={name}>
              <Table.Th style={stays} scope="row" fw={400} maw={320}>
                <Text size="sm" fw={500} style={{ overflowWrap: 'anywhere' }}>
                  {name}
                </Text>
                <Text size="xs" c="dimmed" visibleFrom="sm">
                  {description}
                </Text>
              </Table.Th>
              {roles.map((role) => (
                <Table.Td key={role} ta="center">
                  <Cell given={given.filter((each) => each.role === role)} />
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Box>
  )
}

function Cell({ given }: { readonly given: readonly Given[] }) {
  const words = useWords(accessWords)
  if (given.length === 0)
    return (
      <Text c="dimmed" span aria-label={words.no} role="img">
        ·
      </Text>
    )
  if (given.some(({ when, fields }) => when === undefined && fields === undefined))
    return <IconCheck size={18} role="img" aria-label={words.yes} />
  const limits = given.map(({ when, fields }) => JSON.stringify({ when, fields })).join(', ')
  return (
    <Tooltip label={limits}>
      <IconCircleHalf2 size={18} role="img" aria-label={`${words.partly}: ${limits}`} />
    </Tooltip>
  )
}
