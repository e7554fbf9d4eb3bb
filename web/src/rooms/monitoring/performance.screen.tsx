/** How long requests took and how many failed, by route. */
import * as monitoring from '@ashlar/sdk/monitoring'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { reading } from '../../frame/api.ts'
import { useFormat } from '../../frame/format.ts'
import { Go, GoButton } from '../../frame/go.tsx'
import type { Column } from '../../frame/list-screen.tsx'
import { Rows } from '../../frame/rows.tsx'
import { Facts, Screen, Section } from '../../frame/screen.tsx'
import { Shown } from '../../frame/states.tsx'
import { WindowChoice, useWindow } from '../../frame/window-choice.tsx'
import { useWords } from '../../frame/words.ts'
import { monitoringWords } from './words.ts'

type Found = Awaited<ReturnType<typeof monitoring.routes>>
type Route = Found['routes'][number]
const windows = ['5m', '1h', '24h'] as const
const refreshMs = 15_000

export default function PerformanceScreen() {
  const words = useWords(monitoringWords)
  const navigate = useNavigate()
  const window = useWindow(windows, '1h')
  const columns = useColumns()
  const read = useQuery({
    ...reading(monitoring.routes, { query: { window } }),
    refetchInterval: refreshMs,
  })
  return (
    <Screen
      title={words.performance}
      lead={words.performanceLead}
      actions={
        <>
          <WindowChoice windows={windows} value={window} />
          <GoButton to="/admin/performance/slow" variant="default">
            {words.slow}
          </GoButton>
        </>
      }
    >
      <Shown of={read} lines={12}>
        {({ all, routes }) => (
          <>
            <Section title={words.all}>
              <AllRoutes of={all} />
            </Section>
            <Section title={words.routes}>
              <Rows
                rows={routes}
                columns={columns}
                rowId={({ method, route }) => `${method} ${route}`}
                empty={words.noRequests}
                onOpen={({ route }) =>
                  void navigate({ to: '/admin/performance/slow', search: { route } } as never)
                }
              />
            </Section>
          </>
        )}
      </Shown>
    </Screen>
  )
}

function AllRoutes({ of: all }: { readonly of: Found['all'] }) {
  const words = useWords(monitoringWords)
  const format = useFormat()
  return (
    <Facts
      facts={[
        [words.requests, format.number(all.count)],
        [words.errors, format.percent(all.errorRate)],
        [words.refusals, format.percent(all.refusalRate)],
        [words.half, format.milliseconds(all.p50Ms)],
        [words.most, format.milliseconds(all.p95Ms)],
        [words.nearlyAll, format.milliseconds(all.p99Ms)],
      ]}
    />
  )
}

function useColumns(): readonly Column<Route>[] {
  const words = useWords(monitoringWords)
  const format = useFormat()
  const figure = (
    id: keyof Found['all'],
    title: string,
    shown: (value: number) => string,
  ): Column<Route> => ({
    id,
    title,
    align: 'right',
    sortBy: (route) => route[id],
    show: (route) => shown(route[id]),
  })
  return [
    {
      id: 'route',
      title: words.route,
      sortBy: ({ method, route }) => `${route} ${method}`,
      show: ({ method, route }) => (
        <Go to="/admin/performance/slow" search={{ route }} size="sm">
          {method} {route}
        </Go>
      ),
    },
    figure('count', words.requests, (value) => format.number(value)),
    figure('errorRate', '5xx', format.percent),
    figure('refusalRate', '4xx', format.percent),
    figure('avgMs', words.average, format.milliseconds),
    figure('p50Ms', 'p50', format.milliseconds),
    figure('p95Ms', 'p95', format.milliseconds),
    figure('p99Ms', 'p99', format.milliseconds),
    figure('maxMs', words.longest, format.milliseconds),
  ]
}
