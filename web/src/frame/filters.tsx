/** Filters of a list. What is set stands in the address; the page starts anew when one changes. */
import { Button, Group, Select, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { type ReactNode, useState } from 'react'
import { type Search, useAddress } from './address.ts'
import type { Option } from './fields.tsx'
import { frameWords } from './frame-words.ts'
import { useWords } from './words.ts'

export type Filter = {
  /** The query parameter. */
  readonly name: string
  readonly label: string
  /** Not shown until somebody asks for more, or it is set. */
  readonly isExtra?: boolean
} & (
  | {
      readonly kind: 'text'
      readonly placeholder?: string
      /** What the server takes: nothing else is sent, and `hint` says so. */
      readonly isTaken?: (text: string) => boolean
      readonly hint?: string
    }
  /** An id, searched for once it is whole. */
  | { readonly kind: 'id' }
  | { readonly kind: 'choice'; readonly options: readonly Option[] }
  | { readonly kind: 'yesNo' }
  /** A moment, as RFC 3339 in the query. */
  | { readonly kind: 'time' }
)

/** Letters within this time are one search. */
const typingMs = 350
const isId = (text: string) => /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i.test(text)

export const isFiltered = (filters: readonly Filter[], search: Search): boolean =>
  filters.some(({ name }) => search[name] !== undefined)

export function Filters({
  filters,
  children,
}: {
  readonly filters: readonly Filter[]
  /** At the end of the line. */
  readonly children?: ReactNode
}) {
  const words = useWords(frameWords)
  const { search, change } = useAddress()
  const [showsAll, setShowsAll] = useState(false)
  const isShown = ({ name, isExtra }: Filter) => showsAll || !isExtra || search[name] !== undefined
  const clear = Object.fromEntries([...filters.map(({ name }) => [name, null]), ['cursor', null]])
  return (
    <Group align="flex-end" gap="sm" role="search">
      {filters.filter(isShown).map((filter) => (
        <OneFilter key={filter.name} filter={filter} />
      ))}
      {!filters.every(isShown) && (
        <Button variant="subtle" onClick={() => setShowsAll(true)}>
          {words.moreFilters}
        </Button>
      )}
      {isFiltered(filters, search) && (
        <Button variant="subtle" onClick={() => change(clear)}>
          {words.clear}
        </Button>
      )}
      <Group gap="xs" ml="auto">
        {children}
      </Group>
    </Group>
  )
}

function OneFilter({ filter }: { readonly filter: Filter }) {
  const words = useWords(frameWords)
  const { search, change } = useAddress()
  const value = search[filter.name] ?? ''
  const set = (next: string | null) => change({ [filter.name]: next, cursor: null })
  if (filter.kind === 'id')
    return (
      <TextFilter
        filter={{ ...filter, kind: 'text', isTaken: isId, hint: words.notAnId }}
        value={value}
      />
    )
  if (filter.kind === 'text') return <TextFilter filter={filter} value={value} />
  if (filter.kind === 'time')
    return (
      <TextInput
        type="datetime-local"
        label={filter.label}
        value={value === '' ? '' : localTime(value)}
        onChange={(event) => {
          const { value: next } = event.currentTarget
          set(next === '' ? null : new Date(next).toISOString())
        }}
      />
    )
  const options =
    filter.kind === 'choice'
      ? [...filter.options]
      : [
          { value: 'true', label: words.yes },
          { value: 'false', label: words.no },
        ]
  return (
    <Select
      label={filter.label}
      placeholder={words.any}
      data={options}
      value={value === '' ? null : value}
      onChange={set}
      clearable
      searchable={options.length > 8}
      w={{ base: '100%', xs: 180 }}
    />
  )
}

/** Keeps what is being typed to itself until the typing stops. */
function TextFilter({
  filter,
  value,
}: {
  readonly filter: Filter & { readonly kind: 'text' }
  readonly value: string
}) {
  const words = useWords(frameWords)
  const { change } = useAddress()
  const [{ typed, known }, setTyped] = useState({ typed: value, known: value })
  // The address says something else than before: what was typed stays if it is that, and gives way if it is not.
  if (known !== value) setTyped({ typed: typed.trim() === value ? typed : value, known: value })
  const isTaken = (text: string) => text === '' || (filter.isTaken?.(text) ?? true)
  const send = useDebouncedCallback((next: string) => {
    if (isTaken(next.trim())) change({ [filter.name]: next.trim() || null, cursor: null }, true)
  }, typingMs)
  return (
    <TextInput
      label={filter.label}
      placeholder={filter.placeholder ?? ''}
      value={typed}
      error={isTaken(typed.trim()) ? null : (filter.hint ?? words.notTaken)}
      onChange={({ currentTarget: { value: next } }) => {
        setTyped({ typed: next, known: value })
        send(next)
      }}
      w={{ base: '100%', xs: 240 }}
    />
  )
}

/** What `datetime-local` understands. */
function localTime(at: string): string {
  const date = new Date(at)
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}
