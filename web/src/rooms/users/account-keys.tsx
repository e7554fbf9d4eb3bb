/** Somebody's API keys, for administrators. */
import * as admin from '@ashlar/sdk/admin'
import { Code } from '@mantine/core'
import { Action } from '../../frame/action.tsx'
import { call, changed, useRead } from '../../frame/api.ts'
import { Rows } from '../../frame/rows.tsx'
import { Section, When } from '../../frame/screen.tsx'
import { useMay } from '../../frame/session.ts'
import { Shown } from '../../frame/states.tsx'
import { fill, useWords } from '../../frame/words.ts'
import type { Account } from './account.ts'
import { accountWords } from './account-words.ts'

type Key = Awaited<ReturnType<typeof admin.listApiKeys>>[number]

export function AccountKeys({ account: { id } }: { readonly account: Account }) {
  const words = useWords(accountWords)
  const may = useMay()
  const read = useRead(admin.listApiKeys, { path: { id } })
  const revoke = {
    id: 'revoke',
    title: '',
    align: 'right' as const,
    show: (key: Key) => (
      <Action
        label={words.revokeKey}
        isDangerous
        size="xs"
        consequence={fill(words.revokeKeyHint, { name: key.name })}
        run={async () => {
          await call(admin.revokeApiKey, { path: { id, keyId: key.id } })
          await changed(`admin/users/${id}`)
        }}
        done={words.keyRevoked}
      />
    ),
  }
  return (
    <Section title={words.keys}>
      <Shown of={read}>
        {(keys) => (
          <Rows
            rows={keys}
            rowId={(key) => key.id}
            empty={words.noKeys}
            columns={[
              { id: 'name', title: words.keyName, show: ({ name }) => name },
              { id: 'hint', title: words.keyHint, show: ({ hint }) => <Code>{hint}</Code> },
              {
                id: 'scopes',
                title: words.scopes,
                show: ({ scopes }) => scopes?.join(', ') ?? words.allScopes,
              },
              {
                id: 'lastUsedAt',
                title: words.lastUsed,
                show: ({ lastUsedAt }) => <When at={lastUsedAt} />,
              },
              {
                id: 'expiresAt',
                title: words.expires,
                show: ({ expiresAt }) => <When at={expiresAt} />,
              },
              ...(may('admin.revoke_keys') ? [revoke] : []),
            ]}
          />
        )}
      </Shown>
    </Section>
  )
}
