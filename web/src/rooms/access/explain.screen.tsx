/** Why somebody may or may not do a thing, in words. */
import * as access from '@ashlar/sdk/access'
import { Alert, Group, Select, Stack, Text, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { useState } from 'react'
import { useAddress } from '../../frame/address.ts'
import { useRead } from '../../frame/api.ts'
import { Go } from '../../frame/go.tsx'
import { Person } from '../../frame/person.tsx'
import { PersonPicker } from '../../frame/person-picker.tsx'
import { Rows } from '../../frame/rows.tsx'
import { Screen, Section, YesNo } from '../../frame/screen.tsx'
import { Shown } from '../../frame/states.tsx'
import { useWords } from '../../frame/words.ts'
import { Limits } from './limits.tsx'
import { accessWords } from './words.ts'

const typingMs = 400

export default function ExplainScreen() {
  const words = useWords(accessWords)
  const { search } = useAddress()
  const { user, permission, resource } = search
  return (
    <Screen title={words.explain} lead={words.explainLead}>
      <Question />
      {user && permission ? (
        <Explanation user={user} permission={permission} {...(resource && { resource })} />
      ) : (
        <Text c="dimmed">{words.choose}</Text>
      )}
    </Screen>
  )
}

function Question() {
  const words = useWords(accessWords)
  const { search, change } = useAddress()
  const permissions = useRead(access.listPermissions).data ?? []
  const [thing, setThing] = useState(search['resource'] ?? '')
  const send = useDebouncedCallback(
    (resource: string) => change({ resource: resource.trim() }, true),
    typingMs,
  )
  return (
    <Section title={words.ask}>
      <Group align="flex-end" grow preventGrowOverflow={false}>
        <PersonPicker
          label={words.who}
          placeholder={words.whoHint}
          value={search['user'] ?? null}
          onChange={(user) => change({ user })}
        />
        <Select
          label={words.what}
          data={permissions.map(({ name }) => name)}
          value={search['permission'] ?? null}
          onChange={(permission) => change({ permission })}
          searchable
          clearable
        />
        <TextInput
          label={words.thing}
          placeholder={words.thingHint}
          value={thing}
          onChange={(event) => {
            setThing(event.currentTarget.value)
            send(event.currentTarget.value)
          }}
        />
      </Group>
    </Section>
  )
}

function Explanation(query: {
  readonly user: string
  readonly permission: string
  readonly resource?: string
}) {
  const words = useWords(accessWords)
  const read = useRead(access.explain, { query })
  return (
    <Shown of={read}>
      {({ user, permission, allowed, reason, roles, rules }) => (
        <Stack>
          <Alert
            color={allowed ? 'teal' : 'orange'}
            role="status"
            title={allowed ? words.allowed : words.notAllowed}
          >
            <Stack gap={4}>
              <Text size="sm">
                <Person id={user} /> · {permission}
              </Text>
              <Text size="sm">{words[reason]}</Text>
            </Stack>
          </Alert>
          <Section title={words.theirRoles}>
            <Group gap="sm">
              {roles.map((role) => (
                <Go key={role} to={`/admin/roles/${role}`} size="sm">
                  {role}
                </Go>
              ))}
            </Group>
          </Section>
          <Section title={words.rules}>
            <Rows
              rows={rules.map((each, index) => ({ ...each, index }))}
              rowId={({ index }) => String(index)}
              empty={words.noRules}
              columns={[
                { id: 'role', title: words.role, show: ({ role }) => role },
                {
                  id: 'rule',
                  title: words.condition,
                  show: ({ rule }) =>
                    rule.when === undefined && rule.fields === undefined ? (
                      words.whole
                    ) : (
                      <Limits of={rule} />
                    ),
                },
                { id: 'lets', title: words.lets, show: ({ lets }) => <YesNo is={lets} /> },
              ]}
            />
          </Section>
        </Stack>
      )}
    </Shown>
  )
}
