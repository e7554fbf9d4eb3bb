/** One event: what became of it, what it said, and looking at it again. */
import * as inbox from '@ashlar/sdk/inbox'
import { Code } from '@mantine/core'
import { Action } from '../../frame/action.tsx'
import { usePathId } from '../../frame/address.ts'
import { call, changed, useRead } from '../../frame/api.ts'
import { Go, GoButton } from '../../frame/go.tsx'
import { Facts } from '../../frame/details.tsx'
import { Copyable, Json, Screen, Section, When, YesNo } from '../../frame/screen.tsx'
import { useMay } from '../../frame/session.ts'
import { Shown } from '../../frame/states.tsx'
import { useWords } from '../../frame/words.ts'
import { EventState } from './event-state.tsx'
import { inboxWords } from './words.ts'

type Event = Awaited<ReturnType<typeof inbox.getEvent>>

export default function EventScreen() {
  const words = useWords(inboxWords)
  const id = usePathId()
  const read = useRead(inbox.getEvent, { path: { id } })
  return (
    <Shown of={read} lines={12}>
      {(event) => (
        <Screen
          title={event.type}
          trail={[{ title: words.inbox, to: '/admin/inbox' }]}
          actions={<Actions of={event} />}
        >
          <Section title={words.event}>
            <Basics of={event} />
          </Section>
          {event.object !== null && (
            <Section title={words.trouble}>
              <Trouble of={event.object} />
            </Section>
          )}
          <Section title={words.body}>
            <Body of={event} />
          </Section>
        </Screen>
      )}
    </Shown>
  )
}

function Actions({ of: event }: { readonly of: Event }) {
  const words = useWords(inboxWords)
  const may = useMay()
  const canReplay = event.objectId !== null && event.ignoredFor !== 'wrong_mode'
  return (
    <>
      {may('audit.read') && (
        <GoButton to="/admin/audit" search={{ subject: event.id }} variant="default">
          {words.audit}
        </GoButton>
      )}
      {may('inbox.replay') && canReplay && (
        <Action
          label={words.replay}
          consequence={words.replayConsequence}
          run={async () => {
            await call(inbox.replayEvent, { path: { id: event.id } })
            await changed('admin/inbox', 'payments', 'refunds', 'disputes', 'ledger')
          }}
          done={words.replayed}
        />
      )}
    </>
  )
}

function Basics({ of: event }: { readonly of: Event }) {
  const words = useWords(inboxWords)
  return (
    <Facts
      facts={[
        [words.state, <EventState key="" state={event.state} />],
        [words.meaning, words[`means_${event.state}`]],
        ...(event.ignoredFor === null
          ? []
          : [[words.ignored, words[`ignored_${event.ignoredFor}`]] as const]),
        [
          words.object,
          event.objectId && (
            <Go key="" size="sm" to="/admin/inbox" search={{ objectId: event.objectId }}>
              {event.objectId}
            </Go>
          ),
        ],
        [words.kind, event.kind],
        [words.provider, event.provider],
        [words.eventId, <Copyable key="" text={event.providerEventId} />],
        [words.account, event.account || words.ownAccount],
        [words.apiVersion, event.apiVersion],
        [words.live, <YesNo key="" is={event.isLive} />],
        [words.occurred, <When key="" at={event.occurredAt} />],
        [words.received, <When key="" at={event.receivedAt} />],
        [words.processed, <When key="" at={event.processedAt} />],
        ['Id', <Copyable key="" text={event.id} />],
      ]}
    />
  )
}

function Trouble({ of: object }: { readonly of: NonNullable<Event['object']> }) {
  const words = useWords(inboxWords)
  return (
    <Facts
      facts={[
        [words.problem, object.problem && words[`problem_${object.problem}`]],
        [words.detail, object.detail],
        [words.attempts, object.attempts],
        [words.next, <When key="" at={object.nextAt} />],
      ]}
    />
  )
}

/** Its bytes were signed; shown is what they say, set out to be read. */
function Body({ of: { body } }: { readonly of: Event }) {
  const said = parse(body)
  return said === null ? <Code block>{body}</Code> : <Json of={said} />
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return null
  }
}
