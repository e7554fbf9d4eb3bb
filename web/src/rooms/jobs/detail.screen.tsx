/** One job: what it was given, how it went, and what can be done about it. */
import * as jobs from '@ashlar/sdk/jobs'
import { Code, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { usePathId } from '../../frame/address.ts'
import { reading } from '../../frame/api.ts'
import { GoButton } from '../../frame/go.tsx'
import { UserId } from '../../frame/known-ids.tsx'
import { Copyable, Facts, Json, Screen, Section, When } from '../../frame/screen.tsx'
import { Shown } from '../../frame/states.tsx'
import { fill, useWords } from '../../frame/words.ts'
import { Discard, RetryOne } from './dead-letter-actions.tsx'
import { StateOfJob } from './job-state.tsx'
import { jobsWords } from './words.ts'

/** One that is under way is looked at again soon. */
const refreshMs = 3_000

export default function JobScreen() {
  const words = useWords(jobsWords)
  const navigate = useNavigate()
  const id = usePathId()
  const read = useQuery({
    ...reading(jobs.get, { path: { id } }),
    refetchInterval: ({ state }) =>
      ['failed', 'completed'].includes(state.data?.state ?? 'failed') ? false : refreshMs,
  })
  return (
    <Shown of={read} lines={12}>
      {(job) => (
        <Screen
          title={job.name}
          trail={[{ title: words.jobs, to: '/admin/jobs' }]}
          actions={
            <>
              <GoButton to={`/admin/trace/${encodeURIComponent(id)}`} variant="default">
                {words.trace}
              </GoButton>
              {job.state === 'failed' && (
                <>
                  <RetryOne id={id} />
                  <Discard id={id} onGone={() => navigate({ to: '/admin/jobs' })} />
                </>
              )}
            </>
          }
        >
          <Section title={words.state}>
            <Facts
              facts={[
                [words.state, <StateOfJob key="" is={job.state} />],
                [words.queue, job.queue],
                [words.attempts, attemptsOf(job, words.attemptsOf)],
                [words.created, <When key="" at={job.createdAt} />],
                [words.runAt, <When key="" at={job.runAt} />],
                [words.started, <When key="" at={job.startedAt} />],
                [words.finished, <When key="" at={job.finishedAt} />],
                [words.wantedBy, <WantedBy key="" of={job.wantedBy} />],
                [words.onBehalfOf, <UserId key="" id={job.wantedBy.onBehalfOf} />],
                [words.request, <Copyable key="" text={job.wantedBy.requestId} />],
                ['Id', <Copyable key="" text={job.id} />],
              ]}
            />
          </Section>
          {job.error !== null && (
            <Section title={words.error}>
              <Code block tabIndex={0} style={{ whiteSpace: 'pre-wrap' }}>
                {job.error}
              </Code>
            </Section>
          )}
          <Section title={words.payload} lead={words.payloadLead}>
            <Json of={job.payload} />
          </Section>
        </Screen>
      )}
    </Shown>
  )
}

type Job = Awaited<ReturnType<typeof jobs.get>>

const attemptsOf = ({ attempts, maxAttempts }: Job, text: string) =>
  maxAttempts === null ? String(attempts) : fill(text, { count: attempts, max: maxAttempts })

function WantedBy({ of: { kind, id } }: { readonly of: Job['wantedBy'] }) {
  const words = useWords(jobsWords)
  if (kind === 'user' && id !== null) return <UserId id={id} />
  return (
    <Text size="sm" span>
      {words[kind]}
      {id !== null && `: ${id}`}
    </Text>
  )
}
