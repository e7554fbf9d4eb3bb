/** Changing a role: as it was when it was read, or not at all. */
import { Problem } from '@ashlar/sdk'
import * as access from '@ashlar/sdk/access'
import { Alert, Button, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { usePathId } from '../../frame/address.ts'
import { call, changed, reading } from '../../frame/api.ts'
import { Screen, Section } from '../../frame/screen.tsx'
import { Shown } from '../../frame/states.tsx'
import { fill, useWords } from '../../frame/words.ts'
import { RoleForm, type Wanted } from './role-form.tsx'
import type { Role } from './rules.ts'
import { accessWords } from './words.ts'

type Version = { readonly role: Role; readonly etag: string }

export default function EditRoleScreen() {
  const words = useWords(accessWords)
  const name = usePathId('name')
  const input = { path: { name } }
  // Read once: what is filled in belongs to this version, and to none that comes meanwhile.
  const read = useQuery({
    queryKey: [...reading(access.getRole, input).queryKey, 'version'],
    queryFn: () => readVersion(name),
    staleTime: Infinity,
    gcTime: 0,
    refetchOnWindowFocus: false,
  })
  return (
    <Screen
      title={fill(words.editTitle, { name })}
      lead={words.editLead}
      trail={[
        { title: words.roles, to: '/admin/roles' },
        { title: name, to: `/admin/roles/${name}` },
      ]}
    >
      <Section title={words.edit}>
        <Shown of={read} lines={12}>
          {(version) => (
            <EditForm
              key={read.dataUpdatedAt}
              version={version}
              onAnew={() => void read.refetch()}
            />
          )}
        </Shown>
      </Section>
    </Screen>
  )
}

async function readVersion(name: string): Promise<Version> {
  let etag = ''
  const role = await call(access.getRole, {
    path: { name },
    onResponse: ({ headers }) => (etag = headers.get('etag') ?? ''),
  })
  return { role, etag }
}

function EditForm({
  version: { role, etag },
  onAnew,
}: {
  readonly version: Version
  readonly onAnew: () => void
}) {
  const words = useWords(accessWords)
  const navigate = useNavigate()
  const [isOutdated, setIsOutdated] = useState(false)

  async function save({ description, rules }: Wanted) {
    try {
      await call(access.changeRole, {
        path: { name: role.name },
        body: { description, rules },
        headers: { 'if-match': etag },
      })
    } catch (error) {
      setIsOutdated(error instanceof Problem && error.code === 'http.precondition_failed')
      throw error
    }
  }

  return (
    <Stack>
      {isOutdated && (
        <Alert color="orange" role="alert" title={words.changedMeanwhile}>
          <Stack align="flex-start" gap="xs">
            <Text size="sm">{words.changedMeanwhileHint}</Text>
            <Button size="xs" variant="default" onClick={onAnew}>
              {words.loadAnew}
            </Button>
          </Stack>
        </Alert>
      )}
      <RoleForm
        initial={role}
        submit={words.save}
        done={words.saved}
        send={save}
        onDone={async (name) => {
          await navigate({ to: `/admin/roles/${name}` })
          await changed('roles', 'access')
        }}
      />
    </Stack>
  )
}
