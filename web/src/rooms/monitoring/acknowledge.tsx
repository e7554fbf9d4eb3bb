/** Saying that one looks after an alert. */
import * as monitoring from '@ashlar/sdk/monitoring'
import { Textarea } from '@mantine/core'
import { useState } from 'react'
import { Action } from '../../frame/action.tsx'
import { call, changed } from '../../frame/api.ts'
import { useMay } from '../../frame/session.ts'
import { useWords } from '../../frame/words.ts'
import { monitoringWords } from './words.ts'

export function Acknowledge({ id }: { readonly id: string }) {
  const words = useWords(monitoringWords)
  const [note, setNote] = useState('')
  if (!useMay()('monitoring.acknowledge')) return null
  return (
    <Action
      label={words.acknowledge}
      consequence={words.acknowledgeWhat}
      run={async () => {
        const said = note.trim()
        await call(monitoring.acknowledge, {
          path: { id },
          body: said === '' ? {} : { note: said },
        })
        await changed('admin/monitoring/alerts', 'admin/overview')
      }}
    >
      <Textarea
        label={words.note}
        description={words.noteHint}
        autosize
        minRows={2}
        maxLength={2000}
        data-autofocus
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
    </Action>
  )
}
