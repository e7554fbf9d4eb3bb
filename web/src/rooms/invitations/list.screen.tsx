/** Who was invited, by whom, and what became of it. */
import * as invitations from '@ashlar/sdk/invitations'
import { GoButton } from '../../frame/go.tsx'
import { List } from '../../frame/list-screen.tsx'
import { Person } from '../../frame/person.tsx'
import { Screen, When } from '../../frame/screen.tsx'
import { useWords } from '../../frame/words.ts'
import { InvitationState, invitationStatuses } from './invitation-state.tsx'
import { invitationsWords } from './words.ts'

export default function InvitationsScreen() {
  const words = useWords(invitationsWords)
  const options = invitationStatuses.map((value) => ({ value, label: words[value] }))
  return (
    <Screen
      title={words.invitations}
      lead={words.lead}
      actions={<GoButton to="/admin/invitations/new">{words.invite}</GoButton>}
    >
      <List
        name="invitations"
        operation={invitations.list}
        input={{ query: { total: true } }}
        rowId={({ id }) => id}
        to={({ id }) => `/admin/invitations/${id}`}
        empty={words.empty}
        filters={[{ name: 'status', kind: 'choice', label: words.status, options }]}
        order="-createdAt"
        columns={[
          { id: 'email', sortBy: 'api', title: words.email, show: ({ email }) => email },
          { id: 'name', title: words.name, show: ({ name }) => name, isExtra: true },
          { id: 'role', title: words.role, show: ({ role }) => role },
          {
            id: 'status',
            title: words.status,
            show: ({ status }) => <InvitationState status={status} />,
          },
          {
            id: 'invitedBy',
            title: words.invitedBy,
            show: ({ invitedBy }) => <Person id={invitedBy} />,
          },
          { id: 'sentAt', title: words.sentAt, show: ({ sentAt }) => <When at={sentAt} /> },
          {
            id: 'createdAt',
            sortBy: 'api',
            title: words.createdAt,
            show: ({ createdAt }) => <When at={createdAt} />,
            isExtra: true,
          },
          {
            id: 'expiresAt',
            title: words.expiresAt,
            show: ({ expiresAt }) => <When at={expiresAt} />,
          },
        ]}
      />
    </Screen>
  )
}
