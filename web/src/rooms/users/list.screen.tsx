/** Everybody with an account. */
import * as admin from '@ashlar/sdk/admin'
import { List } from '../../frame/list-screen.tsx'
import { Screen, When, YesNo } from '../../frame/screen.tsx'
import { useWords } from '../../frame/words.ts'
import { AccountState } from './account-state.tsx'
import { usersWords } from './words.ts'

export default function UsersScreen() {
  const words = useWords(usersWords)
  const states = (['active', 'suspended', 'deleted'] as const).map((value) => ({
    value,
    label: words[value],
  }))
  return (
    <Screen title={words.users} lead={words.lead}>
      <List
        name="users"
        operation={admin.listUsers}
        rowId={({ id }) => id}
        to={({ id }) => `/admin/users/${id}`}
        empty={words.empty}
        filters={[
          { name: 'search', kind: 'text', label: words.search, placeholder: words.searchHint },
          { name: 'status', kind: 'choice', label: words.status, options: states },
          { name: 'role', kind: 'text', label: words.role },
          { name: 'verified', kind: 'yesNo', label: words.verified },
        ]}
        columns={[
          { id: 'email', title: words.email, show: ({ email }) => email },
          { id: 'name', title: words.name, show: ({ name }) => name },
          {
            id: 'username',
            title: words.username,
            show: ({ username }) => username,
            isExtra: true,
          },
          { id: 'roles', title: words.roles, show: ({ roles }) => roles.join(', ') },
          { id: 'status', title: words.status, show: (user) => <AccountState of={user} /> },
          {
            id: 'emailVerified',
            title: words.verified,
            show: ({ emailVerified }) => <YesNo is={emailVerified} />,
          },
          {
            id: 'lastLoginAt',
            title: words.lastLogin,
            show: (user) => <When at={user.lastLoginAt} />,
          },
          {
            id: 'createdAt',
            title: words.created,
            show: ({ createdAt }) => <When at={createdAt} />,
          },
        ]}
      />
    </Screen>
  )
}
