/** Where somebody is signed in, for administrators: one session ended, or all of them. */
import * as admin from '@ashlar/sdk/admin'
import { Group } from '@mantine/core'
import { Action } from '../../frame/action.tsx'
import { call, changed, useRead } from '../../frame/api.ts'
import { Rows } from '../../frame/rows.tsx'
import { Section, State, When } from '../../frame/screen.tsx'
import { useMay } from '../../frame/session.ts'
import { Shown } from '../../frame/states.tsx'
import { fill, useWords } from '../../frame/words.ts'
import type { Account } from './account.ts'
import { accountWords } from './account-words.ts'

type Session = Awaited<ReturnType<typeof admin.listSessions>>[number]

export function AccountSessions({ account: { id } }: { readonly account: Account }) {
  const words = useWords(accountWords)
  const may = useMay()
  const read = useRead(admin.listSessions, { path: { id } })
  const renew = () => changed(`admin/users/${id}`)
  const mayEnd = may('admin.sign_out_users')
  const all = mayEnd && (
    <Action
      label={words.signOut}
      isDangerous
      consequence={words.signOutHint}
      run={async () => {
        await call(admin.signOutUser, { path: { id } })
        await renew()
      }}
      done={words.signedOut}
    />
  )
  const how = ({ firstFactor, secondFactor }: Session) =>
    [firstFactor, ...(secondFactor === null || secondFactor === firstFactor ? [] : [secondFactor])]
      .map((factor) => (words as Readonly<Record<string, string>>)[factor] ?? factor)
      .join(' + ')
  return (
    <Section title={words.sessions} actions={all}>
      <Shown of={read}>
        {(sessions) => (
          <Rows
            rows={sessions}
            rowId={(session) => session.id}
            empty={words.noSessions}
            columns={[
              {
                id: 'device',
                title: words.device,
                show: ({ device, current }) => (
                  <Group gap="xs">
                    {device}
                    {current && <State tone="good">{words.current}</State>}
                  </Group>
                ),
              },
              { id: 'how', title: words.how, show: how },
              { id: 'ip', title: words.address, show: ({ ip }) => ip },
              {
                id: 'lastSeenAt',
                title: words.lastSeen,
                show: ({ lastSeenAt }) => <When at={lastSeenAt} />,
              },
              {
                id: 'createdAt',
                title: words.begun,
                show: ({ createdAt }) => <When at={createdAt} />,
              },
              {
                id: 'expiresAt',
                title: words.expires,
                show: ({ expiresAt }) => <When at={expiresAt} />,
              },
              ...(mayEnd
                ? [
                    {
                      id: 'end',
                      title: '',
                      align: 'right' as const,
                      show: (session: Session) => (
                        <Action
                          label={words.endSession}
                          isDangerous
                          size="xs"
                          consequence={fill(words.endSessionHint, { device: session.device })}
                          run={async () => {
                            const path = { id, sessionId: session.id }
                            await call(admin.endSession, { path })
                            await renew()
                          }}
                          done={words.sessionEnded}
                        />
                      ),
                    },
                  ]
                : []),
            ]}
          />
        )}
      </Shown>
    </Section>
  )
}
