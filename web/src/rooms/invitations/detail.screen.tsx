/** One invitation: sent again, or taken back. */
import * as invitations from '@ashlar/sdk/invitations'
import { Alert } from '@mantine/core'
import { Action } from '../../frame/action.tsx'
import { usePathId } from '../../frame/address.ts'
import { call, changed, useRead } from '../../frame/api.ts'
import { Person } from '../../frame/person.tsx'
import { Copyable, Facts, Screen, Section, When } from '../../frame/screen.tsx'
import { Shown } from '../../frame/states.tsx'
import { fill, useWords } from '../../frame/words.ts'
import { InvitationState } from './invitation-state.tsx'
import { invitationsWords } from './words.ts'

type Invitation = Awaited<ReturnType<typeof invitations.get>>

export default function InvitationScreen() {
  const words = useWords(invitationsWords)
  const id = usePathId()
  const read = useRead(invitations.get, { path: { id } })
  return (
    <Shown of={read} lines={10}>
      {(invitation) => (
        <Screen
          title={invitation.email}
          trail={[{ title: words.invitations, to: '/admin/invitations' }]}
          actions={<Changes of={invitation} />}
        >
          {invitation.status === 'inviter_lost_right' && (
            <Alert color="orange">{words.lostRightHint}</Alert>
          )}
          <Section title={words.invite}>
            <Facts
              facts={[
                [words.status, <InvitationState key="" status={invitation.status} />],
                [words.role, invitation.role],
                [words.name, invitation.name],
                [words.message, invitation.message],
                [words.invitedBy, <Person key="" id={invitation.invitedBy} />],
                [words.sentAt, <When key="" at={invitation.sentAt} />],
                [words.expiresAt, <When key="" at={invitation.expiresAt} />],
                [words.endedAt, <When key="" at={invitation.endedAt} />],
                [words.acceptedBy, <Person key="" id={invitation.acceptedBy} />],
                [words.created, <When key="" at={invitation.createdAt} />],
                ['Id', <Copyable key="" text={invitation.id} />],
              ]}
            />
          </Section>
        </Screen>
      )}
    </Shown>
  )
}

function Changes({ of: { id, email, status } }: { readonly of: Invitation }) {
  const words = useWords(invitationsWords)
  const path = { id }
  // What was accepted, taken back or replaced stays as it is.
  if (!['pending', 'expired', 'inviter_lost_right'].includes(status)) return null
  return (
    <>
      <Action
        label={words.resend}
        consequence={fill(words.resendHint, { email })}
        run={async () => {
          await call(invitations.resend, { path })
          await changed('invitations')
        }}
        done={words.resent}
      />
      <Action
        label={words.revoke}
        isDangerous
        consequence={fill(words.revokeHint, { email })}
        run={async () => {
          await call(invitations.revoke, { path })
          await changed('invitations')
        }}
        done={words.revokedNow}
      />
    </>
  )
}
