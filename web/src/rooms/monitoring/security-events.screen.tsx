/** What was tried that should not have been. */
import * as monitoring from '@ashlar/sdk/monitoring'
import { Code } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { reading } from '../../frame/api.ts'
import { TraceId } from '../../frame/known-ids.tsx'
import type { Column } from '../../frame/list-screen.tsx'
import { Rows } from '../../frame/rows.tsx'
import { Screen, Section, When } from '../../frame/screen.tsx'
import { Go } from '../../frame/go.tsx'
import { Shown } from '../../frame/states.tsx'
import { WindowChoice, useWindow } from '../../frame/window-choice.tsx'
import { useWords } from '../../frame/words.ts'
import { useTypeWord } from './alert-parts.tsx'
import { monitoringWords } from './words.ts'

type Found = Awaited<ReturnType<typeof monitoring.securityEvents>>
type Count = Found['types'][number]
type Source = Found['sources'][number]
const windows = ['5m', '1h', '24h'] as const
const refreshMs = 15_000

export default function SecurityEventsScreen() {
  const words = useWords(monitoringWords)
  const typeWord = useTypeWord()
  const window = useWindow(windows, '1h')
  const read = useQuery({
    ...reading(monitoring.securityEvents, { query: { window } }),
    refetchInterval: refreshMs,
  })
  const types: readonly Column<Count>[] = [
    {
      id: 'type',
      title: words.type,
      show: ({ type }) => (
        <Go to="/admin/alerts" search={{ type }} size="sm">
          {typeWord(type)}
        </Go>
      ),
    },
    { id: 'count', title: words.count, align: 'right', show: ({ count }) => count },
  ]
  const sources: readonly Column<Source>[] = [
    { id: 'type', title: words.type, show: ({ type }) => typeWord(type) },
    { id: 'ip', title: words.ip, show: ({ ip }) => ip && <Code>{ip}</Code> },
    {
      id: 'subject',
      title: words.subject,
      show: ({ subjectId }) => subjectId && <TraceId id={subjectId} />,
    },
    { id: 'count', title: words.count, align: 'right', show: ({ count }) => count },
    { id: 'lastAt', title: words.lastAt, show: ({ lastAt }) => <When at={lastAt} /> },
  ]
  return (
    <Screen
      title={words.securityEvents}
      lead={words.securityLead}
      actions={<WindowChoice windows={windows} value={window} />}
    >
      <Shown of={read} lines={8}>
        {(found) => (
          <>
            <Section title={words.byType}>
              <Rows
                rows={found.types}
                columns={types}
                rowId={({ type }) => type}
                empty={words.noEvents}
              />
            </Section>
            <Section title={words.bySource}>
              <Rows
                rows={found.sources}
                columns={sources}
                rowId={({ type, ip, subjectId }) => `${type} ${ip} ${subjectId}`}
                empty={words.noEvents}
              />
            </Section>
          </>
        )}
      </Shown>
    </Screen>
  )
}
