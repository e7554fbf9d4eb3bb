/** Where one is signed in. */
import * as auth from '@ashlar/sdk/auth'
import { Action } from '../../frame/action.tsx'
import { call, changed, useRead } from '../../frame/api.ts'
import { Items } from '../../frame/items.tsx'
import { Screen, Section, State, When } from '../../frame/screen.tsx'
import { Shown } from '../../frame/states.tsx'
import { fill, useWords } from '../../frame/words.ts'
import { sessionsWords } from './sessions-words.ts'

type Session = Awaited<ReturnType<typeof auth.listSessions>>[number]
type Words = ReturnType<typeof useSessionsWords>
const useSessionsWords = () => useWords(sessionsWords)

const renewed = () => changed('auth/sessions')

export default function SessionsScreen() {
  const words = useSessionsWords()
  const read = useRead(auth.listSessions)
  return (
    <Screen title={words.sessions} lead={words.lead} actions={<EndOthers read={read.data} />}>
      <Section title={words.sessions}>
        <Shown of={read} lines={6}>
          {(sessions) => (
            <Items
              of={sessions.toSorted((one, other) => Number(other.current) - Number(one.current))}
              empty={words.none}
              title={({ device, kind, current }) => (
                <>
                  {device}
                  <State tone="calm">{words[kind]}</State>
                  {current && <State tone="good">{words.here}</State>}
                </>
              )}
              details={(session) => detailsOf(words, session)}
              actions={({ id, current }) => !current && <End id={id} />}
            />
          )}
        </Shown>
      </Section>
    </Screen>
  )
}

function detailsOf(words: Words, session: Session) {
  const { ip, createdAt, lastSeenAt, expiresAt } = session
  const way = wayOf(words, session)
  return [
    ip === null ? fill(words.openedByUnknown, { way }) : fill(words.openedBy, { way, ip }),
    <>
      {words.lastSeen} <When at={lastSeenAt} /> · {words.since} <When at={createdAt} /> ·{' '}
      {words.ends} <When at={expiresAt} />
    </>,
  ]
}

/** A second factor may be one that this application has no word for yet. */
function wayOf(words: Words, { firstFactor, secondFactor }: Session): string {
  const named: Readonly<Record<string, string>> = words
  // A passkey counts as both.
  return secondFactor === null || secondFactor === firstFactor
    ? words[firstFactor]
    : fill(words.and, { first: words[firstFactor], second: named[secondFactor] ?? secondFactor })
}

function End({ id }: { readonly id: string }) {
  const words = useSessionsWords()
  return (
    <Action
      label={words.end}
      size="xs"
      isDangerous
      consequence={words.endConsequence}
      done={words.ended}
      run={async () => {
        await call(auth.endSession, { path: { id } })
        await renewed()
      }}
    />
  )
}

function EndOthers({ read = [] }: { readonly read: readonly Session[] | undefined }) {
  const words = useSessionsWords()
  if (!read.some(({ current }) => !current)) return null
  return (
    <Action
      label={words.endOthers}
      isDangerous
      consequence={words.endOthersConsequence}
      done={words.othersEnded}
      run={async () => {
        await call(auth.endOtherSessions)
        await renewed()
      }}
    />
  )
}
