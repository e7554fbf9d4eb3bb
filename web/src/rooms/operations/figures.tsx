/** The figures of the home, each with the way to its screen. What somebody may not see is not there. */
import * as operations from '@ashlar/sdk/operations'
import { SimpleGrid } from '@mantine/core'
import type { ComponentProps } from 'react'
import { useFormat } from '../../frame/format.ts'
import { fill, useWords } from '../../frame/words.ts'
import { Figure } from './figure.tsx'
import { homeWords } from './home-words.ts'

export type Overview = Awaited<ReturnType<typeof operations.overview>>
type Shown = ComponentProps<typeof Figure>

export function Figures({ of }: { readonly of: Overview }) {
  const figures = [...useTraffic(of), ...usePeople(of), ...useWork(of), ...useMoney(of)]
  return (
    <SimpleGrid cols={{ base: 2, sm: 3, lg: 4 }} spacing="sm">
      {figures.map((figure) => (
        <Figure key={figure.label} {...figure} />
      ))}
    </SimpleGrid>
  )
}

export const sumOf = <Row,>(rows: readonly Row[], value: (row: Row) => number): number =>
  rows.reduce((sum, row) => sum + value(row), 0)

function useTraffic({ traffic }: Overview): readonly Shown[] {
  const words = useWords(homeWords)
  const format = useFormat()
  if (!traffic) return []
  const count = sumOf(traffic, (row) => row.count)
  const errors = sumOf(traffic, (row) => row.errors)
  return [
    { label: words.requests, value: format.number(count), to: '/admin/performance' },
    {
      label: words.errorShare,
      value: format.percent(count === 0 ? 0 : errors / count),
      isBad: errors > 0,
      to: '/admin/performance',
      search: { sort: '-errorRate' },
    },
  ]
}

function usePeople({ people, from }: Overview): readonly Shown[] {
  const words = useWords(homeWords)
  const format = useFormat()
  if (!people) return []
  const figure = (name: 'signIns' | 'failedSignIns' | 'registrations', action: string): Shown => ({
    label: words[name],
    value: format.number(sumOf(people, (row) => row[name])),
    to: '/admin/audit',
    search: { action, from },
  })
  const stopped = sumOf(people, (row) => row.stoppedSignIns)
  return [
    figure('signIns', 'auth.signed_in'),
    {
      ...figure('failedSignIns', 'auth.sign_in_failed'),
      note:
        stopped === 0 ? undefined : fill(words.stoppedSignIns, { count: format.number(stopped) }),
    },
    figure('registrations', 'users.user_registered'),
  ]
}

function useWork({ jobs, alerts }: Overview): readonly Shown[] {
  const words = useWords(homeWords)
  const format = useFormat()
  const open = sumOf(alerts ?? [], ({ count }) => count)
  return [
    ...(alerts
      ? [
          {
            label: words.openAlerts,
            value: format.number(open),
            isBad: open > 0,
            to: '/admin/alerts',
            search: { status: 'open' },
          },
        ]
      : []),
    ...(jobs
      ? [
          {
            label: words.deadLetters,
            value: format.number(jobs.failed),
            isBad: jobs.failed > 0,
            to: '/admin/jobs',
            search: { state: 'failed' },
          },
          {
            label: words.waitingJobs,
            value: format.number(jobs.waiting + jobs.outbox),
            to: '/admin/jobs',
          },
        ]
      : []),
  ]
}

function useMoney({ drifts, inbox, disputes }: Overview): readonly Shown[] {
  const words = useWords(homeWords)
  const format = useFormat()
  const firstDueAt = disputes?.firstDueAt ?? null
  return [
    ...(drifts
      ? [
          {
            label: words.drifts,
            value: format.number(drifts.open),
            note: drifts.isBlocked ? words.blocked : undefined,
            isBad: drifts.open > 0 || drifts.isBlocked,
            to: '/admin/reconciliation',
          },
        ]
      : []),
    ...(inbox
      ? [
          {
            label: words.deadEvents,
            value: format.number(inbox.dead),
            isBad: inbox.dead > 0,
            to: '/admin/inbox',
            search: { state: 'dead' },
          },
        ]
      : []),
    ...(disputes
      ? [
          {
            label: words.disputes,
            value: format.number(disputes.needEvidence),
            note:
              firstDueAt === null ? undefined : fill(words.dueBy, { day: format.day(firstDueAt) }),
            isBad: disputes.needEvidence > 0,
            to: '/admin/disputes',
          },
        ]
      : []),
  ]
}
