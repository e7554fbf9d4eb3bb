/** The roles that somebody has, for administrators: given and taken within one's own rights. */
import * as access from '@ashlar/sdk/access'
import * as admin from '@ashlar/sdk/admin'
import { Select, Text } from '@mantine/core'
import { useState } from 'react'
import { Action } from '../../frame/action.tsx'
import { call, changed, useRead } from '../../frame/api.ts'
import { Go, GoButton } from '../../frame/go.tsx'
import { Rows } from '../../frame/rows.tsx'
import { Section } from '../../frame/screen.tsx'
import { useMay } from '../../frame/session.ts'
import { fill, useWords } from '../../frame/words.ts'
import type { Account } from './account.ts'
import { accountWords } from './account-words.ts'

export function AccountRoles({ account }: { readonly account: Account }) {
  const words = useWords(accountWords)
  const may = useMay()
  const mayRead = may('access.read_roles')
  const mayChange = may('admin.grant_roles')
  const rows = account.roles.map((name) => ({ name }))
  return (
    <Section
      title={words.roles}
      actions={
        <>
          {mayRead && (
            <GoButton to="/admin/explain" search={{ user: account.id }} variant="default">
              {words.explain}
            </GoButton>
          )}
          {mayChange && mayRead && <Grant account={account} />}
        </>
      }
    >
      <Text size="sm" c="dimmed">
        {words.rolesHint}
      </Text>
      <Rows
        rows={rows}
        rowId={({ name }) => name}
        empty={words.noRoles}
        columns={[
          {
            id: 'name',
            title: words.role,
            show: ({ name }) =>
              mayRead ? (
                <Go to={`/admin/roles/${name}`} size="sm">
                  {name}
                </Go>
              ) : (
                name
              ),
          },
          ...(mayChange
            ? [
                {
                  id: 'revoke',
                  title: '',
                  align: 'right' as const,
                  show: ({ name }: { name: string }) => <Revoke id={account.id} role={name} />,
                },
              ]
            : []),
        ]}
      />
    </Section>
  )
}

function Grant({ account: { id, roles } }: { readonly account: Account }) {
  const words = useWords(accountWords)
  const all = useRead(access.listRoles).data ?? []
  const [role, choose] = useState<string | null>(null)
  const options = all.map(({ name }) => name).filter((name) => !roles.includes(name))
  return (
    <Action
      label={words.grant}
      variant="filled"
      consequence={words.grantHint}
      isReady={role !== null}
      run={async () => {
        if (role === null) return
        await call(admin.grantRole, { path: { id, role } })
        choose(null)
        await changed(`admin/users/${id}`)
      }}
      done={words.granted}
    >
      <Select
        label={words.role}
        data={options}
        value={role}
        onChange={choose}
        searchable
        required
        data-autofocus
      />
    </Action>
  )
}

function Revoke({ id, role }: { readonly id: string; readonly role: string }) {
  const words = useWords(accountWords)
  return (
    <Action
      label={words.revoke}
      isDangerous
      size="xs"
      consequence={fill(words.revokeHint, { role })}
      run={async () => {
        await call(admin.revokeRole, { path: { id, role } })
        await changed(`admin/users/${id}`)
      }}
      done={words.revoked}
    />
  )
}
