/** Where a job stands, in one word. */
import { State, type Tone } from '../../frame/screen.tsx'
import { useWords } from '../../frame/words.ts'
import { jobsWords } from './words.ts'

export const jobStates = ['outbox', 'waiting', 'active', 'delayed', 'failed', 'completed'] as const
type JobState = (typeof jobStates)[number]
const tones: Readonly<Record<JobState, Tone>> = {
  outbox: 'calm',
  waiting: 'calm',
  active: 'busy',
  delayed: 'warn',
  failed: 'bad',
  completed: 'good',
}

export function StateOfJob({ is }: { readonly is: JobState }) {
  const words = useWords(jobsWords)
  return <State tone={tones[is]}>{words[is]}</State>
}
