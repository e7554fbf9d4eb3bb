/** Background work: how much there is, and every job. */
import * as jobs from '@ashlar/sdk/jobs'
import { Stack } from '@mantine/core'
import { useAddress } from '../../frame/address.ts'
import { GoButton } from '../../frame/go.tsx'
import { TraceId } from '../../frame/known-ids.tsx'
import { List } from '../../frame/list-screen.tsx'
import { Screen, Section, When } from '../../frame/screen.tsx'
import { fill, useWords } from '../../frame/words.ts'
import { RetryAll, RetryOne } from './dead-letter-actions.tsx'
import { StateOfJob, jobStates } from './job-state.tsx'
import { Queues } from './queues.tsx'
import { jobsWords } from './words.ts'

const refreshMs = 15_000

export default function JobsScreen() {
  const words = useWords(jobsWords)
  const { search } = useAddress()
  const states = jobStates.map((value) => ({ value, label: words[value] }))
  const isOfDead = search['state'] === 'failed'
  return (
    <Screen
      title={words.jobs}
      lead={words.lead}
      actions={
        <>
          <GoButton to="/admin/jobs" search={{ state: 'failed' }} variant="default">
            {words.dead}
          </GoButton>
          <GoButton to="/admin/jobs/schedules" variant="default">
            {words.schedules}
          </GoButton>
        </>
      }
    >
      <Section title={words.queues}>
        <Queues />
      </Section>
      <Section
        title={words.runs}
        lead={words.runsLead}
        actions={isOfDead && search['name'] && <RetryAll name={search['name']} />}
      >
        <Stack gap="sm">
          <List
            name="jobs"
            operation={jobs.list}
            refreshMs={refreshMs}
            rowId={({ id }) => id}
            to={({ id }) => `/admin/jobs/${id}`}
            empty={words.empty}
            filters={[
              { name: 'state', kind: 'choice', label: words.state, options: states },
              { name: 'queue', kind: 'text', label: words.queue },
              { name: 'name', kind: 'text', label: words.name, placeholder: 'mail.send' },
            ]}
            columns={[
              { id: 'name', title: words.name, show: ({ name }) => name },
              { id: 'state', title: words.state, show: ({ state }) => <StateOfJob is={state} /> },
              { id: 'queue', title: words.queue, show: ({ queue }) => queue },
              {
                id: 'attempts',
                title: words.attempts,
                align: 'right',
                show: ({ attempts, maxAttempts }) =>
                  maxAttempts === null
                    ? attempts
                    : fill(words.attemptsOf, { count: attempts, max: maxAttempts }),
              },
              {
                id: 'createdAt',
                title: words.created,
                show: ({ createdAt }) => <When at={createdAt} />,
              },
              { id: 'runAt', title: words.runAt, show: ({ runAt }) => <When at={runAt} /> },
              {
                id: 'finishedAt',
                title: words.finished,
                show: ({ finishedAt }) => <When at={finishedAt} />,
                isExtra: true,
              },
              {
                id: 'request',
                title: words.request,
                text: ({ wantedBy }) => wantedBy.requestId,
                show: ({ wantedBy }) => <TraceId id={wantedBy.requestId} />,
              },
              ...(isOfDead
                ? [
                    {
                      id: 'retry',
                      title: '',
                      show: ({ id }: { id: string }) => <RetryOne id={id} size="xs" />,
                      text: () => '',
                    },
                  ]
                : []),
            ]}
          />
        </Stack>
      </Section>
    </Screen>
  )
}
