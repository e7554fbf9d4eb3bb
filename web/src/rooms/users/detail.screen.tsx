/** One account, for administrators: what it is, what it is signed in with, what it may do, what happened to it. */
import * as admin from '@ashlar/sdk/admin'
import { usePathId } from '../../frame/address.ts'
import { useRead } from '../../frame/api.ts'
import { Screen, TabbedParts } from '../../frame/screen.tsx'
import { useMay } from '../../frame/session.ts'
import { Shown } from '../../frame/states.tsx'
import { useWords } from '../../frame/words.ts'
import { AccountAudit } from './account-audit.tsx'
import { AccountDanger } from './account-danger.tsx'
import { AccountFactors } from './account-factors.tsx'
import { AccountKeys } from './account-keys.tsx'
import { AccountPayments } from './account-payments.tsx'
import { AccountProfile } from './account-profile.tsx'
import { AccountRoles } from './account-roles.tsx'
import { AccountSessions } from './account-sessions.tsx'
import { AccountState } from './account-state.tsx'
import type { Account } from './account.ts'
import { accountWords } from './account-words.ts'
import { usersWords } from './words.ts'

export default function UserScreen() {
  const words = useWords(usersWords)
  const id = usePathId()
  const read = useRead(admin.getUser, { path: { id } })
  return (
    <Shown of={read} lines={10}>
      {(account) => (
        <Screen
          title={account.name ?? account.email}
          trail={[{ title: words.users, to: '/admin/users' }]}
          {...(account.name !== null && { lead: account.email })}
          actions={<AccountState of={account} />}
        >
          <Parts account={account} />
        </Screen>
      )}
    </Shown>
  )
}

function Parts({ account }: { readonly account: Account }) {
  const words = useWords(accountWords)
  const may = useMay()
  const tabs = [
    { id: 'profile', title: words.profile, body: <AccountProfile account={account} /> },
    { id: 'sessions', title: words.sessions, body: <AccountSessions account={account} /> },
    { id: 'factors', title: words.factors, body: <AccountFactors account={account} /> },
    { id: 'roles', title: words.roles, body: <AccountRoles account={account} /> },
    { id: 'keys', title: words.keys, body: <AccountKeys account={account} /> },
    ...(may('payments.read_any')
      ? [{ id: 'payments', title: words.payments, body: <AccountPayments id={account.id} /> }]
      : []),
    ...(may('audit.read')
      ? [{ id: 'audit', title: words.audit, body: <AccountAudit id={account.id} /> }]
      : []),
    ...(may('admin.suspend_users') || may('impersonation.begin')
      ? [{ id: 'danger', title: words.danger, body: <AccountDanger account={account} /> }]
      : []),
  ]
  return <TabbedParts tabs={tabs} />
}
