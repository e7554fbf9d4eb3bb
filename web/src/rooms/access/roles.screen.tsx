/** Every role, and how many have it. */
import * as access from '@ashlar/sdk/access'
import { useNavigate } from '@tanstack/react-router'
import { useRead } from '../../frame/api.ts'
import { useFormat } from '../../frame/format.ts'
import { GoButton } from '../../frame/go.tsx'
import { Rows } from '../../frame/rows.tsx'
import { Screen, State, When } from '../../frame/screen.tsx'
import { useMay } from '../../frame/session.ts'
import { Shown } from '../../frame/states.tsx'
import { useWords } from '../../frame/words.ts'
import type { Role } from './rules.ts'
import { accessWords } from './words.ts'

const placeOf = ({ name }: Role) => `/admin/roles/${name}`

export default function RolesScreen() {
  const words = useWords(accessWords)
  const format = useFormat()
  const may = useMay()
  const navigate = useNavigate()
  const read = useRead(access.listRoles)
  const size = ({ rules }: Role) =>
    rules.some(({ permission }) => permission === '*')
      ? words.everything
      : format.number(rules.length)
  return (
    <Screen
      title={words.roles}
      lead={words.lead}
      actions={
        <>
          <GoButton to="/admin/roles/matrix" variant="default">
            {words.matrix}
          </GoButton>
          {may('access.manage_roles') && <GoButton to="/admin/roles/new">{words.create}</GoButton>}
        </>
      }
    >
      <Shown of={read} lines={10}>
        {(roles) => (
          <Rows
            rows={roles}
            rowId={({ name }) => name}
            to={placeOf}
            onOpen={(role) => void navigate({ to: placeOf(role) })}
            columns={[
              { id: 'name', title: words.name, show: ({ name }) => name },
              { id: 'description', title: words.description, show: (role) => role.description },
              { id: 'size', title: words.permissions, align: 'right', show: size },
              {
                id: 'members',
                title: words.members,
                align: 'right',
                show: ({ members }) => format.number(members),
              },
              {
                id: 'builtIn',
                title: words.kind,
                show: ({ builtIn }) => (
                  <State tone={builtIn ? 'calm' : 'busy'}>
                    {builtIn ? words.builtIn : words.own}
                  </State>
                ),
              },
              {
                id: 'updatedAt',
                title: words.updated,
                show: ({ updatedAt }) => <When at={updatedAt} />,
              },
            ]}
          />
        )}
      </Shown>
    </Screen>
  )
}
