/** Slow requests, one by one; each leads to everything that happened in it. */
import * as monitoring from '@ashlar/sdk/monitoring'
import { useFormat } from '../../frame/format.ts'
import { UserId } from '../../frame/known-ids.tsx'
import { List } from '../../frame/list-screen.tsx'
import { Screen, When } from '../../frame/screen.tsx'
import { useWords } from '../../frame/words.ts'
import { monitoringWords } from './words.ts'

export default function SlowRequestsScreen() {
  const words = useWords(monitoringWords)
  const format = useFormat()
  return (
    <Screen
      title={words.slow}
      lead={words.slowLead}
      trail={[{ title: words.performance, to: '/admin/performance' }]}
    >
      <List
        name="slow-requests"
        operation={monitoring.slowRequests}
        rowId={({ id }) => id}
        to={({ requestId }) => `/admin/trace/${encodeURIComponent(requestId)}`}
        empty={words.noSlow}
        filters={[
          { name: 'route', kind: 'text', label: words.route, placeholder: '/api/v1/users/me' },
        ]}
        order="-at"
        columns={[
          {
            id: 'route',
            title: words.route,
            show: ({ method, route }) => `${method} ${route}`,
            text: ({ method, route }) => `${method} ${route}`,
          },
          {
            id: 'durationMs',
            sortBy: 'api',
            title: words.duration,
            align: 'right',
            show: ({ durationMs }) => format.milliseconds(durationMs),
          },
          { id: 'status', title: words.answer, align: 'right', show: ({ status }) => status },
          { id: 'userId', title: words.user, show: ({ userId }) => <UserId id={userId} /> },
          { id: 'at', sortBy: 'api', title: words.at, show: ({ at }) => <When at={at} /> },
        ]}
      />
    </Screen>
  )
}
