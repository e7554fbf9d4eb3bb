/** Parts of an entry: who did it, how it ended. */
import * as audit from '@ashlar/sdk/audit'
import { Text } from '@mantine/core'
import { UserId, shortId } from '../../frame/known-ids.tsx'
import { State } from '../../frame/screen.tsx'
import { useWords } from '../../frame/words.ts'
import { auditWords } from './words.ts'

export type Entry = Awaited<ReturnType<typeof audit.get>>

const tones = { succeeded: 'good', refused: 'warn', failed: 'bad' } as const

export function Outcome({ is }: { readonly is: Entry['status'] }) {
  const words = useWords(auditWords)
  return <State tone={tones[is]}>{words[is]}</State>
}

export function Actor({ of: { kind, id } }: { readonly of: Entry['actor'] }) {
  const words = useWords(auditWords)
  if (kind === 'user' && id !== null) return <UserId id={id} />
  return (
    <Text size="sm" span title={id ?? ''}>
      {id === null ? words[kind] : `${words[kind]}: ${shortId(id)}`}
    </Text>
  )
}
