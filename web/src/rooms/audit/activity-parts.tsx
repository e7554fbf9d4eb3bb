/** What the list of one's activity and one entry of it say alike. */
import type * as audit from '@ashlar/sdk/audit'
import { State } from '../../frame/screen.tsx'
import { useWords } from '../../frame/words.ts'
import { activityWords } from './activity-words.ts'

export type OwnFact = Awaited<ReturnType<typeof audit.getOwn>>
const tones = { succeeded: 'calm', refused: 'warn', failed: 'bad' } as const

export function HowItWent({ status }: Pick<OwnFact, 'status'>) {
  const words = useWords(activityWords)
  return <State tone={tones[status]}>{words[status]}</State>
}

export function useWho(): (fact: Pick<OwnFact, 'actor' | 'onYourBehalf'>) => string {
  const words = useWords(activityWords)
  return ({ actor, onYourBehalf }) => {
    // What runs later on one's behalf is the system's doing.
    if (onYourBehalf && actor.kind === 'user') return words.forYou
    return actor.isYou ? words.you : words[actor.kind]
  }
}
