/** A few things one below the other, each with what can be done to it: sessions, keys, passkeys. */
import { Divider, Group, Stack, Text } from '@mantine/core'
import { Fragment, type ReactNode } from 'react'
import { Empty } from './states.tsx'

export function Items<Row extends { readonly id: string }>({
  of,
  title,
  details,
  actions,
  empty,
}: {
  readonly of: readonly Row[]
  readonly title: (row: Row) => ReactNode
  /** In small letters below the title. */
  readonly details?: (row: Row) => readonly ReactNode[]
  readonly actions?: (row: Row) => ReactNode
  readonly empty: ReactNode
}) {
  if (of.length === 0) return <Empty>{empty}</Empty>
  return (
    <Stack gap="sm" component="ul" style={{ listStyle: 'none' }} p={0} m={0}>
      {of.map((row, index) => (
        <Group key={row.id} component="li" justify="space-between" gap="sm">
          {index > 0 && <Divider w="100%" />}
          <Stack gap={2} style={{ minWidth: 0, flex: '1 1 14rem' }}>
            <Group gap="xs" fw={500} style={{ overflowWrap: 'anywhere' }}>
              {title(row)}
            </Group>
            {details?.(row).map((detail, place) => (
              <Fragment key={place}>
                {detail !== null && (
                  <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
                    {detail}
                  </Text>
                )}
              </Fragment>
            ))}
          </Stack>
          {actions && <Group gap="xs">{actions(row)}</Group>}
        </Group>
      ))}
    </Stack>
  )
}
