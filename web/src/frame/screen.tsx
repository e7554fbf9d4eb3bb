/** The head of every screen, and how values are shown. */
import {
  Badge,
  Breadcrumbs,
  Card,
  Code,
  CopyButton,
  Group,
  Stack,
  Text,
  Title,
  UnstyledButton,
} from '@mantine/core'
import { useDocumentTitle } from '@mantine/hooks'
import type { ReactNode } from 'react'
import { type Money, useFormat } from './format.ts'
import { frameWords } from './frame-words.ts'
import { Go } from './go.tsx'
import { useWords } from './words.ts'

export { type Fact, Facts, type Tab, TabbedParts } from './details.tsx'

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
  lead,
  actions,
  children,
}: {
  readonly title: string
  /** One sentence on what this is. */
  readonly lead?: ReactNode
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
        {lead && (
          <Text size="sm" c="dimmed">
            {lead}
          </Text>
        )}
        {children}
      </Stack>
    </Card>
  )
}

/** How long ago; exactly when, on a look or for a screen reader. */
export function When({ at }: { readonly at: string | null | undefined }) {
  const words = useWords(frameWords)
  const format = useFormat()
  if (!at) return words.none
  return (
    <time dateTime={at} title={format.time(at)} style={{ whiteSpace: 'nowrap' }}>
      {format.since(at)}
    </time>
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
  <Badge
    color={colors[tone]}
    variant="light"
    tt="none"
    style={{ flexShrink: 0, minWidth: 'max-content' }}
  >
    {children}
  </Badge>
)

/** An id or a secret, copied with one click. */
export function Copyable({ text, shown }: { readonly text: string; readonly shown?: string }) {
  const words = useWords(frameWords)
  return (
    <CopyButton value={text}>
      {({ copied, copy }) => (
        <UnstyledButton
          onClick={copy}
          title={copied ? words.copied : words.copy}
          aria-label={`${words.copy}: ${shown ?? text}`}
        >
          <Code style={{ overflowWrap: 'anywhere' }}>
            {copied ? words.copied : (shown ?? text)}
          </Code>
        </UnstyledButton>
      )}
    </CopyButton>
  )
}

export const Json = ({ of }: { readonly of: unknown }) => (
  <Code block style={{ maxHeight: '28rem', overflow: 'auto' }} tabIndex={0}>
    {JSON.stringify(of, null, 2)}
  </Code>
)
