/** Alerts, newest first. */
import * as monitoring from '@ashlar/sdk/monitoring'
import { GoButton } from '../../frame/go.tsx'
import { List } from '../../frame/list-screen.tsx'
import { Screen, When } from '../../frame/screen.tsx'
import { useWords } from '../../frame/words.ts'
import {
  Severity,
  Source,
  StateOfAlert,
  severities,
  useTypeOptions,
  useTypeWord,
} from './alert-parts.tsx'
import { monitoringWords } from './words.ts'

const refreshMs = 15_000

export default function AlertsScreen() {
  const words = useWords(monitoringWords)
  const typeWord = useTypeWord()
  const types = useTypeOptions()
  const option = <Value extends 'open' | 'acknowledged' | (typeof severities)[number]>(
    value: Value,
  ) => ({ value, label: words[value] })
  return (
    <Screen
      title={words.alerts}
      lead={words.alertsLead}
      actions={
        <GoButton to="/admin/thresholds" variant="default">
          {words.thresholds}
        </GoButton>
      }
    >
      <List
        name="alerts"
        operation={monitoring.alerts}
        refreshMs={refreshMs}
        rowId={({ id }) => id}
        to={({ id }) => `/admin/alerts/${id}`}
        empty={words.noAlerts}
        filters={[
          {
            name: 'status',
            kind: 'choice',
            label: words.status,
            options: (['open', 'acknowledged'] as const).map(option),
          },
          {
            name: 'severity',
            kind: 'choice',
            label: words.severity,
            options: severities.map(option),
          },
          { name: 'type', kind: 'choice', label: words.type, options: types },
        ]}
        columns={[
          { id: 'type', title: words.type, show: ({ type }) => typeWord(type) },
          {
            id: 'severity',
            title: words.severity,
            show: ({ severity }) => <Severity is={severity} />,
          },
          { id: 'status', title: words.status, show: ({ status }) => <StateOfAlert is={status} /> },
          { id: 'count', title: words.count, align: 'right', show: ({ count }) => count },
          {
            id: 'source',
            title: words.source,
            show: (alert) => <Source of={alert} />,
            text: ({ ip, subjectId }) => ip ?? subjectId ?? '',
          },
          { id: 'lastAt', title: words.last, show: ({ lastAt }) => <When at={lastAt} /> },
          {
            id: 'createdAt',
            title: words.raised,
            show: ({ createdAt }) => <When at={createdAt} />,
          },
        ]}
      />
    </Screen>
  )
}
