/** Roles against rights: what each role permits, and which route asks for it. */
import * as access from '@ashlar/sdk/access'
import { Group, Select, TextInput } from '@mantine/core'
import { useAddress } from '../../frame/address.ts'
import { useRead } from '../../frame/api.ts'
import { Rows } from '../../frame/rows.tsx'
import { Screen, TabbedParts, YesNo } from '../../frame/screen.tsx'
import { Shown } from '../../frame/states.tsx'
import { useWords } from '../../frame/words.ts'
import { MatrixTable } from './matrix-table.tsx'
import { type Matrix, matches, roomOf } from './rules.ts'
import { accessWords } from './words.ts'

export default function MatrixScreen() {
  const words = useWords(accessWords)
  const read = useRead(access.getMatrix)
  return (
    <Screen
      title={words.matrix}
      lead={words.matrixLead}
      trail={[{ title: words.roles, to: '/admin/roles' }]}
    >
      <Shown of={read} lines={14}>
        {(matrix) => (
          <TabbedParts
            tabs={[
              { id: 'permissions', title: words.byPermission, body: <Permissions of={matrix} /> },
              { id: 'routes', title: words.byRoute, body: <Routes of={matrix} /> },
            ]}
          />
        )}
      </Shown>
    </Screen>
  )
}

/** Which part of the table is shown stands in the address. */
function MatrixFilters({ permissions }: { readonly permissions: readonly string[] }) {
  const words = useWords(accessWords)
  const { search, change } = useAddress()
  const rooms = [...new Set(permissions.map(roomOf))].toSorted()
  return (
    <Group role="search" mb="sm" align="flex-end">
      <Select
        label={words.room}
        placeholder={words.allRooms}
        data={rooms}
        value={search['room'] ?? null}
        onChange={(room) => change({ room })}
        clearable
        searchable
        w={{ base: '100%', xs: 200 }}
      />
      <TextInput
        label={words.search}
        placeholder={words.searchHint}
        value={search['search'] ?? ''}
        onChange={(event) => change({ search: event.currentTarget.value }, true)}
        w={{ base: '100%', xs: 280 }}
      />
    </Group>
  )
}

function Permissions({ of: { roles, permissions } }: { readonly of: Matrix }) {
  const { search } = useAddress()
  const found = permissions.filter(
    (permission) =>
      (search['room'] === undefined || roomOf(permission.name) === search['room']) &&
      matches(permission, search['search'] ?? ''),
  )
  return (
    <>
      <MatrixFilters permissions={permissions.map(({ name }) => name)} />
      <MatrixTable roles={roles} permissions={found} />
    </>
  )
}

function Routes({ of: { routes, permissions } }: { readonly of: Matrix }) {
  const words = useWords(accessWords)
  const { search } = useAddress()
  const wanted = (search['search'] ?? '').trim().toLowerCase()
  const found = routes.filter(
    ({ path, permission }) =>
      (search['room'] === undefined || roomOf(permission ?? '') === search['room']) &&
      `${path} ${permission ?? ''}`.toLowerCase().includes(wanted),
  )
  return (
    <>
      <MatrixFilters permissions={permissions.map(({ name }) => name)} />
      <Rows
        rows={found}
        rowId={({ method, path }) => `${method} ${path}`}
        isFiltered
        columns={[
          { id: 'method', title: words.method, show: ({ method }) => method },
          { id: 'path', title: words.route, show: ({ path }) => path },
          {
            id: 'permission',
            title: words.permission,
            show: ({ permission }) => permission ?? words.everybody,
          },
          { id: 'stepUp', title: words.stepUp, show: ({ stepUp }) => <YesNo is={stepUp} /> },
          { id: 'roles', title: words.roles, show: ({ roles }) => roles.join(', ') },
        ]}
      />
    </>
  )
}
