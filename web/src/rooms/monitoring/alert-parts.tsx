/** Parts of an alert: its kind, how bad it is, whether somebody looks after it, and where it came from. */
import * as monitoring from '@ashlar/sdk/monitoring'
import { Code } from '@mantine/core'
import { TraceId } from '../../frame/known-ids.tsx'
import { State } from '../../frame/screen.tsx'
import { useWords } from '../../frame/words.ts'
import { monitoringWords, typeWords } from './words.ts'

export type Alert = Awaited<ReturnType<typeof monitoring.alert>>
export const severities = ['low', 'medium', 'high', 'critical'] as const
const tones = { low: 'calm', medium: 'warn', high: 'bad', critical: 'bad' } as const

export function useTypeWord(): (type: string) => string {
  const words: Readonly<Record<string, string>> = useWords(typeWords)
  return (type) => words[type] ?? type
}

export function useTypeOptions() {
  return Object.entries(useWords(typeWords)).map(([value, label]) => ({ value, label }))
}

export function Severity({ is }: { readonly is: Alert['severity'] }) {
  const words = useWords(monitoringWords)
  return <State tone={tones[is]}>{words[is]}</State>
}

export function StateOfAlert({ is }: { readonly is: Alert['status'] }) {
  const words = useWords(monitoringWords)
  return <State tone={is === 'open' ? 'bad' : 'good'}>{words[is]}</State>
}

export function Source({
  of: { type, ip, subjectId },
}: {
  readonly of: Pick<Alert, 'type' | 'ip' | 'subjectId'>
}) {
  const words = useWords(monitoringWords)
  if (ip !== null) return <Code>{ip}</Code>
  if (subjectId !== null) return <TraceId id={subjectId} />
  return type === 'error_rate' ? words.everything : words.manySources
}
