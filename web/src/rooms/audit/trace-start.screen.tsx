/** Where a trace begins: with an id. */
import { Screen } from '../../frame/screen.tsx'
import { useWords } from '../../frame/words.ts'
import { TraceForm } from './trace-form.tsx'
import { auditWords } from './words.ts'

export default function TraceStartScreen() {
  const words = useWords(auditWords)
  return (
    <Screen title={words.trace} lead={words.traceLead}>
      <TraceForm />
    </Screen>
  )
}
