/** The title of a column that the table can be sorted by. */
import { Group, UnstyledButton, VisuallyHidden } from '@mantine/core'
import { frameWords } from './frame-words.ts'
import { useWords } from './words.ts'

export type Direction = 'asc' | 'desc'

export function SortButton({
  title,
  direction,
  onSort,
}: {
  readonly title: string
  /** Null while the table is sorted by something else. */
  readonly direction: Direction | null
  readonly onSort: (direction: Direction) => void
}) {
  const words = useWords(frameWords)
  const said = { asc: words.sortedUp, desc: words.sortedDown }
  return (
    <UnstyledButton fw="inherit" fz="inherit" onClick={() => onSort(next(direction))}>
      <Group gap={6} wrap="nowrap" component="span">
        {title}
        <span aria-hidden="true" style={{ opacity: direction === null ? 0.5 : 1 }}>
          {direction === null ? '↕' : arrows[direction]}
        </span>
      </Group>
      {direction !== null && <VisuallyHidden>, {said[direction]}</VisuallyHidden>}
    </UnstyledButton>
  )
}

const arrows = { asc: '↑', desc: '↓' }
const next = (direction: Direction | null) => (direction === 'asc' ? 'desc' : 'asc')
