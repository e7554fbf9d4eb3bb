/** What details are made of: names and values, and parts to choose from. */
import { Table, Tabs } from '@mantine/core'
import type { ReactNode } from 'react'
import { useAddress } from './address.ts'
import { frameWords } from './frame-words.ts'
import { useWords } from './words.ts'

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
  // Filters and pages belong to the part that is left.
  const nothing = Object.fromEntries(Object.keys(search).map((name) => [name, null]))
  const open = tabs.find(({ id }) => id === search['tab']) ?? tabs[0]
  if (open === undefined) return null
  return (
    <Tabs
      value={open.id}
      onChange={(id) => change({ ...nothing, tab: id === tabs[0]?.id ? null : id })}
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
