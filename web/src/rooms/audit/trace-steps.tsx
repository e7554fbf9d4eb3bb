/** The steps of a trace, one below the other. */
import * as audit from '@ashlar/sdk/audit'
import { Group, Text, Timeline } from '@mantine/core'
import { IconMail, IconPoint, IconStack2 } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useFormat } from '../../frame/format.ts'
import { Go } from '../../frame/go.tsx'
import { TraceId } from '../../frame/known-ids.tsx'
import { State } from '../../frame/screen.tsx'
import { fill, useWords } from '../../frame/words.ts'
import { Actor, Outcome } from './fact-parts.tsx'
import { auditWords } from './words.ts'

type Step = Awaited<ReturnType<typeof audit.trace>>['steps'][number]
const pictures = { fact: IconPoint, mail: IconMail, job: IconStack2 } as const

export function TraceSteps({ steps }: { readonly steps: readonly Step[] }) {
  return (
    <Timeline bulletSize={24} lineWidth={2}>
      {steps.map((step) => {
        const Picture = pictures[step.kind]
        return (
          <Timeline.Item
            key={`${step.kind} ${step.fact?.id ?? step.job?.id}`}
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

function StepTitle({ of: { fact, job } }: { readonly of: Step }) {
  if (fact) return <Go to={`/admin/audit/${fact.id}`}>{fact.action}</Go>
  return job && <Go to={`/admin/jobs/${job.id}`}>{job.name}</Go>
}

function StepDetail({ of: { kind, at, fact, job } }: { readonly of: Step }) {
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
  return (
    job && (
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
  )
}
