/** When administrators acted in one's own account, and why. */
import * as impersonation from '@ashlar/sdk/impersonation'
import { useFormat } from '../../frame/format.ts'
import { List } from '../../frame/list-screen.tsx'
import { Copyable, Screen, When } from '../../frame/screen.tsx'
import { fill, useWords } from '../../frame/words.ts'
import { activityWords } from './activity-words.ts'

export default function ActedHereScreen() {
  const words = useWords(activityWords)
  const format = useFormat()
  return (
    <Screen
      title={words.acted}
      lead={words.actedLead}
      trail={[{ title: words.activity, to: '/account/activity' }]}
    >
      <List
        name="acted-here"
        operation={impersonation.listOwn}
        rowId={({ id }) => id}
        empty={words.nobodyActed}
        columns={[
          { id: 'reason', title: words.reason, show: ({ reason }) => reason },
          {
            id: 'begunAt',
            title: words.begun,
            show: ({ begunAt }) => (begunAt === null ? words.neverBegun : <When at={begunAt} />),
          },
          {
            id: 'endedAt',
            title: words.over,
            // An end that nobody made is the time that it had.
            show: ({ endedAt, endsAt }) => {
              const end = endedAt ?? endsAt
              if (end === null || Date.parse(end) <= Date.now()) return <When at={end} />
              return fill(words.running, { time: format.time(end) })
            },
          },
          {
            id: 'by',
            title: words.administrator,
            show: ({ by }) => <Copyable text={by} />,
            isExtra: true,
          },
        ]}
      />
    </Screen>
  )
}
