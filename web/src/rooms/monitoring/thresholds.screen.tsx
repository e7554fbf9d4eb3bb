/** When alerts are raised, kind by kind. */
import * as monitoring from '@ashlar/sdk/monitoring'
import { useNavigate } from '@tanstack/react-router'
import { useRead } from '../../frame/api.ts'
import type { Column } from '../../frame/list-screen.tsx'
import { Rows } from '../../frame/rows.tsx'
import { Screen, YesNo } from '../../frame/screen.tsx'
import { Shown } from '../../frame/states.tsx'
import { useWords } from '../../frame/words.ts'
import { Severity, useTypeWord } from './alert-parts.tsx'
import { useSpan } from './span.ts'
import { monitoringWords } from './words.ts'

type Threshold = Awaited<ReturnType<typeof monitoring.thresholds>>[number]
const to = ({ type }: Threshold) => `/admin/thresholds/${type}`

export default function ThresholdsScreen() {
  const words = useWords(monitoringWords)
  const typeWord = useTypeWord()
  const span = useSpan()
  const navigate = useNavigate()
  const columns: readonly Column<Threshold>[] = [
    { id: 'type', title: words.type, show: ({ type }) => typeWord(type) },
    {
      id: 'threshold',
      title: words.threshold,
      align: 'right',
      show: ({ type, threshold }) => (type === 'error_rate' ? `${threshold} %` : threshold),
    },
    {
      id: 'totalThreshold',
      title: words.totalLimit,
      align: 'right',
      show: ({ totalThreshold }) => totalThreshold ?? '–',
    },
    { id: 'window', title: words.window, show: ({ windowSeconds }) => span(windowSeconds) },
    { id: 'severity', title: words.severity, show: ({ severity }) => <Severity is={severity} /> },
    { id: 'coolDown', title: words.coolDown, show: ({ coolDownSeconds }) => span(coolDownSeconds) },
    {
      id: 'isEnabled',
      title: words.isEnabled,
      show: ({ isEnabled }) => <YesNo is={isEnabled} />,
    },
    { id: 'source', title: words.comesFrom, show: ({ source }) => words[source] },
  ]
  return (
    <Screen
      title={words.thresholds}
      lead={words.thresholdsLead}
      trail={[{ title: words.alerts, to: '/admin/alerts' }]}
    >
      <Shown of={useRead(monitoring.thresholds)} lines={12}>
        {(thresholds) => (
          <Rows
            rows={thresholds}
            columns={columns}
            rowId={({ type }) => type}
            to={to}
            onOpen={(threshold) => void navigate({ to: to(threshold) })}
          />
        )}
      </Shown>
    </Screen>
  )
}
