/** The head of a screen that stands alone. It weighs less than the console's (`screen.tsx`): it comes before all others. */
import { Stack, Text, Title } from '@mantine/core'
import { useDocumentTitle } from '@mantine/hooks'
import type { ReactNode } from 'react'

export function PlainScreen({
  title,
  lead,
  children,
}: {
  readonly title: string
  /** One sentence on what this is for. */
  readonly lead?: ReactNode
  readonly children: ReactNode
}) {
  useDocumentTitle(`${title} · Ashlar`)
  return (
    <Stack gap="lg">
      <Stack gap={4}>
        <Title order={1} size="h2" style={{ overflowWrap: 'anywhere' }}>
          {title}
        </Title>
        {lead && <Text c="dimmed">{lead}</Text>}
      </Stack>
      {children}
    </Stack>
  )
}
