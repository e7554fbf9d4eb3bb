/** The settings in force, without their secrets. */
import * as operations from '@ashlar/sdk/operations'
import { Code, Group, Stack, Table, Text } from '@mantine/core'
import { type Search, useAddress } from '../../frame/address.ts'
import { useRead } from '../../frame/api.ts'
import { Filters } from '../../frame/filters.tsx'
import { Screen, Section, State } from '../../frame/screen.tsx'
import { Empty, Shown } from '../../frame/states.tsx'
import { fill, useWords } from '../../frame/words.ts'
import { settingsWords } from './settings-words.ts'

type Setting = Awaited<ReturnType<typeof operations.settings>>[number]

export default function SettingsScreen() {
  const words = useWords(settingsWords)
  const { search } = useAddress()
  const read = useRead(operations.settings)
  return (
    <Screen title={words.settings} lead={words.lead}>
      <Shown of={read} lines={12}>
        {(settings) => {
          const found = settings.filter((setting) => matches(setting, search))
          return (
            <Stack>
              <SettingFilters groups={groupsOf(settings)} />
              {found.length === 0 && <Empty>{words.empty}</Empty>}
              {groupsOf(found).map((group) => (
                <Section key={group} title={group}>
                  <Settings settings={found.filter((setting) => setting.group === group)} />
                </Section>
              ))}
            </Stack>
          )
        }}
      </Shown>
    </Screen>
  )
}

const groupsOf = (settings: readonly Setting[]) => [...new Set(settings.map(({ group }) => group))]

function matches({ name, doc, group, isSet }: Setting, search: Search): boolean {
  const sought = (search['search'] ?? '').toLowerCase()
  const { source } = search
  return (
    `${name} ${doc}`.toLowerCase().includes(sought) &&
    (search['group'] === undefined || search['group'] === group) &&
    (source === undefined || (source === 'set') === isSet)
  )
}

function SettingFilters({ groups }: { readonly groups: readonly string[] }) {
  const words = useWords(settingsWords)
  const sources = [
    { value: 'set', label: words.isSet },
    { value: 'default', label: words.isDefault },
  ]
  return (
    <Filters
      filters={[
        { name: 'search', kind: 'text', label: words.search, placeholder: words.searchHint },
        {
          name: 'group',
          kind: 'choice',
          label: words.group,
          options: groups.map((value) => ({ value, label: value })),
        },
        { name: 'source', kind: 'choice', label: words.source, options: sources },
      ]}
    />
  )
}

function Settings({ settings }: { readonly settings: readonly Setting[] }) {
  const words = useWords(settingsWords)
  return (
    <Table layout="fixed" verticalSpacing="xs">
      <Table.Tbody>
        {settings.map((setting) => (
          <Table.Tr key={setting.name}>
            <Table.Td style={{ overflowWrap: 'anywhere', verticalAlign: 'top' }}>
              <Text size="sm" ff="monospace" fw={600}>
                {setting.name}
              </Text>
              <Text size="sm" lang="en">
                {setting.doc}
              </Text>
            </Table.Td>
            <Table.Td style={{ overflowWrap: 'anywhere', verticalAlign: 'top' }}>
              <Group gap="xs">
                {setting.value !== '' && <Code>{setting.value}</Code>}
                {setting.isSet && <State tone="busy">{words.isSet}</State>}
                {setting.isSecret && <State tone="calm">{words.secret}</State>}
              </Group>
              {setting.default !== '' && (
                <Text size="xs" c="dimmed" mt={4} lang="en">
                  {fill(words.defaultIs, { value: setting.default })}
                </Text>
              )}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}
