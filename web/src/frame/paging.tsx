/** Forward by cursor, back by the way one came: lists are read by key, and no page has a number. */
import { Button, Group, Text } from '@mantine/core'
import { useRouter, useRouterState } from '@tanstack/react-router'
import { useAddress } from './address.ts'
import { useFormat } from './format.ts'
import { frameWords } from './frame-words.ts'
import type { ListAnswer } from './list-screen.tsx'
import { fill, useWords } from './words.ts'

export function Paging({ meta }: { readonly meta: ListAnswer<unknown>['meta'] }) {
  const words = useWords(frameWords)
  const format = useFormat()
  const { search, change } = useAddress()
  const { history } = useRouter()
  // Whoever opened a link to a later page has no page before it to go back to.
  const isFollowed = useRouterState({ select: ({ location }) => location.state.__TSR_index > 0 })
  const isLater = search['cursor'] !== undefined
  const { total, isTotalExact = true, nextCursor } = meta
  if (!isLater && nextCursor === null && total === undefined) return null
  return (
    <Group justify="space-between">
      <Text size="sm" c="dimmed">
        {total !== undefined &&
          fill(isTotalExact ? words.total : words.totalAtLeast, { count: format.number(total) })}
      </Text>
      <Group gap="xs">
        {isLater && (
          <Button variant="default" size="xs" onClick={() => change({ cursor: null })}>
            {words.first}
          </Button>
        )}
        {isLater && isFollowed && (
          <Button variant="default" size="xs" onClick={() => history.back()}>
            {words.previous}
          </Button>
        )}
        <Button
          variant="default"
          size="xs"
          disabled={nextCursor === null}
          onClick={() => change({ cursor: nextCursor })}
        >
          {words.next}
        </Button>
      </Group>
    </Group>
  )
}
