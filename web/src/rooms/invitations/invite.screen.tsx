/** Inviting somebody to a role. */
import * as access from '@ashlar/sdk/access'
import * as invitations from '@ashlar/sdk/invitations'
import { useNavigate } from '@tanstack/react-router'
import { call, changed, useRead } from '../../frame/api.ts'
import { choice, longText, text } from '../../frame/fields.tsx'
import { ApiForm } from '../../frame/form.tsx'
import { Screen, Section } from '../../frame/screen.tsx'
import { useMay } from '../../frame/session.ts'
import { Shown } from '../../frame/states.tsx'
import { useWords } from '../../frame/words.ts'
import { invitationsWords } from './words.ts'

export default function InviteScreen() {
  const words = useWords(invitationsWords)
  const mayRead = useMay()('access.read_roles')
  return (
    <Screen
      title={words.invite}
      lead={words.inviteLead}
      trail={[{ title: words.invitations, to: '/admin/invitations' }]}
    >
      <Section title={words.invite}>{mayRead ? <WithRoles /> : <InviteForm />}</Section>
    </Screen>
  )
}

function WithRoles() {
  const read = useRead(access.listRoles)
  return <Shown of={read}>{(roles) => <InviteForm names={roles.map(({ name }) => name)} />}</Shown>
}

/** Who may not read the roles has to know the name of the one they invite to. */
function InviteForm({ names }: { readonly names?: readonly string[] }) {
  const words = useWords(invitationsWords)
  const navigate = useNavigate()
  const role = { label: words.role, hint: words.roleHint, required: true }
  return (
    <ApiForm
      fields={{
        email: text({ label: words.email, type: 'email', required: true, maxLength: 320 }),
        role: names
          ? choice({ ...role, options: names.map((name) => ({ value: name, label: name })) })
          : text({ ...role, maxLength: 63 }),
        name: text({ label: words.name, hint: words.nameHint, maxLength: 100 }),
        message: longText({ label: words.message, hint: words.messageHint, maxLength: 500 }),
      }}
      submit={words.send}
      done={words.sent}
      send={({ email, role: chosen, name, message }) =>
        call(invitations.invite, {
          body: {
            email,
            role: chosen ?? '',
            ...(name && { name }),
            ...(message && { message }),
          },
        })
      }
      onDone={async ({ id }) => {
        await changed('invitations')
        await navigate({ to: `/admin/invitations/${id}` })
      }}
    />
  )
}
