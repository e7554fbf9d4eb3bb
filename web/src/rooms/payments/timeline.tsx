/** What happened to a payment, in order: what we asked, what we noted, what the provider told, what came of it. */
import * as disputes from '@ashlar/sdk/disputes'
import * as payments from '@ashlar/sdk/payments'
import * as refunds from '@ashlar/sdk/refunds'
import { Anchor, Box, Group, Text, Timeline } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { reading, useRead } from '../../frame/api.ts'
import { useFormat } from '../../frame/format.ts'
import { Go } from '../../frame/go.tsx'
import { Json, State } from '../../frame/screen.tsx'
import { useMay } from '../../frame/session.ts'
import { Empty, Shown } from '../../frame/states.tsx'
import { useWords } from '../../frame/words.ts'
import { type Step, stepsOf, tones } from './steps.ts'
import type { Payment } from './name.ts'
import { paymentsWords } from './words.ts'

const limit = 100

export function TimelinePart({ of: { id } }: { readonly of: Payment }) {
  const words = useWords(paymentsWords)
  const may = useMay()
  const moments = useRead(payments.timeline, { path: { id } })
  const returned = useQuery({
    ...reading(refunds.listOfPayment, { path: { id }, query: { limit } }),
    enabled: may('refunds.read'),
  })
  const disputed = useQuery({
    ...reading(disputes.list, { query: { paymentId: id, limit } }),
    enabled: may('disputes.read'),
  })
  return (
    <Shown of={moments}>
      {(told) => {
        const steps = stepsOf(told, returned.data?.data ?? [], disputed.data?.data ?? [])
        if (steps.length === 0) return <Empty>{words.noMoments}</Empty>
        return (
          <Timeline active={steps.length - 1} bulletSize={14} lineWidth={2}>
            {steps.map((step) => (
              <Timeline.Item key={step.id} color={colors[step.source]} title={<Title of={step} />}>
                <OneStep of={step} />
              </Timeline.Item>
            ))}
          </Timeline>
        )
      }}
    </Shown>
  )
}

const colors = {
  attempt: 'blue',
  fact: 'green',
  provider: 'grape',
  refund: 'orange',
  dispute: 'red',
}

function Title({ of: { source, name } }: { readonly of: Step }) {
  const words = useWords(paymentsWords)
  const known: Readonly<Record<string, string>> = words
  return (
    <Group gap="xs">
      <Text fw={500} size="sm" style={{ overflowWrap: 'anywhere' }}>
        {known[`step_${source}_${name}`] ?? name}
      </Text>
      <State tone={tones[source]}>{words[`source_${source}`]}</State>
    </Group>
  )
}

function OneStep({ of: { at, ref, to, data } }: { readonly of: Step }) {
  const words = useWords(paymentsWords)
  const format = useFormat()
  const [isOpen, setIsOpen] = useState(false)
  return (
    <Box>
      <Group gap="sm">
        <Text size="xs" c="dimmed">
          <time dateTime={at}>{format.time(at)}</time>
        </Text>
        {to !== null && (
          <Go to={to.path} search={to.search} size="xs" style={{ overflowWrap: 'anywhere' }}>
            {ref ?? words.open}
          </Go>
        )}
        <Anchor
          component="button"
          type="button"
          size="xs"
          aria-expanded={isOpen}
          onClick={() => setIsOpen(!isOpen)}
        >
          {isOpen ? words.less : words.more}
        </Anchor>
      </Group>
      {isOpen && (
        <Box mt="xs">
          <Json of={data} />
        </Box>
      )}
    </Box>
  )
}
