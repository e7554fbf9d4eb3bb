/** Which columns of a list are shown: chosen once per list, remembered by the browser. */
import { Button, Checkbox, Popover, Stack } from '@mantine/core'
import { useLocalStorage } from '@mantine/hooks'
import { frameWords } from './frame-words.ts'
import type { Column } from './list-screen.tsx'
import { useWords } from './words.ts'

export function useChosenColumns<Row>(
  list: string,
  columns: readonly Column<Row>[],
): [readonly Column<Row>[], (ids: readonly string[]) => void] {
  const [hidden, setHidden] = useLocalStorage<readonly string[]>({
    key: `ashlar.columns.${list}`,
    defaultValue: columns.filter(({ isExtra }) => isExtra).map(({ id }) => id),
  })
  // The first one leads to the row; it stays.
  const shown = columns.filter(({ id }, index) => index === 0 || !hidden.includes(id))
  const choose = (ids: readonly string[]) =>
    setHidden(columns.map(({ id }) => id).filter((id) => !ids.includes(id)))
  return [shown, choose]
}

export function ColumnChoice<Row>({
  columns,
  shown,
  onChoose,
}: {
  readonly columns: readonly Column<Row>[]
  readonly shown: readonly Column<Row>[]
  readonly onChoose: (ids: readonly string[]) => void
}) {
  const words = useWords(frameWords)
  return (
    <Popover position="bottom-end" withinPortal trapFocus>
      <Popover.Target>
        <Button variant="default" size="xs">
          {words.columns}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Checkbox.Group
          value={shown.map(({ id }) => id)}
          onChange={onChoose}
          aria-label={words.columns}
        >
          <Stack gap="xs">
            {columns.map(({ id, title }, index) => (
              <Checkbox key={id} value={id} label={title} disabled={index === 0} />
            ))}
          </Stack>
        </Checkbox.Group>
      </Popover.Dropdown>
    </Popover>
  )
}
