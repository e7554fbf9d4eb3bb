/** The address of one's account, and the change of it that waits for both mailboxes. */
import * as auth from '@ashlar/sdk/auth'
import { Group, List, Stack, Text } from '@mantine/core'
import { Action } from '../../frame/action.tsx'
import { call, changed, useRead } from '../../frame/api.ts'
import { text } from '../../frame/fields.tsx'
import { ApiForm } from '../../frame/form.tsx'
import { useFormat } from '../../frame/format.ts'
import { Section, State } from '../../frame/screen.tsx'
import type { Me } from '../../frame/session.ts'
import { Shown } from '../../frame/states.tsx'
import { fill, useWords } from '../../frame/words.ts'
import { profileWords } from './profile-words.ts'

type Change = NonNullable<Awaited<ReturnType<typeof auth.getEmailChange>>>

export function EmailChange({ me }: { readonly me: Me }) {
  const words = useWords(profileWords)
  const read = useRead(auth.getEmailChange)
  return (
    <Section title={words.address}>
      <Group gap="xs">
        <Text fw={500} style={{ overflowWrap: 'anywhere' }}>
          {me.email}
        </Text>
        <State tone={me.emailVerified ? 'good' : 'warn'}>
          {me.emailVerified ? words.confirmed : words.unconfirmed}
        </State>
      </Group>
      <Shown of={read} lines={2}>
        {(change) => (change === null ? <Ask /> : <Waiting change={change} />)}
      </Shown>
    </Section>
  )
}

function Ask() {
  const words = useWords(profileWords)
  return (
    <ApiForm
      fields={{
        email: text({
          label: words.newAddress,
          hint: words.newAddressHint,
          type: 'email',
          maxLength: 320,
          required: true,
          autoComplete: 'email',
        }),
      }}
      submit={words.askChange}
      done={words.asked}
      send={({ email }) => call(auth.requestEmailChange, { body: { email } })}
      onDone={() => changed('auth/email-change')}
    />
  )
}

function Waiting({ change }: { readonly change: Change }) {
  const words = useWords(profileWords)
  const format = useFormat()
  const { newEmail, oldConfirmed, newConfirmed, expiresAt } = change
  const said = (isAgreed: boolean) => (isAgreed ? words.agreed : words.notYet)
  return (
    <Stack gap="xs" align="flex-start">
      <Text size="sm">
        {fill(words.waiting, { email: newEmail, time: format.time(expiresAt) })}
      </Text>
      <List size="sm">
        <List.Item>
          {words.present}: {said(oldConfirmed)}
        </List.Item>
        <List.Item>
          {words.newAddress}: {said(newConfirmed)}
        </List.Item>
      </List>
      <Action
        label={words.withdraw}
        consequence={words.withdrawConsequence}
        done={words.withdrawn}
        run={async () => {
          await call(auth.withdrawEmailChange)
          await changed('auth/email-change')
        }}
      />
    </Stack>
  )
}
