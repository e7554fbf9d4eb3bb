/** What weighs most: keeping somebody out, and acting in their account. */
import * as admin from '@ashlar/sdk/admin'
import * as impersonation from '@ashlar/sdk/impersonation'
import { Select, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { beginActing } from '../../frame/acting.ts'
import { Action } from '../../frame/action.tsx'
import { call, changed } from '../../frame/api.ts'
import { List } from '../../frame/list-screen.tsx'
import { Person } from '../../frame/person.tsx'
import { Section, When } from '../../frame/screen.tsx'
import { useMay, useMe } from '../../frame/session.ts'
import { fill, useWords } from '../../frame/words.ts'
import type { Account } from './account.ts'
import { accountWords } from './account-words.ts'

const minutesToChoose = ['15', '30', '60'] as const

export function AccountDanger({ account }: { readonly account: Account }) {
  const words = useWords(accountWords)
  const may = useMay()
  const me = useMe()
  if (account.id === me.id) return <Text>{words.ownAccount}</Text>
  return (
    <Stack>
      {may('admin.suspend_users') && <Standing account={account} />}
      {may('impersonation.begin') && account.status === 'active' && <Acting account={account} />}
      <Section title={words.impersonations}>
        <List
          name="account-impersonations"
          operation={impersonation.listOf}
          input={{ path: { id: account.id } }}
          rowId={({ id }) => id}
          empty={words.noImpersonations}
          columns={[
            { id: 'by', title: words.by, show: ({ by }) => <Person id={by} /> },
            { id: 'reason', title: words.reason, show: ({ reason }) => reason },
            { id: 'begunAt', title: words.from, show: ({ begunAt }) => <When at={begunAt} /> },
            {
              id: 'endedAt',
              title: words.to,
              show: ({ endedAt, endsAt }) => <When at={endedAt ?? endsAt} />,
            },
          ]}
        />
      </Section>
    </Stack>
  )
}

function Standing({ account }: { readonly account: Account }) {
  const words = useWords(accountWords)
  const [until, setUntil] = useState('')
  const path = { id: account.id }
  const renew = () => changed('admin/users')
  if (account.status === 'deleted') return <Text>{words.closed}</Text>
  if (account.status === 'suspended')
    return (
      <Section title={words.unsuspendTitle}>
        <Text size="sm">{words.unsuspendHint}</Text>
        <div>
          <Action
            label={words.unsuspend}
            consequence={words.unsuspendHint}
            run={async () => {
              await call(admin.unsuspendUser, { path })
              await renew()
            }}
            done={words.unsuspended}
          />
        </div>
      </Section>
    )
  return (
    <Section title={words.suspendTitle}>
      <Text size="sm">{words.suspendHint}</Text>
      <div>
        <Action
          label={words.suspend}
          isDangerous
          asksReason
          consequence={words.suspendHint}
          run={async ({ reason }) => {
            const end = until === '' ? {} : { until: new Date(until).toISOString() }
            await call(admin.suspendUser, { path, body: { reason, ...end } })
            await renew()
          }}
          done={words.suspended}
        >
          <TextInput
            type="datetime-local"
            label={words.suspendUntil}
            value={until}
            onChange={(event) => setUntil(event.currentTarget.value)}
          />
        </Action>
      </div>
    </Section>
  )
}

function Acting({ account }: { readonly account: Account }) {
  const words = useWords(accountWords)
  const [minutes, choose] = useState<string>('30')
  const name = account.name ?? account.email

  async function act(reason: string) {
    const { token } = await call(impersonation.request, {
      body: { userId: account.id, reason, minutes: Number(minutes) },
    })
    const { accessToken } = await call(impersonation.exchange, { body: { token, mode: 'token' } })
    if (accessToken === undefined) throw new Error('the exchange gave no token')
    beginActing(accessToken)
    location.assign('/account')
  }

  return (
    <Section title={fill(words.actTitle, { name })}>
      <Text size="sm">{words.actHint}</Text>
      <div>
        <Action
          label={words.act}
          isDangerous
          asksReason
          consequence={words.actHint}
          run={({ reason }) => act(reason)}
        >
          <Select
            label={words.minutes}
            data={minutesToChoose.map((value) => ({
              value,
              label: fill(words.minutesOf, { count: value }),
            }))}
            value={minutes}
            onChange={(value) => choose(value ?? '30')}
            allowDeselect={false}
          />
        </Action>
      </div>
    </Section>
  )
}
