/** What a screen shows while it has nothing to show: loading, empty, failed, forbidden, not found. */
import { Problem } from '@ashlar/sdk'
import { Alert, Button, Center, Code, Group, Skeleton, Stack, Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'
import { frameWords } from './frame-words.ts'
import { Go } from './go.tsx'
import { useProblemText } from './problem-text.ts'
import { fill, useWords } from './words.ts'

type Readable<Data> = {
  readonly data: Data | undefined
  readonly error: unknown
  readonly refetch: () => unknown
}

/** A read, once it is there; what was read before stays while it is renewed. */
export function Shown<Data>({
  of: { data, error, refetch },
  lines = 4,
  children,
}: {
  readonly of: Readable<Data>
  /** How tall the content will be, roughly, so that the page does not jump. */
  readonly lines?: number
  readonly children: (data: Data) => ReactNode
}) {
  if (data !== undefined) return children(data)
  if (error) return <Failure error={error} onAgain={() => void refetch()} />
  return <Loading lines={lines} />
}

export function Loading({ lines = 4 }: { readonly lines?: number }) {
  const words = useWords(frameWords)
  return (
    <Stack role="status" aria-label={words.loading}>
      {Array.from({ length: lines }, (_, index) => (
        <Skeleton key={index} height={18} width={index % 3 === 2 ? '60%' : '100%'} />
      ))}
    </Stack>
  )
}

export function Failure({
  error,
  onAgain,
}: {
  readonly error: unknown
  readonly onAgain?: () => void
}) {
  const words = useWords(frameWords)
  const problemText = useProblemText()
  const problem = error instanceof Problem ? error : null
  if (problem?.status === 404) return <NotFound />
  if (problem?.code === 'access.forbidden')
    return <Forbidden permission={problem.details['permission']} />
  return (
    <Alert color="red" role="alert" title={words.failed}>
      <Stack gap="xs" align="flex-start">
        <Text size="sm">{problemText(error)}</Text>
        {problem && (
          <Text size="xs" c="dimmed">
            <Code>{problem.code}</Code> · {fill(words.requestId, { id: problem.requestId })}
          </Text>
        )}
        {onAgain && (
          <Button size="xs" variant="default" onClick={onAgain}>
            {words.again}
          </Button>
        )}
      </Stack>
    </Alert>
  )
}

export function Empty({
  children,
  action,
}: {
  readonly children?: ReactNode
  readonly action?: ReactNode
}) {
  const words = useWords(frameWords)
  return (
    <Center py="xl">
      <Stack align="center" gap="sm">
        <Text c="dimmed" ta="center">
          {children ?? words.nothing}
        </Text>
        {action}
      </Stack>
    </Center>
  )
}

export function NotFound() {
  const words = useWords(frameWords)
  return (
    <Stack align="flex-start" py="xl">
      <Title order={1} size="h2">
        {words.notFound}
      </Title>
      <Text c="dimmed">{words.notFoundHint}</Text>
      <Group>
        <Go to="/">{words.home}</Go>
      </Group>
    </Stack>
  )
}

export function Forbidden({ permission }: { readonly permission: unknown }) {
  const words = useWords(frameWords)
  return (
    <Stack align="flex-start" py="xl">
      <Title order={1} size="h2">
        {words.forbidden}
      </Title>
      <Text c="dimmed">
        {fill(words.forbiddenHint, {
          permission: typeof permission === 'string' ? permission : words.none,
        })}
      </Text>
    </Stack>
  )
}
