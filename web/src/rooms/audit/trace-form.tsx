/** Where the id is given that is to be followed. */
import { Button, Group, TextInput } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useWords } from '../../frame/words.ts'
import { auditWords } from './words.ts'

export function TraceForm({ id = '' }: { readonly id?: string }) {
  const words = useWords(auditWords)
  const navigate = useNavigate()
  const [typed, setTyped] = useState(id)
  return (
    <form
      role="search"
      onSubmit={(event) => {
        event.preventDefault()
        const given = typed.trim()
        if (given !== '') void navigate({ to: `/admin/trace/${encodeURIComponent(given)}` })
      }}
    >
      <Group align="flex-end">
        <TextInput
          label={words.traceInput}
          description={words.traceHint}
          value={typed}
          maxLength={256}
          onChange={(event) => setTyped(event.currentTarget.value)}
          style={{ flex: '1 1 20rem' }}
        />
        <Button type="submit" disabled={typed.trim() === ''}>
          {words.follow}
        </Button>
      </Group>
    </form>
  )
}
