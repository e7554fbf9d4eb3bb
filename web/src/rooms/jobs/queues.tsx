/** Every queue, and how much is in it. */
import * as jobs from '@ashlar/sdk/jobs'
import { useQuery } from '@tanstack/react-query'
import { reading } from '../../frame/api.ts'
import { useFormat } from '../../frame/format.ts'
import { Go } from '../../frame/go.tsx'
import type { Column } from '../../frame/list-screen.tsx'
import { Rows } from '../../frame/rows.tsx'
import { Shown } from '../../frame/states.tsx'
import { useWords } from '../../frame/words.ts'
import { jobsWords } from './words.ts'

type Queue = Awaited<ReturnType<typeof jobs.queues>>['queues'][number]
const refreshMs = 15_000

export function Queues() {
  const words = useWords(jobsWords)
  const format = useFormat()
  const read = useQuery({ ...reading(jobs.queues), refetchInterval: refreshMs })
  const counted = (state: 'waiting' | 'active' | 'delayed' | 'failed' | 'completed') => ({
    id: state,
    align: 'right' as const,
    show: (queue: Queue) =>
      queue[state] === 0 ? (
        '0'
      ) : (
        <Go to="/admin/jobs" search={{ queue: queue.name, state }} size="sm">
          {format.number(queue[state])}
        </Go>
      ),
  })
  const columns: readonly Column<Queue>[] = [
    { id: 'name', title: words.queue, show: ({ name }) => name },
    { ...counted('waiting'), title: words.waiting },
    { ...counted('active'), title: words.active },
    { ...counted('delayed'), title: words.delayed },
    { ...counted('failed'), title: words.dead },
    { ...counted('completed'), title: words.doneLately },
    {
      id: 'oldest',
      title: words.oldest,
      align: 'right',
      show: ({ oldestWaitingSeconds }) => format.milliseconds(oldestWaitingSeconds * 1000),
    },
    {
      id: 'concurrency',
      title: words.concurrency,
      align: 'right',
      show: ({ concurrency }) => concurrency,
    },
  ]
  return (
    <Shown of={read}>
      {({ queues }) => <Rows rows={queues} columns={columns} rowId={({ name }) => name} />}
    </Shown>
  )
}
