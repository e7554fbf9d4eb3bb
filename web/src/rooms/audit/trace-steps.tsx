/** The steps of a trace, one below the other. */
import * as audit from '@ashlar/sdk/audit'
import { Code, Group, Text, Timeline } from '@mantine/core'
import {
  IconClock,
  IconCreditCard,
  IconInbox,
  IconMail,
  IconPoint,
  IconStack2,
} from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useFormat } from '../../frame/format.ts'
import { Go } from '../../frame/go.tsx'
import { TraceId } from '../../frame/known-ids.tsx'
import { State } from '../../frame/screen.tsx'
import { fill, useWords } from '../../frame/words.ts'
import { Actor, Outcome } from './fact-parts.tsx'
import { auditWords } from './words.ts'

type Step = Awaited<ReturnType<typeof audit.trace>>['steps'][number]
const pictures = {
  fact: IconPoint,
  mail: IconMail,
  job: IconStack2,
  attempt: IconCreditCard,
  event: IconInbox,
  request: IconClock,
} as const

export function TraceSteps({ steps }: { readonly steps: readonly Step[] }) {
  return (
    <Timeline bulletSize={24} lineWidth={2}>
      {steps.map((step, index) => {
        const Picture = pictures[step.kind]
        return (
          <Timeline.Item
            key={`${step.kind} ${step.at} ${step.fact?.id ?? step.job?.id ?? index}`}
            bullet={<Picture size={14} aria-hidden />}
            title={<StepTitle of={step} />}
          >
            <StepDetail of={step} />
          </Timeline.Item>
        )
      })}
    </Timeline>
  )
}

function StepTitle({ of: { kind, fact, job, moment } }: { readonly of: Step }) {
  const words = useWords(auditWords)
  if (moment) {
    const { name, data } = moment
    if (kind === 'request') return `${words.slowRequest}: ${name}`
    const isAttempt = kind === 'attempt'
    const id = isAttempt ? data['paymentId'] : data['id']
    const title = `${isAttempt ? words.attempt : words.told}: ${name}`
    if (typeof id !== 'string') return title
    return <Go to={`/admin/${isAttempt ? 'payments' : 'inbox'}/${id}`}>{title}</Go>
  }
  if (fact) return <Go to={`/admin/audit/${fact.id}`}>{fact.action}</Go>
  return job && <Go to={`/admin/jobs/${job.id}`}>{job.name}</Go>
}

function StepDetail({ of: { kind, at, fact, job, moment } }: { readonly of: Step }) {
  const words = useWords(auditWords)
  const format = useFormat()
  const line = (children: ReactNode) => (
    <Group gap="xs">
      <Text size="sm" c="dimmed">
        {format.time(at)}
      </Text>
      {children}
    </Group>
  )
  if (fact)
    return line(
      <>
        {kind === 'mail' && <State tone="calm">{words.mail}</State>}
        <Outcome is={fact.status} />
        <Actor of={fact.actor} />
        <TraceId id={fact.requestId} />
      </>,
    )
  if (job === null)
    return (
      <>
        {line(moment?.ref ? <TraceId id={moment.ref} /> : null)}
        {moment && <MomentData of={moment.data} />}
      </>
    )
  return (
    <>
      {line(
        <>
          <State tone={job.state === 'failed' ? 'bad' : 'calm'}>
            {words.job}: {job.state}
          </State>
          <Text size="sm">{fill(words.attempts, { count: job.attempts })}</Text>
        </>,
      )}
      {job.error !== null && (
        <Text size="sm" lineClamp={2}>
          {job.error}
        </Text>
      )}
    </>
  )
}

/** What an attempt or an event says, name by name. */
function MomentData({ of }: { readonly of: Readonly<Record<string, unknown>> }) {
  const said = Object.entries(of).filter(([, value]) => value !== null && value !== '')
  return (
    <Group gap="md">
      {said.map(([name, value]) => (
        <Text key={name} size="sm">
          {name}: <Code>{typeof value === 'string' ? value : JSON.stringify(value)}</Code>
        </Text>
      ))}
    </Group>
  )
}
