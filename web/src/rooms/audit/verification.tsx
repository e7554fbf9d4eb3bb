/** Whether the log is whole: what the last verification found, and one more at once. */
import * as audit from '@ashlar/sdk/audit'
import * as jobs from '@ashlar/sdk/jobs'
import { Alert, Code, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Action } from '../../frame/action.tsx'
import { call, reading } from '../../frame/api.ts'
import { useFormat } from '../../frame/format.ts'
import { Facts, Section, State, When } from '../../frame/screen.tsx'
import { useMay } from '../../frame/session.ts'
import { Shown } from '../../frame/states.tsx'
import { useWords } from '../../frame/words.ts'
import { auditWords } from './words.ts'

type Verdict = NonNullable<Awaited<ReturnType<typeof audit.getVerification>>>
const jobName = 'audit.verify'
/** Until the verdict that was asked for is there. */
const pollMs = 1_000

export function Verification() {
  const words = useWords(auditWords)
  const mayStart = useMay()('jobs.manage')
  const [asked, setAsked] = useState<{ readonly instead: string | null } | null>(null)
  const read = useQuery({
    ...reading(audit.getVerification),
    refetchInterval: ({ state }) =>
      asked !== null && (state.data?.at ?? null) === asked.instead ? pollMs : false,
  })
  const isWaiting = asked !== null && (read.data?.at ?? null) === asked.instead
  async function start() {
    const instead = read.data?.at ?? null
    await call(jobs.runNow, { path: { name: jobName } })
    setAsked({ instead })
  }
  return (
    <Section
      title={words.chain}
      lead={words.chainLead}
      actions={
        mayStart && <Action label={words.verify} size="xs" disabled={isWaiting} run={start} />
      }
    >
      {isWaiting && (
        <Text size="sm" role="status">
          {words.verifying}
        </Text>
      )}
      <Shown of={read}>
        {(verdict) =>
          verdict === null ? (
            <Text size="sm">{words.unverified}</Text>
          ) : (
            <Finding verdict={verdict} />
          )
        }
      </Shown>
    </Section>
  )
}

function Finding({ verdict }: { readonly verdict: Verdict }) {
  const words = useWords(auditWords)
  const format = useFormat()
  const { isGood, at, checked, unsealed, newestHead, problem } = verdict
  return (
    <Stack gap="sm">
      {problem && (
        <Alert color="red" role="alert" title={words.problem}>
          {problem.message} <Code>{problem.kind}</Code>
        </Alert>
      )}
      <Facts
        facts={[
          [
            words.status,
            <State key="" tone={isGood ? 'good' : 'bad'}>
              {isGood ? words.whole : words.broken}
            </State>,
          ],
          [words.verifiedAt, <When key="" at={at} />],
          [words.checked, format.number(checked)],
          [words.unsealed, format.number(unsealed.count)],
          [words.newestHead, newestHead && <When key="" at={newestHead.at} />],
        ]}
      />
    </Stack>
  )
}
