/** One role: what it permits, and who has it. */
import * as access from '@ashlar/sdk/access'
import { Code, List, Stack, Text, Title } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { Action } from '../../frame/action.tsx'
import { usePathId } from '../../frame/address.ts'
import { call, changed, useRead } from '../../frame/api.ts'
import { Go, GoButton } from '../../frame/go.tsx'
import { Facts, Screen, Section, When } from '../../frame/screen.tsx'
import { useMay } from '../../frame/session.ts'
import { Shown } from '../../frame/states.tsx'
import { fill, useWords } from '../../frame/words.ts'
import { Limits } from './limits.tsx'
import { type Role, groupByRoom } from './rules.ts'
import { accessWords } from './words.ts'

export default function RoleScreen() {
  const words = useWords(accessWords)
  const name = usePathId('name')
  const read = useRead(access.getRole, { path: { name } })
  return (
    <Shown of={read} lines={12}>
      {(role) => (
        <Screen
          title={role.name}
          lead={role.description}
          trail={[{ title: words.roles, to: '/admin/roles' }]}
          actions={<Changes role={role} />}
        >
          <Section title={words.roles}>
            <Facts
              facts={[
                [words.kind, role.builtIn ? words.builtIn : words.own],
                [words.members, <Members key="" role={role} />],
                [words.updated, <When key="" at={role.updatedAt} />],
                [words.created, <When key="" at={role.createdAt} />],
              ]}
            />
          </Section>
          <Section title={words.permissions}>
            <Permissions role={role} />
          </Section>
        </Screen>
      )}
    </Shown>
  )
}

function Members({ role: { name, members } }: { readonly role: Role }) {
  const words = useWords(accessWords)
  const may = useMay()
  const text = fill(words.membersOf, { count: members })
  if (!may('admin.read_users')) return text
  return (
    <Go to="/admin/users" search={{ role: name }} size="sm">
      {text}
    </Go>
  )
}

function Permissions({ role: { rules } }: { readonly role: Role }) {
  const words = useWords(accessWords)
  const described = useRead(access.listPermissions).data ?? []
  const meaning = new Map(described.map(({ name, description }) => [name, description]))
  if (rules.length === 0) return <Text size="sm">{words.nothing}</Text>
  if (rules.some(({ permission }) => permission === '*'))
    return <Text size="sm">{words.everythingHint}</Text>
  const named = rules.map((rule) => ({ ...rule, name: rule.permission }))
  return (
    <Stack>
      {groupByRoom(named).map(([room, inRoom]) => (
        <div key={room}>
          <Title order={3} size="h5" mb={4}>
            {room}
          </Title>
          <List size="sm" spacing={4}>
            {inRoom.map((rule, index) => (
              <List.Item key={`${rule.name} ${index}`}>
                <Code>{rule.name}</Code> {meaning.get(rule.name)} <Limits of={rule} />
              </List.Item>
            ))}
          </List>
        </div>
      ))}
    </Stack>
  )
}

function Changes({ role: { name, builtIn, rules } }: { readonly role: Role }) {
  const words = useWords(accessWords)
  const may = useMay()
  const navigate = useNavigate()
  const isFixed = rules.some(({ permission }) => permission === '*')
  if (!may('access.manage_roles')) return null
  return (
    <>
      {!isFixed && (
        <GoButton to={`/admin/roles/${name}/edit`} variant="default">
          {words.edit}
        </GoButton>
      )}
      {!builtIn && (
        <Action
          label={words.remove}
          isDangerous
          consequence={fill(words.removeHint, { name })}
          run={async () => {
            await call(access.deleteRole, { path: { name } })
            await navigate({ to: '/admin/roles' })
            await changed('roles', 'access')
          }}
          done={words.removed}
        />
      )}
    </>
  )
}
