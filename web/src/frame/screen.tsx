/** The head of every screen, and the parts that details are made of. */
import {
  Badge,
  Breadcrumbs,
  Card,
  Code,
  CopyButton,
  Group,
  Stack,
  Table,
  Tabs,
  Text,
  Title,
  Tooltip,
  UnstyledButton,
} from '@mantine/core'
import { useDocumentTitle } from '@mantine/hooks'
import type { ReactNode } from 'react'
import { useAddress } from './address.ts'
import { type Money, useFormat } from './format.ts'
import { frameWords } from './frame-words.ts'
import { Go } from './go.tsx'
import { useWords } from './words.ts'

export function Screen({
  title,
  lead,
  trail = [],
  actions,
  children,
}: {
  readonly title: string
  /** One sentence on what this is for. */
  readonly lead?: ReactNode
  /** Where this screen hangs: the list that a detail belongs to. */
  readonly trail?: readonly { readonly title: string; readonly to: string }[]
  readonly actions?: ReactNode
  readonly children: ReactNode
}) {
  useDocumentTitle(`${title} · Ashlar`)
  return (
    <Stack gap="lg">
      <Stack gap={4}>
        {trail.length > 0 && (
          <Breadcrumbs>
            {trail.map((step) => (
              <Go key={step.to} to={step.to} size="sm">
                {step.title}
              </Go>
            ))}
          </Breadcrumbs>
        )}
        <Group justify="space-between" align="flex-start">
          <Title order={1} size="h2" style={{ overflowWrap: 'anywhere' }}>
            {title}
          </Title>
          {actions && <Group gap="xs">{actions}</Group>}
        </Group>
        {lead && <Text c="dimmed">{lead}</Text>}
      </Stack>
      {children}
    </Stack>
  )
}

export function Section({
  title,
  actions,
  children,
}: {
  readonly title: string
  readonly actions?: ReactNode
  readonly children: ReactNode
}) {
  return (
    <Card withBorder padding="md" radius="md" component="section" aria-label={title}>
      <Stack gap="sm">
        <Group justify="space-between">
          <Title order={2} size="h4">
            {title}
          </Title>
          {actions && <Group gap="xs">{actions}</Group>}
        </Group>
        {children}
      </Stack>
    </Card>
  )
}

export type Fact = readonly [label: string, value: ReactNode]

/** Names and values, one below the other. */
export function Facts({ facts }: { readonly facts: readonly Fact[] }) {
  const words = useWords(frameWords)
  return (
    <Table layout="fixed" verticalSpacing={6}>
      <Table.Tbody>
        {facts.map(([label, value]) => (
          <Table.Tr key={label}>
            <Table.Th w="38%" fw={500} c="dimmed">
              {label}
            </Table.Th>
            <Table.Td style={{ overflowWrap: 'anywhere' }}>
              {value === null || value === undefined || value === '' ? words.none : value}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}

export type Tab = { readonly id: string; readonly title: string; readonly body: ReactNode }

/** Parts of a detail; which one is open stands in the address. */
export function TabbedParts({ tabs }: { readonly tabs: readonly Tab[] }) {
  const { search, change } = useAddress()
  const open = tabs.find(({ id }) => id === search['tab']) ?? tabs[0]
  if (open === undefined) return null
  return (
    <Tabs
      value={open.id}
      // A page of the list that was open means nothing to another one.
      onChange={(id) => change({ tab: id === tabs[0]?.id ? null : id, cursor: null })}
      keepMounted={false}
    >
      <Tabs.List mb="md">
        {tabs.map(({ id, title }) => (
          <Tabs.Tab key={id} value={id}>
            {title}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {tabs.map(({ id, body }) => (
        <Tabs.Panel key={id} value={id}>
          {body}
        </Tabs.Panel>
      ))}
    </Tabs>
  )
}

/** How long ago; exactly when, on a look or for a screen reader. */
export function When({ at }: { readonly at: string | null | undefined }) {
  const words = useWords(frameWords)
  const format = useFormat()
  if (!at) return words.none
  return (
    <Tooltip label={format.time(at)}>
      <time dateTime={at} title={format.time(at)} style={{ whiteSpace: 'nowrap' }}>
        {format.since(at)}
      </time>
    </Tooltip>
  )
}

export function Amount({ of }: { readonly of: Money }) {
  const format = useFormat()
  return (
    <span style={{ fontVariantNumeric: 'tabular-nums', whiteSpace: 'nowrap' }}>
      {format.money(of)}
    </span>
  )
}

export function YesNo({ is }: { readonly is: boolean }) {
  const words = useWords(frameWords)
  return is ? words.yes : words.no
}

export type Tone = 'good' | 'bad' | 'warn' | 'calm' | 'busy'
const colors = { good: 'teal', bad: 'red', warn: 'orange', calm: 'gray', busy: 'blue' } as const

/** A state in a word; the colour only repeats what the word says. */
export const State = ({
  tone,
  children,
}: {
  readonly tone: Tone
  readonly children: ReactNode
}) => (
  <Badge color={colors[tone]} variant="light" tt="none" style={{ flexShrink: 0 }}>
    {children}
  </Badge>
)

/** An id or a secret, copied with one click. */
export function Copyable({ text, shown }: { readonly text: string; readonly shown?: string }) {
  const words = useWords(frameWords)
  return (
    <CopyButton value={text}>
      {({ copied, copy }) => (
        <Tooltip label={copied ? words.copied : words.copy}>
          <UnstyledButton onClick={copy} aria-label={`${words.copy}: ${text}`}>
            <Code style={{ overflowWrap: 'anywhere' }}>{shown ?? text}</Code>
          </UnstyledButton>
        </Tooltip>
      )}
    </CopyButton>
  )
}

export const Json = ({ of }: { readonly of: unknown }) => (
  <Code block style={{ maxHeight: '28rem', overflow: 'auto' }} tabIndex={0}>
    {JSON.stringify(of, null, 2)}
  </Code>
)
