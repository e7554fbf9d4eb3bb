/** Tokens of programs: rotated and revoked. */
import * as admin from '@ashlar/sdk/admin'
import { Code, Group, Select } from '@mantine/core'
import { useState } from 'react'
import { Action } from '../../frame/action.tsx'
import { call, changed } from '../../frame/api.ts'
import { GoButton } from '../../frame/go.tsx'
import { List } from '../../frame/list-screen.tsx'
import { Person } from '../../frame/person.tsx'
import { Screen, When, YesNo } from '../../frame/screen.tsx'
import { fill, useWords } from '../../frame/words.ts'
import { type NewToken, ShownOnce } from './shown-once.tsx'
import { adminWords } from './words.ts'

type Token = Awaited<ReturnType<typeof admin.listServiceTokens>>['data'][number]
const overlaps = { now: '0', hour: '60', day: '1440', week: '10080' } as const
const overlapNames = ['now', 'hour', 'day', 'week'] as const

export default function ServiceTokensScreen() {
  const words = useWords(adminWords)
  const [made, setMade] = useState<NewToken | null>(null)
  return (
    <Screen
      title={words.tokens}
      lead={words.lead}
      actions={<GoButton to="/admin/service-tokens/new">{words.create}</GoButton>}
    >
      {made && <ShownOnce of={made} />}
      <List
        name="service-tokens"
        operation={admin.listServiceTokens}
        rowId={({ id }) => id}
        empty={words.empty}
        columns={[
          { id: 'name', title: words.name, show: ({ name }) => name },
          { id: 'hint', title: words.hint, show: ({ hint }) => <Code>{hint}</Code> },
          { id: 'scopes', title: words.scopes, show: ({ scopes }) => scopes.join(', ') },
          {
            id: 'readOnly',
            title: words.readOnly,
            show: ({ readOnly }) => <YesNo is={readOnly} />,
          },
          {
            id: 'backedBy',
            title: words.backedBy,
            show: ({ backedBy }) => <Person id={backedBy} />,
          },
          {
            id: 'lastUsedAt',
            title: words.lastUsed,
            show: ({ lastUsedAt }) => <When at={lastUsedAt} />,
          },
          {
            id: 'expiresAt',
            title: words.expiresAt,
            show: ({ expiresAt }) => <When at={expiresAt} />,
          },
          {
            id: 'requestsPerMinute',
            title: words.rate,
            show: ({ requestsPerMinute }) => requestsPerMinute,
            isExtra: true,
          },
          {
            id: 'previousUntil',
            title: words.previousUntil,
            show: ({ previousUntil }) => <When at={previousUntil} />,
            isExtra: true,
          },
          {
            id: 'createdAt',
            title: words.created,
            show: ({ createdAt }) => <When at={createdAt} />,
            isExtra: true,
          },
          {
            id: 'actions',
            title: '',
            align: 'right',
            text: () => '',
            show: (token) => (
              <Group gap="xs" wrap="nowrap" justify="flex-end">
                <Rotate token={token} onMade={setMade} />
                <Revoke token={token} />
              </Group>
            ),
          },
        ]}
      />
    </Screen>
  )
}

function Rotate({
  token: { id, name },
  onMade,
}: {
  readonly token: Token
  readonly onMade: (made: NewToken) => void
}) {
  const words = useWords(adminWords)
  const [minutes, choose] = useState<string>(overlaps.day)
  return (
    <Action
      label={words.rotate}
      size="xs"
      consequence={fill(words.rotateHint, { name })}
      run={async () => {
        const body = { overlapMinutes: Number(minutes) }
        onMade(await call(admin.rotateServiceToken, { path: { id }, body }))
        await changed('admin/service-tokens')
      }}
    >
      <Select
        label={words.overlap}
        data={overlapNames.map((each) => ({ value: overlaps[each], label: words[each] }))}
        value={minutes}
        onChange={(value) => choose(value ?? overlaps.day)}
        allowDeselect={false}
      />
    </Action>
  )
}

function Revoke({ token: { id, name } }: { readonly token: Token }) {
  const words = useWords(adminWords)
  return (
    <Action
      label={words.revoke}
      isDangerous
      size="xs"
      consequence={fill(words.revokeHint, { name })}
      run={async () => {
        await call(admin.revokeServiceToken, { path: { id } })
        await changed('admin/service-tokens')
      }}
      done={words.revoked}
    />
  )
}
