/** Permissions to choose from, by room, with what each allows. What one may not do oneself cannot be given. */
import { Checkbox, Fieldset, Group, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { Field } from '../../frame/fields.tsx'
import { useMay } from '../../frame/session.ts'
import { fill, useWords } from '../../frame/words.ts'
import { type Permission, groupByRoom, matches } from './rules.ts'
import { accessWords } from './words.ts'

type Binding = {
  readonly defaultValue?: string[]
  readonly onChange?: (chosen: string[]) => void
}

export const permissionsField = (
  permissions: readonly Permission[],
  initial: string[],
  label: string,
): Field<string[]> => ({
  label,
  initial,
  kind: 'input',
  show: (binding: Binding) => <PermissionPicker permissions={permissions} {...binding} />,
})

function PermissionPicker({
  permissions,
  defaultValue = [],
  onChange,
}: { readonly permissions: readonly Permission[] } & Binding) {
  const words = useWords(accessWords)
  const may = useMay()
  const [chosen, choose] = useState(defaultValue)
  const [search, setSearch] = useState('')
  const found = permissions.filter((permission) => matches(permission, search))
  const change = (next: string[]) => {
    choose(next)
    onChange?.(next)
  }
  return (
    <Fieldset legend={words.permissions}>
      <Stack>
        <Group justify="space-between" align="flex-end">
          <TextInput
            label={words.search}
            placeholder={words.searchHint}
            value={search}
            onChange={(event) => setSearch(event.currentTarget.value)}
            // What is typed here is looked for, and does not send the form.
            onKeyDown={(event) => event.key === 'Enter' && event.preventDefault()}
            flex="1 1 14rem"
          />
          <Text size="sm" c="dimmed" role="status">
            {fill(words.chosen, { count: chosen.length })}
          </Text>
        </Group>
        {found.length === 0 && <Text size="sm">{words.noneFound}</Text>}
        <Checkbox.Group value={chosen} onChange={change} aria-label={words.permissions}>
          <Stack>
            {groupByRoom(found).map(([room, inRoom]) => (
              <Stack key={room} gap="xs">
                <Text fw={600} size="sm">
                  {room}
                </Text>
                {inRoom.map(({ name, description }) => (
                  <Checkbox
                    key={name}
                    value={name}
                    label={name}
                    description={may(name) ? description : `${description} ${words.beyond}`}
                    disabled={!may(name)}
                  />
                ))}
              </Stack>
            ))}
          </Stack>
        </Checkbox.Group>
      </Stack>
    </Fieldset>
  )
}
