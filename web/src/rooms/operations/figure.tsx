/** One figure of the home; it leads to where there is more about it. */
import { Card, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'

export function Figure({
  label,
  value,
  note,
  isBad = false,
  to,
  search = {},
}: {
  readonly label: string
  readonly value: string
  readonly note?: string | undefined
  readonly isBad?: boolean
  readonly to: string
  readonly search?: Readonly<Record<string, string>>
}) {
  return (
    <Card
      withBorder
      padding="sm"
      radius="md"
      renderRoot={(props) => <Link to={to} search={search} {...props} />}
    >
      <Text size="sm" c="dimmed">
        {label}
      </Text>
      <Text
        size="xl"
        fw={700}
        {...(isBad && { c: 'var(--mantine-color-error)' })}
        style={{ fontVariantNumeric: 'tabular-nums' }}
      >
        {value}
      </Text>
      {note && <Text size="xs">{note}</Text>}
    </Card>
  )
}
