/** One thing that happened in one's own account. */
import * as audit from '@ashlar/sdk/audit'
import { Code } from '@mantine/core'
import { usePathId } from '../../frame/address.ts'
import { useRead } from '../../frame/api.ts'
import { useFormat } from '../../frame/format.ts'
import { Copyable, Facts, Json, Screen, Section } from '../../frame/screen.tsx'
import { Shown } from '../../frame/states.tsx'
import { useLanguage, useWords } from '../../frame/words.ts'
import { HowItWent, useWho } from './activity-parts.tsx'
import { activityWords } from './activity-words.ts'
import { Diff } from './diff.tsx'
import { factWords } from './fact-words.ts'

export default function ActivityEntryScreen() {
  const words = useWords(activityWords)
  const named = factWords[useLanguage()]
  const format = useFormat()
  const whoOf = useWho()
  const read = useRead(audit.getOwn, { path: { id: usePathId() } })
  return (
    <Shown of={read} lines={8}>
      {(entry) => (
        <Screen
          title={named[entry.action] ?? entry.action}
          trail={[{ title: words.activity, to: '/account/activity' }]}
        >
          <Section title={words.details}>
            <Facts
              facts={[
                [words.when, format.time(entry.at)],
                [words.who, whoOf(entry)],
                [words.how, <HowItWent key="" status={entry.status} />],
                [words.from, entry.ip && <Code key="">{entry.ip}</Code>],
                [words.name, <Code key="">{entry.action}</Code>],
                [words.request, <Copyable key="" text={entry.requestId} />],
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
