/** The palette of the console: to every screen that one may open, and to everybody one may look up. */
import '@mantine/spotlight/styles.layer.css'
import { Spotlight, type SpotlightActionGroupData, spotlight } from '@mantine/spotlight'
import { useNavigate } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { frameWords } from '../frame/frame-words.ts'
import { navIcons } from '../frame/nav-icons.tsx'
import { useFoundPeople } from '../frame/person-picker.tsx'
import { useMay } from '../frame/session.ts'
import { useLanguage, useWords } from '../frame/words.ts'
import type { NavPart } from './shell.tsx'
import { shellWords } from './shell-words.ts'

/** One letter finds half of everybody. */
const shortestSearch = 2

export default function Palette({
  parts,
  asked,
}: {
  readonly parts: readonly NavPart[]
  /** How often it was asked for; each time it opens. */
  readonly asked: number
}) {
  const words = useWords(shellWords)
  const { search: placeholder, nothing } = useWords(frameWords)
  const language = useLanguage()
  const navigate = useNavigate()
  const [query, setQuery] = useState('')
  const wanted = query.trim().toLowerCase()
  const isSearch = useMay()('admin.read_users') && wanted.length >= shortestSearch
  useEffect(() => {
    if (asked > 0) spotlight.open()
  }, [asked])
  const { people, isBehind } = useFoundPeople(query, isSearch)

  const screens = parts
    .flatMap(({ screens: inPart }) => inPart)
    .flatMap(({ path, nav }) => {
      if (nav === undefined) return []
      const Icon = navIcons[nav.icon]
      const label = nav.title[language].title
      if (!label.toLowerCase().includes(wanted)) return []
      const leftSection = <Icon size={18} aria-hidden />
      return [{ id: path, label, leftSection, onClick: () => void navigate({ to: path }) }]
    })
  // Nobody is offered who would be gone again when one has chosen them.
  const found = people.map(({ id, name, email }) => ({
    id,
    label: name ?? email,
    ...(name !== null && { description: email }),
    onClick: () => void navigate({ to: `/admin/users/${id}` }),
  }))
  const groups: SpotlightActionGroupData[] = [
    { group: words.screens, actions: screens },
    { group: words.found, actions: isSearch && !isBehind ? found : [] },
  ]
  return (
    <Spotlight
      query={query}
      onQueryChange={setQuery}
      actions={groups.filter(({ actions }) => actions.length > 0)}
      // What is offered fits already: the server has looked for people.
      filter={(_query, actions) => actions}
      nothingFound={nothing}
      scrollable
      maxHeight="60vh"
      shortcut={null}
      searchProps={{ placeholder, 'aria-label': placeholder }}
    />
  )
}
