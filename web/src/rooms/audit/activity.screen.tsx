/** What happened in one's own account, newest first. */
import * as audit from '@ashlar/sdk/audit'
import { GoButton } from '../../frame/go.tsx'
import { List } from '../../frame/list-screen.tsx'
import { Copyable, Screen, State, When } from '../../frame/screen.tsx'
import { fill, useLanguage, useWords } from '../../frame/words.ts'
import { activityWords } from './activity-words.ts'
import { factWords } from './fact-words.ts'

type Fact = Awaited<ReturnType<typeof audit.listOwn>>['data'][number]
type Words = ReturnType<typeof useActivityWords>
const useActivityWords = () => useWords(activityWords)
const tones = { succeeded: 'calm', refused: 'warn', failed: 'bad' } as const

export default function ActivityScreen() {
  const words = useActivityWords()
  const named = factWords[useLanguage()]
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
        empty={words.empty}
        columns={[
          { id: 'action', title: words.what, show: ({ action }) => named[action] ?? action },
          { id: 'at', title: words.when, show: ({ at }) => <When at={at} /> },
          {
            id: 'actor',
            title: words.who,
            show: (fact) => whoOf(words, fact),
            text: (fact) => whoOf(words, fact),
          },
          {
            id: 'status',
            title: words.how,
            show: ({ status }) => <State tone={tones[status]}>{words[status]}</State>,
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

function whoOf(words: Words, { actor, onYourBehalf }: Fact): string {
  // What runs later on one's behalf is the system's doing.
  if (onYourBehalf && actor.kind === 'user') return words.forYou
  return actor.isYou ? words.you : words[actor.kind]
}

/** What became of what, where something was changed. */
function changesOf(words: Words, { before, after }: Fact): string {
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
