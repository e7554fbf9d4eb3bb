/** One entry of the audit log. */
import * as audit from '@ashlar/sdk/audit'
import { Code } from '@mantine/core'
import { usePathId } from '../../frame/address.ts'
import { useRead } from '../../frame/api.ts'
import { useFormat } from '../../frame/format.ts'
import { GoButton } from '../../frame/go.tsx'
import { TraceId, UserId } from '../../frame/known-ids.tsx'
import { Copyable, Facts, Json, Screen, Section } from '../../frame/screen.tsx'
import { Shown } from '../../frame/states.tsx'
import { useWords } from '../../frame/words.ts'
import { Diff } from './diff.tsx'
import { Actor, Outcome } from './fact-parts.tsx'
import { auditWords } from './words.ts'

export default function EntryScreen() {
  const words = useWords(auditWords)
  const format = useFormat()
  const id = usePathId()
  const read = useRead(audit.get, { path: { id } })
  return (
    <Shown of={read} lines={12}>
      {(entry) => (
        <Screen
          title={entry.action}
          trail={[{ title: words.audit, to: '/admin/audit' }]}
          actions={
            <GoButton to={`/admin/trace/${encodeURIComponent(entry.requestId)}`} variant="default">
              {words.around}
            </GoButton>
          }
        >
          <Section title={words.entry}>
            <Facts
              facts={[
                [words.at, format.time(entry.at)],
                [words.status, <Outcome key="" is={entry.status} />],
                [words.actor, <Actor key="" of={entry.actor} />],
                [words.onBehalfOf, <UserId key="" id={entry.onBehalfOf} />],
                [words.subject, <TraceId key="" id={entry.subjectId} />],
                [words.ip, entry.ip && <Code key="">{entry.ip}</Code>],
                [words.request, <Copyable key="" text={entry.requestId} />],
                ['Id', <Copyable key="" text={entry.id} />],
              ]}
            />
          </Section>
          {entry.before && entry.after && (
            <Section title={words.change}>
              <Diff before={entry.before} after={entry.after} />
            </Section>
          )}
          {Object.keys(entry.data).length > 0 && (
            <Section title={words.more}>
              <Json of={entry.data} />
            </Section>
          )}
        </Screen>
      )}
    </Shown>
  )
}
