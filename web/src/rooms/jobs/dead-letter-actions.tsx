/** What can be done about a dead letter: run it again, or throw it away. */
import * as jobs from '@ashlar/sdk/jobs'
import { Action } from '../../frame/action.tsx'
import { call, changed } from '../../frame/api.ts'
import { useMay } from '../../frame/session.ts'
import { fill, useWords } from '../../frame/words.ts'
import { jobsWords } from './words.ts'

const place = 'admin/jobs'

export function RetryOne({ id, size }: { readonly id: string; readonly size?: 'xs' }) {
  const words = useWords(jobsWords)
  if (!useMay()('jobs.manage')) return null
  return (
    <Action
      label={words.retry}
      consequence={words.retryWhat}
      done={words.retried}
      {...(size && { size })}
      run={async () => {
        await call(jobs.retry, { path: { id } })
        await changed(place)
      }}
    />
  )
}

/** The server puts back a hundred at a time: asked again until none is left that it can. */
export function RetryAll({ name }: { readonly name: string }) {
  const words = useWords(jobsWords)
  if (!useMay()('jobs.manage')) return null
  return (
    <Action
      size="xs"
      label={words.retryAll}
      consequence={fill(words.retryAllWhat, { name })}
      done={words.retriedAll}
      run={async () => {
        let { retried, left } = await call(jobs.retryAll, { body: { name } })
        while (retried > 0 && left > 0)
          ({ retried, left } = await call(jobs.retryAll, { body: { name } }))
        await changed(place)
      }}
    />
  )
}

export function Discard({
  id,
  onGone,
}: {
  readonly id: string
  readonly onGone: () => Promise<unknown>
}) {
  const words = useWords(jobsWords)
  if (!useMay()('jobs.manage')) return null
  return (
    <Action
      label={words.discard}
      consequence={words.discardWhat}
      isDangerous
      asksReason
      done={words.discarded}
      run={async ({ reason }) => {
        await call(jobs.discard, { path: { id }, body: { reason } })
        // The screen of what is gone is left before anything is asked anew.
        await onGone()
        await changed(place)
      }}
    />
  )
}
