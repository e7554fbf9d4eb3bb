/** What the audit log has about somebody: done to them, by them, or in their name. */
import * as audit from '@ashlar/sdk/audit'
import { SegmentedControl, Stack } from '@mantine/core'
import { useAddress } from '../../frame/address.ts'
import { List } from '../../frame/list-screen.tsx'
import { Person } from '../../frame/person.tsx'
import { State, When } from '../../frame/screen.tsx'
import { useWords } from '../../frame/words.ts'
import { accountWords } from './account-words.ts'

const views = ['about', 'byThem', 'inTheirName'] as const
type View = (typeof views)[number]
const filters = {
  about: 'targetUserId',
  byThem: 'actorUserId',
  inTheirName: 'onBehalfOf',
} as const satisfies Record<View, string>
const tones = { succeeded: 'good', refused: 'warn', failed: 'bad' } as const

export function AccountAudit({ id }: { readonly id: string }) {
  const words = useWords(accountWords)
  const { search, change } = useAddress()
  const view = views.find((each) => each === search['entries']) ?? 'about'
  return (
    <Stack>
      <SegmentedControl
        aria-label={words.which}
        style={{ alignSelf: 'flex-start' }}
        data={views.map((value) => ({ value, label: words[value] }))}
        value={view}
        onChange={(value) => change({ entries: value === 'about' ? null : value, cursor: null })}
      />
      <List
        name="account-audit"
        operation={audit.list}
        input={{ query: { [filters[view]]: id } }}
        rowId={(entry) => entry.id}
        to={(entry) => `/admin/audit/${entry.id}`}
        empty={words.noEntries}
        columns={[
          { id: 'action', title: words.action, show: ({ action }) => action },
          {
            id: 'status',
            title: words.outcome,
            show: ({ status }) => <State tone={tones[status]}>{words[status]}</State>,
          },
          {
            id: 'actor',
            title: words.by,
            show: ({ actor }) => (actor.kind === 'user' ? <Person id={actor.id} /> : actor.kind),
            text: ({ actor }) => actor.id ?? actor.kind,
          },
          { id: 'at', title: words.when, show: ({ at }) => <When at={at} /> },
          { id: 'ip', title: words.address, show: ({ ip }) => ip, isExtra: true },
        ]}
      />
    </Stack>
  )
}
