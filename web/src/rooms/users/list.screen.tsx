/** Everybody with an account. */
import * as access from '@ashlar/sdk/access'
import * as admin from '@ashlar/sdk/admin'
import { useQuery } from '@tanstack/react-query'
import { reading } from '../../frame/api.ts'
import type { Filter } from '../../frame/filters.tsx'
import { List } from '../../frame/list-screen.tsx'
import { Screen, When, YesNo } from '../../frame/screen.tsx'
import { useMay } from '../../frame/session.ts'
import { useWords } from '../../frame/words.ts'
import { AccountState } from './account-state.tsx'
import { usersWords } from './words.ts'

export default function UsersScreen() {
  const words = useWords(usersWords)
  const states = (['active', 'suspended', 'deleted'] as const).map((value) => ({
    value,
    label: words[value],
  }))
  const roles = useRoles()
  const role = { name: 'role', label: words.role }
  // Who may not read the roles knows the name of the one they look for.
  const roleFilter: Filter =
    roles === null
      ? { ...role, kind: 'text' }
      : { ...role, kind: 'choice', options: roles.map((name) => ({ value: name, label: name })) }
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
          roleFilter,
          { name: 'verified', kind: 'yesNo', label: words.verified },
        ]}
        order="-createdAt"
        columns={[
          { id: 'email', sortBy: 'api', title: words.email, show: ({ email }) => email },
          { id: 'name', sortBy: 'api', title: words.name, show: ({ name }) => name },
          {
            id: 'username',
            title: words.username,
            show: ({ username }) => username,
            isExtra: true,
          },
          { id: 'roles', title: words.roles, show: (user) => user.roles.join(', ') },
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
            sortBy: 'api',
            title: words.created,
            show: ({ createdAt }) => <When at={createdAt} />,
          },
        ]}
      />
    </Screen>
  )
}

/** The names of all roles; null for whoever may not read them. */
function useRoles(): readonly string[] | null {
  const mayRead = useMay()('access.read_roles')
  const { data } = useQuery({ ...reading(access.listRoles), enabled: mayRead })
  return mayRead ? (data ?? []).map(({ name }) => name) : null
}
