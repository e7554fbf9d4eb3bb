/** What providers have told us, the newest first. */
import * as inbox from '@ashlar/sdk/inbox'
import { Group } from '@mantine/core'
import { useAddress } from '../../frame/address.ts'
import { GoButton } from '../../frame/go.tsx'
import { List } from '../../frame/list-screen.tsx'
import { Screen, When } from '../../frame/screen.tsx'
import { useWords } from '../../frame/words.ts'
import { EventState, useEventStates } from './event-state.tsx'
import { inboxWords } from './words.ts'

export default function InboxScreen() {
  const words = useWords(inboxWords)
  const { search } = useAddress()
  return (
    <Screen
      title={words.inbox}
      lead={words.lead}
      actions={
        <Group gap="xs">
          {search['state'] !== 'dead' && (
            <GoButton to="/admin/inbox" search={{ state: 'dead' }} variant="default">
              {words.onlyDead}
            </GoButton>
          )}
        </Group>
      }
    >
      <List
        name="inbox"
        operation={inbox.listEvents}
        rowId={({ id }) => id}
        to={({ id }) => `/admin/inbox/${id}`}
        empty={words.empty}
        filters={[
          { name: 'state', kind: 'choice', label: words.state, options: useEventStates() },
          { name: 'type', kind: 'text', label: words.type, placeholder: 'charge.refunded' },
          { name: 'objectId', kind: 'text', label: words.object, placeholder: 'pi_…' },
          {
            name: 'provider',
            kind: 'choice',
            label: words.provider,
            options: [{ value: 'stripe', label: 'Stripe' }],
          },
        ]}
        order="-receivedAt"
        columns={[
          { id: 'type', title: words.type, show: ({ type }) => type },
          { id: 'state', title: words.state, show: ({ state }) => <EventState state={state} /> },
          { id: 'objectId', title: words.object, show: ({ objectId }) => objectId },
          {
            id: 'problem',
            title: words.problem,
            show: ({ object }) => object?.problem && words[`problem_${object.problem}`],
            text: ({ object }) => object?.problem ?? '',
          },
          {
            id: 'providerEventId',
            title: words.eventId,
            show: ({ providerEventId }) => providerEventId,
            isExtra: true,
          },
          {
            id: 'provider',
            title: words.provider,
            show: ({ provider }) => provider,
            isExtra: true,
          },
          {
            id: 'receivedAt',
            sortBy: 'api',
            title: words.received,
            show: ({ receivedAt }) => <When at={receivedAt} />,
          },
        ]}
      />
    </Screen>
  )
}
