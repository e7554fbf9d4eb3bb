/** What somebody proves themselves with, for administrators; taken away when its owner has lost it. */
import * as admin from '@ashlar/sdk/admin'
import * as oidc from '@ashlar/sdk/oidc'
import { Stack, Text } from '@mantine/core'
import { Action } from '../../frame/action.tsx'
import { call, changed, useRead } from '../../frame/api.ts'
import { Rows } from '../../frame/rows.tsx'
import { Facts, Section, When, YesNo } from '../../frame/screen.tsx'
import { useMay } from '../../frame/session.ts'
import { Shown } from '../../frame/states.tsx'
import { useWords } from '../../frame/words.ts'
import type { Account } from './account.ts'
import { accountWords } from './account-words.ts'

type Factors = Awaited<ReturnType<typeof admin.listFactors>>

export function AccountFactors({ account: { id } }: { readonly account: Account }) {
  const read = useRead(admin.listFactors, { path: { id } })
  return (
    <Shown of={read} lines={8}>
      {(factors) => (
        <Stack>
          <Authenticator of={factors} id={id} />
          <Passkeys of={factors} />
          <TrustedDevices of={factors} />
          <Identities id={id} />
        </Stack>
      )}
    </Shown>
  )
}

function Authenticator({ of, id }: { readonly of: Factors; readonly id: string }) {
  const words = useWords(accountWords)
  const may = useMay()
  const { authenticator, passkeys } = of
  const hasAny = authenticator !== null || passkeys.length > 0
  const reset = may('admin.reset_factors') && (
    <Action
      label={words.resetFactors}
      isDangerous
      asksReason
      disabled={!hasAny}
      consequence={words.resetFactorsHint}
      run={async ({ reason }) => {
        await call(admin.resetFactors, { path: { id }, body: { reason } })
        await changed(`admin/users/${id}`)
      }}
      done={words.factorsReset}
    />
  )
  return (
    <Section title={words.authenticator} actions={reset}>
      {authenticator === null ? (
        <Text size="sm">{words.noAuthenticator}</Text>
      ) : (
        <Facts
          facts={[
            [words.since, <When key="" at={authenticator.since} />],
            [words.backupCodes, authenticator.backupCodesLeft],
          ]}
        />
      )}
    </Section>
  )
}

function Passkeys({ of: { passkeys } }: { readonly of: Factors }) {
  const words = useWords(accountWords)
  return (
    <Section title={words.passkeys}>
      <Rows
        rows={passkeys}
        rowId={({ id }) => id}
        empty={words.noPasskeys}
        columns={[
          { id: 'name', title: words.passkeyName, show: ({ name }) => name },
          {
            id: 'isBackedUp',
            title: words.isBackedUp,
            show: (one) => <YesNo is={one.isBackedUp} />,
          },
          { id: 'createdAt', title: words.since, show: (one) => <When at={one.createdAt} /> },
          { id: 'lastUsedAt', title: words.lastUsed, show: (one) => <When at={one.lastUsedAt} /> },
        ]}
      />
    </Section>
  )
}

function TrustedDevices({ of: { trustedDevices } }: { readonly of: Factors }) {
  const words = useWords(accountWords)
  return (
    <Section title={words.trustedDevices}>
      <Rows
        rows={trustedDevices}
        rowId={({ id }) => id}
        empty={words.noTrustedDevices}
        columns={[
          { id: 'userAgent', title: words.device, show: ({ userAgent }) => userAgent },
          { id: 'createdAt', title: words.since, show: (one) => <When at={one.createdAt} /> },
          { id: 'lastUsedAt', title: words.lastUsed, show: (one) => <When at={one.lastUsedAt} /> },
          { id: 'expiresAt', title: words.expires, show: (one) => <When at={one.expiresAt} /> },
        ]}
      />
    </Section>
  )
}

function Identities({ id }: { readonly id: string }) {
  const words = useWords(accountWords)
  const read = useRead(oidc.listIdentitiesOf, { path: { id } })
  return (
    <Section title={words.identities}>
      <Shown of={read} lines={2}>
        {(identities) => (
          <Rows
            rows={identities}
            rowId={(identity) => identity.id}
            empty={words.noIdentities}
            columns={[
              {
                id: 'provider',
                title: words.provider,
                show: ({ provider, issuer }) => provider ?? issuer,
              },
              { id: 'email', title: words.email, show: ({ email }) => email },
              { id: 'createdAt', title: words.since, show: (one) => <When at={one.createdAt} /> },
              {
                id: 'lastUsedAt',
                title: words.lastUsed,
                show: (one) => <When at={one.lastUsedAt} />,
              },
            ]}
          />
        )}
      </Shown>
    </Section>
  )
}
