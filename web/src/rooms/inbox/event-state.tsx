/** What became of an event, in a word. */
import type * as inbox from '@ashlar/sdk/inbox'
import type { Option } from '../../frame/fields.tsx'
import { State, type Tone } from '../../frame/screen.tsx'
import { useWords } from '../../frame/words.ts'
import { inboxWords } from './words.ts'

type States = Awaited<ReturnType<typeof inbox.getEvent>>['state']

const tones = {
  received: 'busy',
  waiting: 'warn',
  retrying: 'warn',
  dead: 'bad',
  processed: 'good',
  ignored: 'calm',
} as const satisfies Readonly<Record<States, Tone>>

export function EventState({ state }: { readonly state: States }) {
  const words = useWords(inboxWords)
  return <State tone={tones[state]}>{words[`state_${state}`]}</State>
}

export function useEventStates(): readonly Option[] {
  const words = useWords(inboxWords)
  const states = Object.keys(tones) as readonly (keyof typeof tones)[]
  return states.map((value) => ({ value, label: words[`state_${value}`] }))
}
