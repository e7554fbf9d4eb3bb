/** Making a role. */
import * as access from '@ashlar/sdk/access'
import { useNavigate } from '@tanstack/react-router'
import { call, changed } from '../../frame/api.ts'
import { Screen, Section } from '../../frame/screen.tsx'
import { useWords } from '../../frame/words.ts'
import { RoleForm } from './role-form.tsx'
import { accessWords } from './words.ts'

export default function NewRoleScreen() {
  const words = useWords(accessWords)
  const navigate = useNavigate()
  return (
    <Screen
      title={words.create}
      lead={words.createLead}
      trail={[{ title: words.roles, to: '/admin/roles' }]}
    >
      <Section title={words.create}>
        <RoleForm
          submit={words.create}
          done={words.made}
          send={(body) => call(access.createRole, { body })}
          onDone={async (name) => {
            await changed('roles', 'access')
            await navigate({ to: `/admin/roles/${name}` })
          }}
        />
      </Section>
    </Screen>
  )
}
