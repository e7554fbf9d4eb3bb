/** What is known of an account, and what administrators did to it. */
import { Stack } from '@mantine/core'
import { useFormat } from '../../frame/format.ts'
import { Person } from '../../frame/person.tsx'
import { Rows } from '../../frame/rows.tsx'
import { Copyable, Facts, Section, When, YesNo } from '../../frame/screen.tsx'
import { fill, useWords } from '../../frame/words.ts'
import { AccountState } from './account-state.tsx'
import type { Account } from './account.ts'
import { accountWords } from './account-words.ts'

export function AccountProfile({ account }: { readonly account: Account }) {
  const words = useWords(accountWords)
  const isSuspended = account.status === 'suspended'
  return (
    <Stack>
      <Section title={words.profile}>
        <Facts
          facts={[
            [words.email, account.email],
            [words.verified, <YesNo key="" is={account.emailVerified} />],
            [words.name, account.name],
            [words.username, account.username],
            [words.language, account.locale],
            [words.status, <AccountState key="" of={account} />],
            ...(isSuspended
              ? ([[words.suspendedUntil, <End key="" at={account.suspendedUntil} />]] as const)
              : []),
            [words.roles, account.roles.join(', ')],
            [words.signedIn, fill(words.signedInTimes, { count: account.sessions })],
            [words.lastLogin, <When key="" at={account.lastLoginAt} />],
            ...(account.signInLock
              ? ([[words.signInLock, <SignInLock key="" of={account.signInLock} />]] as const)
              : []),
            [words.created, <When key="" at={account.createdAt} />],
            ['Id', <Copyable key="" text={account.id} />],
          ]}
        />
      </Section>
      <Section title={words.interventions}>
        <Rows
          rows={account.interventions}
          rowId={({ id }) => id}
          empty={words.noInterventions}
          columns={[
            { id: 'kind', title: words.kind, show: ({ kind }) => words[kind] },
            { id: 'reason', title: words.reason, show: ({ reason }) => reason },
            { id: 'by', title: words.by, show: ({ by }) => <Person id={by} /> },
            { id: 'createdAt', title: words.when, show: (row) => <When at={row.createdAt} /> },
            { id: 'until', title: words.until, show: (row) => <When at={row.until} /> },
            {
              id: 'liftedAt',
              title: words.lifted,
              show: (row) => <When at={row.liftedAt} />,
            },
          ]}
        />
      </Section>
    </Stack>
  )
}

/** When a suspension ends by itself. */
function End({ at }: { readonly at: string | null }) {
  const words = useWords(accountWords)
  const format = useFormat()
  return at === null ? words.noEnd : format.time(at)
}

function SignInLock({ of }: { readonly of: NonNullable<Account['signInLock']> }) {
  const words = useWords(accountWords)
  const format = useFormat()
  const { failures: count, lockedUntil } = of
  return lockedUntil === null
    ? fill(words.lockedFailures, { count })
    : fill(words.lockedUntil, { count, time: format.time(lockedUntil) })
}
