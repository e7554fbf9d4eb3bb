/** What the clock starts: when, how it went, and one more at once. */
import * as jobs from '@ashlar/sdk/jobs'
import { Code } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Action } from '../../frame/action.tsx'
import { call, changed, reading } from '../../frame/api.ts'
import { Go } from '../../frame/go.tsx'
import type { Column } from '../../frame/list-screen.tsx'
import { Rows } from '../../frame/rows.tsx'
import { Screen, State, When } from '../../frame/screen.tsx'
import { useMay } from '../../frame/session.ts'
import { Shown } from '../../frame/states.tsx'
import { fill, useWords } from '../../frame/words.ts'
import { jobsWords, outcomeWords } from './words.ts'

type Schedule = Awaited<ReturnType<typeof jobs.schedules>>[number]
const refreshMs = 15_000

export default function SchedulesScreen() {
  const words = useWords(jobsWords)
  const navigate = useNavigate()
  const mayStart = useMay()('jobs.manage')
  const read = useQuery({ ...reading(jobs.schedules), refetchInterval: refreshMs })
  const columns: readonly Column<Schedule>[] = [
    {
      id: 'name',
      title: words.name,
      show: ({ name }) => (
        <Go to="/admin/jobs" search={{ name }} size="sm">
          {name}
        </Go>
      ),
    },
    { id: 'cron', title: words.cron, show: ({ cron }) => <Code>{cron}</Code> },
    { id: 'nextAt', title: words.nextAt, show: ({ nextAt }) => <When at={nextAt} /> },
    {
      id: 'lastAt',
      title: words.lastAt,
      show: ({ lastAt }) => (lastAt === null ? words.never : <When at={lastAt} />),
    },
    { id: 'outcome', title: words.outcome, show: (schedule) => <Outcome of={schedule} /> },
    ...(mayStart
      ? [
          {
            id: 'runNow',
            title: '',
            show: ({ name }: Schedule) => (
              <Action
                label={words.runNow}
                consequence={fill(words.runNowWhat, { name })}
                done={words.startedNow}
                size="xs"
                run={async () => {
                  await call(jobs.runNow, { path: { name } })
                  await changed('admin/jobs')
                }}
              />
            ),
          },
        ]
      : []),
  ]
  return (
    <Screen
      title={words.schedules}
      lead={words.schedulesLead}
      trail={[{ title: words.jobs, to: '/admin/jobs' }]}
    >
      <Shown of={read} lines={12}>
        {(schedules) => (
          <Rows
            rows={schedules}
            columns={columns}
            rowId={({ name }) => name}
            onOpen={({ name }) => void navigate({ to: '/admin/jobs', search: { name } } as never)}
          />
        )}
      </Shown>
    </Screen>
  )
}

const tones = {
  done: 'good',
  failed: 'bad',
  discarded: 'warn',
  running: 'busy',
  waiting: 'calm',
} as const

function Outcome({ of: { lastOutcome, lastJobId } }: { readonly of: Schedule }) {
  const words = useWords(outcomeWords)
  if (lastOutcome === null) return null
  const state = <State tone={tones[lastOutcome]}>{words[lastOutcome]}</State>
  return lastJobId === null ? state : <Go to={`/admin/jobs/${lastJobId}`}>{state}</Go>
}
