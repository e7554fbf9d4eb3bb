/** Choosing somebody who has an account, by the start of an address or a name. */
import * as admin from '@ashlar/sdk/admin'
import { Select } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { reading } from './api.ts'

const typingMs = 300
const shownAtMost = 10

/** Those whom a search finds; the last ones stay while the next are asked for, and `isBehind` says so. */
export function useFoundPeople(search: string, isWanted = true) {
  const [wanted] = useDebouncedValue(search.trim(), typingMs)
  const query = { limit: shownAtMost, ...(wanted && { search: wanted }) }
  const found = useQuery({
    ...reading(admin.listUsers, { query }),
    enabled: isWanted,
    placeholderData: keepPreviousData,
  })
  const isBehind = found.isPlaceholderData || wanted !== search.trim()
  return { people: found.data?.data ?? [], isBehind }
}

export function PersonPicker({
  label,
  placeholder,
  value,
  onChange,
}: {
  readonly label: string
  readonly placeholder: string
  /** Their id. */
  readonly value: string | null
  readonly onChange: (id: string | null) => void
}) {
  const [search, setSearch] = useState('')
  const chosen = useQuery({
    ...reading(admin.getUser, { path: { id: value ?? '' } }),
    enabled: value !== null,
  }).data
  const { people: found } = useFoundPeople(search)
  // Whoever is chosen stays in the list, so that their name is shown.
  const people = [...found.filter(({ id }) => id !== value), ...(chosen ? [chosen] : [])]
  const labelOf = ({ name, email }: { name: string | null; email: string }) =>
    name === null ? email : `${name} (${email})`
  return (
    <Select
      label={label}
      placeholder={placeholder}
      data={people.map((person) => ({ value: person.id, label: labelOf(person) }))}
      value={value}
      onChange={onChange}
      searchable
      clearable
      // The server has looked already: an id or a username is not in the label.
      filter={({ options }) => options}
      onSearchChange={setSearch}
    />
  )
}
