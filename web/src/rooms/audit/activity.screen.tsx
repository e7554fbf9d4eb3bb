/** What happened in one's own account, newest first. */
import * as audit from '@ashlar/sdk/audit'
import { GoButton } from '../../frame/go.tsx'
import { List } from '../../frame/list-screen.tsx'
import { Copyable, Screen, When } from '../../frame/screen.tsx'
import { fill, useLanguage, useWords } from '../../frame/words.ts'
import { HowItWent, type OwnFact, useWho } from './activity-parts.tsx'
import { activityWords } from './activity-words.ts'
import { factWords } from './fact-words.ts'

type Words = ReturnType<typeof useActivityWords>
const useActivityWords = () => useWords(activityWords)

export default function ActivityScreen() {
  const words = useActivityWords()
  const named = factWords[useLanguage()]
  const whoOf = useWho()
  return (
    <Screen
      title={words.activity}
      lead={words.lead}
      actions={
        <GoButton to="/account/activity/administrators" variant="default">
          {words.acted}
        </GoButton>
      }
    >
      <List
        name="activity"
        operation={audit.listOwn}
        rowId={({ id }) => id}
        to={({ id }) => `/account/activity/${id}`}
        empty={words.empty}
        columns={[
          { id: 'action', title: words.what, show: ({ action }) => named[action] ?? action },
          { id: 'at', title: words.when, show: ({ at }) => <When at={at} /> },
          {
            id: 'actor',
            title: words.who,
            show: (fact) => whoOf(fact),
            text: (fact) => whoOf(fact),
          },
          {
            id: 'status',
            title: words.how,
            show: ({ status }) => <HowItWent status={status} />,
          },
          { id: 'ip', title: words.from, show: ({ ip }) => ip },
          {
            id: 'details',
            title: words.details,
            show: (fact) => changesOf(words, fact),
            text: (fact) => changesOf(words, fact),
          },
          {
            id: 'requestId',
            title: words.request,
            show: ({ requestId }) => <Copyable text={requestId} />,
            isExtra: true,
          },
        ]}
      />
    </Screen>
  )
}

/** What became of what, where something was changed. */
function changesOf(words: Words, { before, after }: OwnFact): string {
  return Object.keys(after ?? {})
    .map((name) =>
      fill(words.becomes, { name, before: shown(before?.[name]), after: shown(after?.[name]) }),
    )
    .join('; ')
}

function shown(value: unknown): string {
  if (value === null || value === undefined || value === '') return '—'
  return typeof value === 'string' ? value : JSON.stringify(value)
}
